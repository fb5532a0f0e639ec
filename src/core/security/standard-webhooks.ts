/** Signs outgoing requests as Standard Webhooks prescribes (https://www.standardwebhooks.com, symmetric `v1`). */
import { createHmac } from "node:crypto";

const PREFIX = "whsec_";
const KEY_MIN_BYTES = 16;

/** Returns the key in a `whsec_` secret, or null if the text is not such a secret. */
export function signingKey(secret: string): Buffer | null {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : null;
  if (encoded === null || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null;
  const key = Buffer.from(encoded, "base64");
  return key.length >= KEY_MIN_BYTES ? key : null;
}

/** Makes the three headers of a signed request whose body arrives in pieces. */
export class WebhookSignature {
  readonly #hmac;
  readonly #id: string;
  readonly #timestamp: string;

  /** @param id identifies the message; repeats of one message have the same id. */
  constructor(key: Buffer, id: string, nowMs: number) {
    this.#id = id;
    this.#timestamp = String(Math.floor(nowMs / 1000));
    this.#hmac = createHmac("sha256", key).update(`${id}.${this.#timestamp}.`);
  }

  update(bytes: Uint8Array): this {
    this.#hmac.update(bytes);
    return this;
  }

  headers(): Record<string, string> {
    return {
      "webhook-id": this.#id,
      "webhook-timestamp": this.#timestamp,
      "webhook-signature": `v1,${this.#hmac.digest("base64")}`,
    };
  }
}
