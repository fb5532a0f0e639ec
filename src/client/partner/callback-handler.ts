/** Handlers of callbacks: told of each call, they may say how it is answered. */
import { type IncomingRequest, readIncoming } from "./incoming.ts";
import { verifyWebhook, type WebhookOptions } from "./webhook.ts";

/** How the caller is answered. A handler may override any of it. */
export interface CallbackAnswer {
  readonly responseType: "redirect" | "response";
  readonly responseBody: string;
  readonly responseCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseRedirectUrl: string;
}

/** A call, and how it is answered unless the handler says otherwise. */
export interface CallbackHandlerCall extends CallbackAnswer {
  readonly requestBody: string;
  /** Lower-case names. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestMethod: "get" | "post" | "put" | "patch" | "delete";
  readonly requestQuery: Readonly<Record<string, string>>;
  /** `callbackCaseId` of the callback. */
  readonly callbackSystemCase: string;
}

/**
 * The call in a request to a handler. Answer 200 with a `Partial<CallbackAnswer>` as JSON, or with nothing; 4xx with
 * `{ message }` rejects the call.
 *
 * @param secrets of the activity's `signingSecret`: throws SignatureError then unless the request is signed.
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
