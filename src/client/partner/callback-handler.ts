/** Handlers of callbacks: they receive each call and may decide the answer. */
import { type IncomingRequest, readIncoming } from "./incoming.ts";
import { verifyWebhook, type WebhookOptions } from "./webhook.ts";

/** The answer to the caller. A handler may override any member. */
export interface CallbackAnswer {
  readonly responseType: "redirect" | "response";
  readonly responseBody: string;
  readonly responseCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseRedirectUrl: string;
}

/** A call with its default answer. */
export interface CallbackHandlerCall extends CallbackAnswer {
  readonly requestBody: string;
  /** With lower-case names. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestMethod: "get" | "post" | "put" | "patch" | "delete";
  readonly requestQuery: Readonly<Record<string, string>>;
  /** `callbackCaseId` of the callback. */
  readonly callbackSystemCase: string;
}

/**
 * Reads a call from a request to a handler. Answer 200 with a `Partial<CallbackAnswer>` as JSON or without a body; 4xx
 * with `{ message }` rejects the call.
 *
 * @param secrets the value of the activity's `signingSecret`: SignatureError is thrown if the signature is invalid.
 */
export async function readCallbackCall(
  request: IncomingRequest,
  secrets?: string | readonly string[],
  options?: WebhookOptions,
): Promise<CallbackHandlerCall> {
  if (secrets !== undefined) return (await verifyWebhook(request, secrets, options)).json();
  const { body } = await readIncoming(request);
  return JSON.parse(new TextDecoder().decode(body)) as CallbackHandlerCall;
}
