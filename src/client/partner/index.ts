/**
 * For services that Hookback calls and that call back. Needs only `fetch` and WebCrypto.
 *
 * - {@link verifyWebhook}: signed requests of http steps and to callback handlers (Standard Webhooks).
 * - {@link readLinkCall}, {@link sendLinkCallback}: asynchronous http steps, the `X-Link-*` headers.
 * - {@link readAdapterCall}, {@link adapterReply}, {@link sendAdapterResult}: adapters, `x-chainio-signature`.
 *
 * Requests are a web `Request` or `{ headers, body }` with the unchanged bytes of the body.
 */
export {
  type AdapterCall,
  type AdapterFile,
  type AdapterResult,
  adapterAcknowledgement,
  adapterRefusal,
  adapterReply,
  readAdapterCall,
  sendAdapterProgress,
  sendAdapterResult,
  signAdapterBody,
  type UserLog,
} from "./adapter.ts";
export { type CallbackAnswer, type CallbackHandlerCall, readCallbackCall } from "./callback-handler.ts";
export type { Delivery, DeliveryOptions } from "./deliver.ts";
export { type IncomingRequest, SignatureError } from "./incoming.ts";
export {
  type LinkCall,
  type LinkCallback,
  type LinkCredentials,
  readLinkCall,
  sendLinkCallback,
  sendLinkProgress,
} from "./link.ts";
export { signWebhook, type VerifiedWebhook, verifyWebhook, type WebhookOptions } from "./webhook.ts";
