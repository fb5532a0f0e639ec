/** Encryption of stored secrets: AES-256-GCM under `ENCRYPTION_KEY`, bound to the place where they are stored. */
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

/** Length of the nonce that {@link sealSecret} takes, in bytes. */
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Returns base64 of nonce, tag and ciphertext.
 *
 * @param place where the result is stored; it can be decrypted for this place only.
 */
export function sealSecret(key: string, nonce: Uint8Array, place: string, secret: string): string {
  const cipher = createCipheriv("aes-256-gcm", cipherKey(key), nonce);
  cipher.setAAD(Buffer.from(place));
  const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
}

/** Decrypts with the first key that fits. Returns null if none does. */
export function openSecret(keys: readonly string[], place: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  for (const key of keys) {
    const decipher = createDecipheriv("aes-256-gcm", cipherKey(key), bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      // The authentication tag does not match: encrypted with another key.
    }
  }
  return null;
}

export type Resealing =
  | { readonly state: "current" | "unopened" }
  | { readonly state: "resealed"; readonly sealed: string };

/** Encrypts a secret with the first of the keys if another one of them decrypts it. */
export function resealSecret(
  keys: readonly [string, ...string[]],
  nonce: Uint8Array,
  place: string,
  sealed: string,
): Resealing {
  const [current, ...former] = keys;
  if (openSecret([current], place, sealed) !== null) return { state: "current" };
  const secret = openSecret(former, place, sealed);
  if (secret === null) return { state: "unopened" };
  return { state: "resealed", sealed: sealSecret(current, nonce, place, secret) };
}

export const noSecret = (name: string) => `The secret ${name} does not exist, or no key opens it; store it again`;

function cipherKey(key: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, "", "hookback secrets", 32));
}
