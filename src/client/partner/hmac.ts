/** HMAC-SHA256 by WebCrypto. */

const ALGORITHM = { name: "HMAC", hash: "SHA-256" } as const;

type Bytes = Uint8Array<ArrayBuffer>;

const importKey = (key: Bytes) => crypto.subtle.importKey("raw", key, ALGORITHM, false, ["sign", "verify"]);

export const hmac = async (key: Bytes, message: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign("HMAC", await importKey(key), message));

/** Compares in constant time. */
export const hmacMatches = async (key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> =>
  crypto.subtle.verify("HMAC", await importKey(key), signature, message);
