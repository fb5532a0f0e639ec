/** The headers and the signature of adapter calls (C12 to C16, CD1). */
import { createHmac } from "node:crypto";
import { sameText } from "../security/credential.ts";

export const SIGNATURE_HEADER = "x-chainio-signature";
/** Identifies one invocation of an adapter (CD9). */
export const INVOCATION_HEADER = "x-chainio-execution-id";
export const WORKSPACE_HEADER = "x-chainio-workspace-id";
export const FLOW_HEADER = "x-chainio-flow-id";

/** Base64(HMAC-SHA256(exact bytes, shared secret)) of a body that arrives in pieces. */
export class BodySignature {
  readonly #hmac;

  constructor(sharedSecret: string) {
    this.#hmac = createHmac("sha256", sharedSecret);
  }

  update(bytes: Uint8Array): void {
    this.#hmac.update(bytes);
  }

  /** Returns the header's value. Call this or {@link matches} once, after the last bytes. */
  value(): string {
    return this.#hmac.digest("base64");
  }

  matches(presented: string): boolean {
    return sameText(this.value(), presented.trim());
  }
}
