/** The values that templates of a trigger get from a request (ND10, ND11), and the bodies that they render. */

import type { QueryParameter } from "../schema/trigger.ts";
import { type Body, type InlineBody, inlineBody, isStored, parseJson, templateValue } from "./body.ts";
import { membersUsed, renderTemplate } from "./template.ts";

/** A template, optionally with the content type of its output. */
export type Template = string | { readonly template: string; readonly contentType?: string | undefined };

/** The request without its body. It is stored with the execution if templates need it later. */
export interface RequestMetadata {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names, without credentials. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Credentials are neither stored nor forwarded (ND4). */
const CREDENTIAL = /^(?:authorization|proxy-authorization|cookie|x-api-key)$/;

/** Returns the configured parameters: a missing one has its default, and the last of a repeated one wins (ND10). */
export function configuredQuery(sent: URLSearchParams, configured: readonly QueryParameter[]): Record<string, string> {
  // By entries: a parameter may be called __proto__.
  const entries = configured.flatMap(({ name, default: fallback }) => {
    const value = sent.getAll(name).at(-1) ?? fallback;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

export const withoutCredentials = (headers: Headers): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !CREDENTIAL.test(name)));

/**
 * The values for templates; a body that is not in memory has none. Headers and body are read lazily, because most messages meet no template.
 */
export function requestValues(request: RequestMetadata, body: Body): Record<string, unknown> {
  let value: unknown;
  return {
    method: request.method,
    query: request.query,
    get headers() {
      return request.headers;
    },
    get body() {
      if (!isStored(body)) value ??= templateValue(body);
      return value ?? null;
    },
  };
}

/** Adds null for each query parameter and header that a template names and that was not sent: absent is not an error (ND10). */
function withAbsent(source: string, values: Record<string, unknown>): Record<string, unknown> {
  const filled = ["query", "headers"].map((group) => {
    if (!(group in values)) return [];
    const names = membersUsed(source, group).filter((name) => name !== null);
    return [group, { ...Object.fromEntries(names.map((name) => [name, null])), ...(values[group] as object) }];
  });
  return { ...values, ...Object.fromEntries(filled.filter((entry) => entry.length > 0)) };
}

/** Renders a body: JSON if it parses as JSON, else text, unless the template has a content type (ND11). */
export function renderBody(template: Template, values: Record<string, unknown>): InlineBody | { error: string } {
  const { template: source, contentType } =
    typeof template === "string" ? { template, contentType: undefined } : template;
  const rendered = renderTemplate(source, withAbsent(source, values));
  if ("error" in rendered) return rendered;
  const type =
    contentType ?? (parseJson(rendered.text) !== undefined ? "application/json" : "text/plain; charset=utf-8");
  return inlineBody(type, new TextEncoder().encode(rendered.text));
}

export const templateSource = (template: Template) => (typeof template === "string" ? template : template.template);
