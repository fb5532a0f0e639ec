/**
 * For the other side: services that Hookback calls, and that call back. It needs `fetch` and WebCrypto and nothing else.
 *
 * - {@link verifyWebhook}: requests of http steps and callback handlers that are signed as Standard Webhooks.
 * - {@link readLinkCall}, {@link sendLinkCallback}: asynchronous http steps, the `X-Link-*` headers.
 * - {@link readAdapterCall}, {@link adapterReply}, {@link sendAdapterResult}: adapters, `x-chainio-signature`.
 *
 * Requests are taken as web `Request` or as `{ headers, body }`, the body as the bytes that came.
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
