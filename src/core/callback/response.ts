/** How a callback is answered: the response settings, what may override them, and what makes them unusable (GD4 to GD8). */
import { HEADER_NAME } from "../schema/names.ts";

/** The five settings that a handler sees and may override (G37). */
export interface ResponseSettings {
  readonly responseType: string;
  readonly responseBody: string;
  readonly responseCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseRedirectUrl: string;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const OVERRIDABLE = [
  "responseType",
  "responseBody",
  "responseCode",
  "responseHeaders",
  "responseRedirectUrl",
] as const satisfies (keyof ResponseSettings)[];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Headers that frame the answer belong to the transport (GD16). */
const FRAMING =
  /^(?:content-length|content-encoding|transfer-encoding|connection|keep-alive|te|trailer|upgrade|proxy-.*)$/i;
/**
 * Headers by which a browser takes one answer's word for the whole origin: where else it is served, what is stored for it,
 * to whom its failures are reported, addresses of other callbacks included. The origin is shared by all tenants. A cookie
 * goes to the callbacks of others as well, crowds out theirs and those of Cloudflare Access, and no Path keeps it in:
 * `/cbq/...` is everybody's.
 */
const ORIGIN_WIDE =
  /^(?:alt-svc|clear-site-data|strict-transport-security|nel|report-to|reporting-endpoints|service-worker-allowed|origin-agent-cluster|set-login|set-cookie2?)$/i;
const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/** What is wrong with a response header, or null. Spaces around a value do not count. */
export function headerProblem(name: string, value: unknown): string | null {
  if (!HEADER_NAME.test(name)) return "is not a header name";
  if (FRAMING.test(name)) return "frames the answer and cannot be set";
  if (ORIGIN_WIDE.test(name)) return "speaks for the whole origin and cannot be set";
  if (typeof value !== "string") return "must be a string";
  if (CONTROL.test(value.trim())) return "has control characters";
  if (/^refresh$/i.test(name)) return "redirects; use the response type redirect";
  const target = /^location$/i.test(name) ? checkTarget(value.trim()) : null;
  if (target) return target;
  if ([...value].some((character) => character > "\u00ff")) return "has characters that no header can carry";
  return null;
}

/** What is wrong with a redirect target, or null (GD8). */
export function checkTarget(target: string): string | null {
  if (CONTROL.test(target) || target.includes("\\")) return "has backslashes or control characters";
  if (target.startsWith("/")) return target.startsWith("//") ? "must not start with //" : null;
  const isWeb = /^https?:\/\//i.test(target) && URL.canParse(target);
  return isWeb ? null : "must be an absolute http or https URL, or a path that starts with /";
}

/**
 * The settings with a handler's overrides: each replaces the whole field, null stands for none. Other members of the
 * handler's answer are not ours. Types are not checked here; {@link buildAnswer} judges what came of it.
 */
export function withOverrides(
  settings: ResponseSettings,
  overrides: Readonly<Record<string, unknown>>,
): ResponseSettings {
  const given = OVERRIDABLE.filter((name) => Object.hasOwn(overrides, name) && overrides[name] !== null);
  return { ...settings, ...Object.fromEntries(given.map((name) => [name, overrides[name]])) };
}

/**
 * The answer that settings make, or a sentence that says why they are unusable (GD4).
 *
 * @param base what a relative redirect target is resolved against.
 */
export function buildAnswer(settings: ResponseSettings, method: string, base: string): PlainAnswer | string {
  if (settings.responseType === "redirect") return buildRedirect(settings.responseRedirectUrl, method, base);
  if (settings.responseType !== "response") return "The response type is neither redirect nor response.";
  const { responseCode, responseBody, responseHeaders } = settings;
  if (!Number.isInteger(responseCode) || responseCode < 200 || responseCode > 599) {
    return "The response code is not between 200 and 599.";
  }
  if (typeof responseBody !== "string") return "The response body is not a string.";
  if (typeof responseHeaders !== "object" || Array.isArray(responseHeaders))
    return "The response headers are no object.";
  const entries = Object.entries(responseHeaders);
  for (const [name, value] of entries) {
    const problem = headerProblem(name, value);
    if (problem) return `The response header ${JSON.stringify(name)} ${problem}.`;
  }
  const headers = Object.fromEntries(entries.map(([name, value]) => [name, value.trim()]));
  return { status: responseCode, headers, body: NULL_BODY_STATUSES.has(responseCode) ? null : responseBody };
}

/** 302 keeps a GET a GET; 303 makes a GET of everything else (GD7). */
function buildRedirect(target: string, method: string, base: string): PlainAnswer | string {
  if (typeof target !== "string" || target === "") return "There is no redirect URL.";
  const problem = checkTarget(target);
  if (problem) return `The redirect URL ${problem}.`;
  const isPlain = /^[\u0021-\u007e]+$/.test(target) && !target.startsWith("/");
  const location = isPlain ? target : new URL(target, base).href;
  return { status: method === "get" ? 302 : 303, headers: { location }, body: null };
}
