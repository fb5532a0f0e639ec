/**
 * The signature of requests, replies and callbacks: Base64 of the HMAC-SHA256 over the exact bytes of the body.
 *
 * Over the bytes, not over what they mean: a body that was parsed and serialised again has other bytes.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export const SIGNATURE_HEADER = "x-chainio-signature";

/**
 * @param {Uint8Array} bytes the body as it goes over the wire
 * @param {string} secret
 * @returns {string}
 */
export function sign(bytes, secret) {
  return createHmac("sha256", secret).update(bytes).digest("base64");
}

/**
 * Verifies a body while it arrives, so that nothing needs to be kept of one that is refused.
 *
 * There may be two secrets while one is exchanged for another.
 */
export class Verification {
  #candidates;

  /** @param {readonly string[]} secrets */
  constructor(secrets) {
    this.#candidates = secrets.map((secret) => ({ secret, hmac: createHmac("sha256", secret) }));
  }

  /** @param {Uint8Array} chunk */
  update(chunk) {
    for (const { hmac } of this.#candidates) hmac.update(chunk);
  }

  /**
   * The secret that the body was signed with. What answers this request is signed with the same one.
   *
   * @param {string | string[] | undefined} header the signature as it was sent
   * @returns {string | undefined}
   */
  finish(header) {
    const sent = Buffer.from(typeof header === "string" ? header : "");
    // Every candidate is compared, and each in constant time: how long it takes tells nothing.
    const fitting = this.#candidates.filter(({ hmac }) => equal(Buffer.from(hmac.digest("base64")), sent));
    return fitting[0]?.secret;
  }
}

/**
 * @param {Buffer} a
 * @param {Buffer} b
 */
function equal(a, b) {
  return a.length === b.length && timingSafeEqual(a, b);
}
