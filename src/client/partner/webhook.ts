/** Standard Webhooks (https://www.standardwebhooks.com): signatures of http steps and callback handlers with a `signingSecret`. */
import { base64, bytesOfBase64 } from "../base64.ts";
import { hmac, hmacMatches } from "./hmac.ts";
import { type IncomingRequest, readIncoming, SignatureError } from "./incoming.ts";

export interface WebhookOptions {
  /** Maximum age of the timestamp, also in the future. */
  readonly toleranceSeconds?: number;
  /** Epoch ms; for tests. */
  readonly now?: number;
}

/** A request with a valid signature. */
export interface VerifiedWebhook {
  /** The same for all attempts of one message, which the receiver can use to detect duplicates. */
  readonly id: string;
  readonly sentAt: Date;
  readonly body: Uint8Array<ArrayBuffer>;
  text(): string;
  json<T = unknown>(): T;
}

const PREFIX = "whsec_";
const TOLERANCE_SECONDS = 300;

/**
 * Throws {@link SignatureError} if the signature is missing, invalid or too old.
 *
 * @param secrets `whsec_...`, or several of these during a rotation.
 */
export async function verifyWebhook(
  request: IncomingRequest,
  secrets: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() }: WebhookOptions = {},
): Promise<VerifiedWebhook> {
  const { header, body } = await readIncoming(request);
  const id = header("webhook-id");
  const timestamp = header("webhook-timestamp");
  const sent = header("webhook-signature");
  if (!id || !timestamp || !sent) throw new SignatureError("The request has no webhook signature.");
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now / 1000 - seconds) <= toleranceSeconds)) throw new SignatureError("The signature is too old.");

  const message = signedBytes(id, timestamp, body);
  const signatures = sent
    .split(" ")
    .flatMap((one) => (one.startsWith("v1,") ? (bytesOfBase64(one.slice(3)) ?? []) : []));
  for (const secret of typeof secrets === "string" ? [secrets] : secrets) {
    const key = keyOf(secret);
    for (const signature of signatures) {
      if (await hmacMatches(key, signature, message)) return verified(id, seconds, body);
    }
  }
  throw new SignatureError("The signature does not match.");
}

/** Returns the three headers of a signed message: for triggers with the scheme `standard-webhooks`, and for tests. */
export async function signWebhook(
  secret: string,
  { id, body, now = Date.now() }: { readonly id: string; readonly body: string | Uint8Array; readonly now?: number },
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const signature = await hmac(keyOf(secret), signedBytes(id, timestamp, bytes));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${base64(signature)}` };
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const key = secret.startsWith(PREFIX) ? bytesOfBase64(secret.slice(PREFIX.length)) : null;
  if (!key || key.length === 0) throw new TypeError("A signing secret is whsec_ and the key in Base64.");
  return key;
}

function signedBytes(id: string, timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const all = new Uint8Array(head.length + body.length);
  all.set(head);
  all.set(body, head.length);
  return all;
}

function verified(id: string, seconds: number, body: Uint8Array<ArrayBuffer>): VerifiedWebhook {
  const text = () => new TextDecoder().decode(body);
  return { id, sentAt: new Date(seconds * 1000), body, text, json: <T>() => JSON.parse(text()) as T };
}
