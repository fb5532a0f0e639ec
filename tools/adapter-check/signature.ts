/** The signature in `x-chainio-signature`, and the likely mistake behind a wrong one. */
import { createHmac } from "node:crypto";

export const SIGNATURE_HEADER = "x-chainio-signature";

export const sign = (bytes: Uint8Array, secret: string): string =>
  createHmac("sha256", secret).update(bytes).digest("base64");

/** Adds the common mistake that gives this signature, if there is one. */
export function explainSignature(sent: string, body: Buffer, secret: string): string {
  const mistake = MISTAKES.find(({ make }) => make(body, secret).includes(sent));
  return mistake ? `${sent}, ${mistake.is}` : sent;
}

const hmac = (algorithm: string, secret: string | Buffer, body: Buffer | string) =>
  createHmac(algorithm, secret).update(body);

const MISTAKES: readonly { is: string; make: (body: Buffer, secret: string) => readonly string[] }[] = [
  { is: "which is in hexadecimal", make: (body, secret) => hex(hmac("sha256", secret, body).digest("hex")) },
  {
    is: "which is in the URL's variant of Base64 or lacks its padding",
    make: (body, secret) => {
      const right = sign(body, secret);
      return [right.replaceAll("+", "-").replaceAll("/", "_"), right.replace(/=+$/, ""), base64Url(body, secret)];
    },
  },
  { is: "which has a prefix", make: (body, secret) => [`sha256=${sign(body, secret)}`] },
  {
    is: "which is the Base64 of the hexadecimal form",
    make: (body, secret) => [Buffer.from(hmac("sha256", secret, body).digest("hex")).toString("base64")],
  },
  { is: "which is made with SHA-1", make: (body, secret) => both(hmac("sha1", secret, body).digest()) },
  { is: "which is made with SHA-512", make: (body, secret) => both(hmac("sha512", secret, body).digest()) },
  {
    is: "whose key is the secret decoded from Base64; the secret is used as it is",
    make: (body, secret) => both(hmac("sha256", Buffer.from(secret, "base64"), body).digest()),
  },
  {
    is: "which is made over the JSON serialised anew",
    make: (body, secret) => [compactly(body), prettily(body)].map((text) => sign(Buffer.from(text), secret)),
  },
  { is: "which is made over an empty body", make: (_body, secret) => [sign(Buffer.alloc(0), secret)] },
];

const hex = (digest: string) => [digest, digest.toUpperCase()];
const both = (digest: Buffer) => [digest.toString("base64"), digest.toString("hex")];
const base64Url = (body: Buffer, secret: string) => hmac("sha256", secret, body).digest("base64url");
const compactly = (body: Buffer) => JSON.stringify(parseJson(body)) ?? "";
const prettily = (body: Buffer) => JSON.stringify(parseJson(body), null, 2) ?? "";

/** The value of a JSON body; `undefined` for invalid JSON. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The same when it is an object. */
export function parseObject(body: Uint8Array): Record<string, unknown> | undefined {
  const value = parseJson(body);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
