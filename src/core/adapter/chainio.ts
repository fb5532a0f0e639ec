/** The headers and the signature of adapter calls (C12 to C16, CD1). */
import { createHmac, timingSafeEqual } from "node:crypto";

export const SIGNATURE_HEADER = "x-chainio-signature";
/** Names one invocation of an adapter (CD9). */
export const INVOCATION_HEADER = "x-chainio-execution-id";
export const WORKSPACE_HEADER = "x-chainio-workspace-id";
export const FLOW_HEADER = "x-chainio-flow-id";

/** Base64(HMAC-SHA256(exact bytes, shared secret)), of a body that goes by in pieces. */
export class BodySignature {
  readonly #hmac;

  constructor(sharedSecret: string) {
    this.#hmac = createHmac("sha256", sharedSecret);
  }

  update(bytes: Uint8Array): void {
    this.#hmac.update(bytes);
  }

  /** The header's value; nothing can be added then. */
  value(): string {
    return this.#hmac.digest("base64");
  }

  /** Whether that is what was presented; nothing can be added then. */
  matches(presented: string): boolean {
    const [own, other] = [Buffer.from(this.value()), Buffer.from(presented.trim())];
    return own.length === other.length && timingSafeEqual(own, other);
  }
}
