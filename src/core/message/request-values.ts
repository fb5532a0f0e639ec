/** What the templates of a trigger see of a request (ND10, ND11), and what they make of it. */

import type { QueryParameter } from "../schema/trigger.ts";
import { type Body, type InlineBody, inlineBody, isStored, templateValue } from "./body.ts";
import { membersUsed, renderTemplate } from "./template.ts";

/** A template, with the content type of what it makes where that is given. */
export type Template = string | { readonly template: string; readonly contentType?: string | undefined };

/** The request beside its body. It rests with the execution when an output template will want it. */
export interface RequestFacts {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names; credentials are not among them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Credentials are neither stored with a message nor passed on (ND4). */
const CREDENTIAL = /^(?:authorization|proxy-authorization|cookie|x-api-key)$/;

/** Only configured parameters are taken; a missing one gets its default, and the last of a repeated one wins (ND10). */
export function takeQuery(sent: URLSearchParams, configured: readonly QueryParameter[]): Record<string, string> {
  // By entries: a parameter may be called __proto__.
  const taken = configured.flatMap(({ name, default: fallback }) => {
    const value = sent.getAll(name).at(-1) ?? fallback;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(taken) as Record<string, string>;
}

export function takeHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !CREDENTIAL.test(name)));
}

/**
 * The values of a template over a request; a body that is not in memory has none. Headers and body are looked at when
 * a template asks for them: most messages meet none.
 */
export function requestValues(facts: RequestFacts, body: Body): Record<string, unknown> {
  let value: unknown;
  return {
    method: facts.method,
    query: facts.query,
    get headers() {
      return facts.headers;
    },
    get body() {
      if (!isStored(body)) value ??= templateValue(body);
      return value ?? null;
    },
  };
}

/** The values with null for each query parameter and header that a template names and nobody sent: absent is no error (ND10). */
export function withAbsent(source: string, values: Record<string, unknown>): Record<string, unknown> {
  const filled = ["query", "headers"].map((group) => {
    if (!(group in values)) return [];
    const names = membersUsed(source, group).filter((name) => name !== null);
    return [group, { ...Object.fromEntries(names.map((name) => [name, null])), ...(values[group] as object) }];
  });
  return { ...values, ...Object.fromEntries(filled.filter((entry) => entry.length > 0)) };
}

/** What a template makes: JSON if it parses as JSON, else text, unless it names a content type (ND11). */
export function renderBody(template: Template, values: Record<string, unknown>): InlineBody | { error: string } {
  const { template: source, contentType } =
    typeof template === "string" ? { template, contentType: undefined } : template;
  const rendered = renderTemplate(source, withAbsent(source, values));
  if ("error" in rendered) return rendered;
  const type = contentType ?? (parses(rendered.text) ? "application/json" : "text/plain; charset=utf-8");
  return inlineBody(type, new TextEncoder().encode(rendered.text));
}

export const sourceOf = (template: Template) => (typeof template === "string" ? template : template.template);

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
