/** The response of a callback: its settings, their overrides and their validation (GD4 to GD8). */
import { HEADER_NAME } from "../schema/names.ts";

/** The settings that a handler receives and may override (G37). */
export interface ResponseSettings {
  readonly responseType: string;
  readonly responseBody: string;
  readonly responseCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseRedirectUrl: string;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const SETTINGS = {
  responseType: true,
  responseBody: true,
  responseCode: true,
  responseHeaders: true,
  responseRedirectUrl: true,
} satisfies Record<keyof ResponseSettings, true>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds control characters.
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Headers that frame the response belong to the transport (GD16). */
const FRAMING =
  /^(?:content-length|content-encoding|transfer-encoding|connection|keep-alive|te|trailer|upgrade|proxy-.*)$/i;
/**
 * Headers that a browser applies to the whole origin, which all tenants share: alternative servers, storage, error reports (which contain
 * addresses of other callbacks). A cookie would be sent to the callbacks of others and displace theirs and those of Cloudflare Access; its
 * Path cannot prevent that, because all share `/cbq/...`.
 */
const ORIGIN_WIDE =
  /^(?:alt-svc|clear-site-data|strict-transport-security|nel|report-to|reporting-endpoints|service-worker-allowed|origin-agent-cluster|set-login|set-cookie2?)$/i;
const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/** Returns the problem of a response header, or null. Spaces around a value are ignored. */
export function headerProblem(name: string, value: unknown): string | null {
  if (!HEADER_NAME.test(name)) return "is not a header name";
  if (FRAMING.test(name)) return "frames the response and cannot be set";
  if (ORIGIN_WIDE.test(name)) return "applies to the whole origin and cannot be set";
  if (typeof value !== "string") return "must be a string";
  if (CONTROL.test(value.trim())) return "has control characters";
  if (/^refresh$/i.test(name)) return "redirects; use the response type redirect";
  const target = /^location$/i.test(name) ? checkTarget(value.trim()) : null;
  if (target) return target;
  if ([...value].some((character) => character > "\u00ff")) return "has characters that no header can carry";
  return null;
}

/** Returns the problem of a redirect target, or null (GD8). */
export function checkTarget(target: string): string | null {
  if (CONTROL.test(target) || target.includes("\\")) return "has backslashes or control characters";
  if (target.startsWith("/")) return target.startsWith("//") ? "must not start with //" : null;
  const isWeb = /^https?:\/\//i.test(target) && URL.canParse(target);
  return isWeb ? null : "must be an absolute http or https URL, or a path that starts with /";
}

/**
 * Applies a handler's overrides: each replaces the whole field, null changes nothing, and unknown members are ignored. Types are not
 * checked here, but by {@link buildResponse}.
 */
export function withOverrides(
  settings: ResponseSettings,
  overrides: Readonly<Record<string, unknown>>,
): ResponseSettings {
  const given = Object.entries(overrides).filter(([name, value]) => Object.hasOwn(SETTINGS, name) && value !== null);
  return { ...settings, ...Object.fromEntries(given) };
}

/**
 * Returns a sentence if the settings are unusable (GD4).
 *
 * @param base the URL against which a relative redirect target is resolved.
 */
export function buildResponse(settings: ResponseSettings, method: string, base: string): PlainResponse | string {
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

/** 302 repeats a GET; 303 turns every other method into a GET (GD7). */
function buildRedirect(target: string, method: string, base: string): PlainResponse | string {
  if (typeof target !== "string" || target === "") return "There is no redirect URL.";
  const problem = checkTarget(target);
  if (problem) return `The redirect URL ${problem}.`;
  const isPlain = /^[\u0021-\u007e]+$/.test(target) && !target.startsWith("/");
  const location = isPlain ? target : new URL(target, base).href;
  return { status: method === "get" ? 302 : 303, headers: { location }, body: null };
}
