/** The HTTP handler of a callback: called once per call, it may override the answer (G30 to G38, GD3, GD18). */

import type { ResponseSettings } from "../../core/callback/response.ts";
import { toMs } from "../../core/duration.ts";
import { isOwn, type TraceContext, traceHeaders } from "../../core/message/trace-context.ts";
import type { Activity, CallbackSettings } from "../../core/schema/callback.ts";
import { checkDestination } from "../../core/security/destination.ts";
import { noSecret } from "../../core/security/secret-box.ts";
import { signingKey, WebhookSignature } from "../../core/security/standard-webhooks.ts";
import { incoming, readWhole } from "../../storage/bodies/bodies.ts";
import { type HttpClient, newSpanId } from "../send/http-client.ts";

/** Largest answer of a handler, in bytes. */
const REPLY_LIMIT_BYTES = 1024 * 1024;

export type HandlerResult =
  | { readonly kind: "done"; readonly overrides: Readonly<Record<string, unknown>> }
  /** The handler answered 4xx: the caller's data is to blame. */
  | { readonly kind: "rejected"; readonly message: string | null; readonly note: string }
  | { readonly kind: "failed"; readonly note: string };

/** The JSON object that a handler gets, under exactly these names (G32 to G38). */
interface HandlerInput extends ResponseSettings {
  readonly requestBody: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestMethod: string;
  readonly requestQuery: Readonly<Record<string, string>>;
  readonly callbackSystemCase: string;
}

interface HandlerContext {
  readonly secret: (name: string) => Promise<string | null>;
  readonly allowPrivate: boolean;
  readonly http: HttpClient;
  readonly traceContext: TraceContext;
  /** The gateway's own origins. */
  readonly ownOrigins: readonly (string | null)[];
}

export async function callHandler(
  activity: Extract<Activity, { type: "http" }>,
  activityCase: string,
  input: HandlerInput,
  { secret, allowPrivate, http, traceContext, ownOrigins }: HandlerContext,
): Promise<HandlerResult> {
  const url = checkDestination(activity.url, { allowPrivate });
  if (typeof url === "string") return { kind: "failed", note: url };
  if (isOwn(url, ownOrigins)) return { kind: "failed", note: "The handler's URL leads to the gateway itself." };
  const bytes = new TextEncoder().encode(JSON.stringify(input));
  const headers = new Headers([
    ["content-type", "application/json"],
    ...traceHeaders(traceContext, input.callbackSystemCase, newSpanId()),
  ]);
  if (activityCase) headers.set("hookback-activity-case", encodeURI(activityCase));
  if (activity.signingSecret !== undefined) {
    const value = await secret(activity.signingSecret);
    if (value === null) return { kind: "failed", note: noSecret(activity.signingSecret) };
    const key = signingKey(value);
    if (!key)
      return { kind: "failed", note: `The secret ${activity.signingSecret} cannot sign: it is not a whsec_ secret.` };
    const signature = new WebhookSignature(key, `msg_${crypto.randomUUID()}`, Date.now()).update(bytes);
    for (const [name, value] of Object.entries(signature.headers())) headers.set(name, value);
  }
  const init = { method: "POST", headers, body: bytes };
  const timeoutMs = toMs(activity.timeoutSeconds);
  const result = await http.send(
    url,
    () => init,
    timeoutMs,
    (response) => readResult(response, url.origin),
  );
  if (typeof result !== "string") return result;
  const why =
    result === "timed-out" ? `gave no complete answer in ${activity.timeoutSeconds} s` : "could not be reached";
  return { kind: "failed", note: `The handler at ${url.origin} ${why}.` };
}

/** The five settings as they are before a handler overrides them. */
export const responseSettings = (settings: CallbackSettings): ResponseSettings => {
  const { responseType, responseBody, responseCode, responseHeaders, responseRedirectUrl } = settings;
  return { responseType, responseBody, responseCode, responseHeaders, responseRedirectUrl };
};

async function readResult(response: Response, origin: string): Promise<HandlerResult> {
  const note = `The handler at ${origin} answered ${response.status}.`;
  const { status } = response;
  if (status < 200 || (status >= 300 && status < 400) || status >= 500) {
    await response.body?.cancel();
    return { kind: "failed", note };
  }
  const bytes = await readWhole(incoming(response), REPLY_LIMIT_BYTES);
  if (bytes === "too-large") return { kind: "failed", note: `${note} Its body exceeds ${REPLY_LIMIT_BYTES} bytes.` };
  const reply = parseObject(bytes);
  if (status < 300) return { kind: "done", overrides: reply };
  return { kind: "rejected", message: typeof reply.message === "string" ? reply.message : null, note };
}

/** The JSON object in a reply; an empty one when the reply is anything else (GD4). */
function parseObject(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
