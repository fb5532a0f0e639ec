/** The signature schemes, for test messages and the curl command. */
import type { Trigger } from "../../../../client/index.ts";

type Signature = Extract<Trigger["auth"], { type: "signature" }>;
type Hmac = Extract<Signature, { scheme: "hmac" }>;

export interface Signing {
  readonly header: string;
  /** The text before the signature; `{timestamp}` in it is the time of signing. */
  readonly prefix: string;
  readonly algorithm: Hmac["algorithm"];
  readonly encoding: Hmac["encoding"];
  /** The signed text: `{body}`, `{timestamp}` and `{id}` are filled in. */
  readonly payload: string;
  readonly timestampHeader?: string;
  readonly idHeader?: string;
  /** The secret is `whsec_` and the key in base64; others are used as they are. */
  readonly isEncodedKey?: boolean;
}

const sha256 = { algorithm: "sha256", prefix: "", payload: "{body}" } as const;

const SCHEMES: Record<Exclude<Signature["scheme"], "hmac">, Signing> = {
  "standard-webhooks": {
    ...sha256,
    header: "webhook-signature",
    prefix: "v1,",
    encoding: "base64",
    payload: "{id}.{timestamp}.{body}",
    timestampHeader: "webhook-timestamp",
    idHeader: "webhook-id",
    isEncodedKey: true,
  },
  github: { ...sha256, header: "x-hub-signature-256", prefix: "sha256=", encoding: "hex" },
  stripe: {
    ...sha256,
    header: "stripe-signature",
    prefix: "t={timestamp},v1=",
    encoding: "hex",
    payload: "{timestamp}.{body}",
  },
  shopify: { ...sha256, header: "x-shopify-hmac-sha256", encoding: "base64" },
  slack: {
    ...sha256,
    header: "x-slack-signature",
    prefix: "v0=",
    encoding: "hex",
    payload: "v0:{timestamp}:{body}",
    timestampHeader: "x-slack-request-timestamp",
  },
  chainio: { ...sha256, header: "x-chainio-signature", encoding: "base64" },
};

export function signingOf(auth: Signature): Signing {
  if (auth.scheme !== "hmac") return SCHEMES[auth.scheme];
  const { header, prefix, algorithm, encoding, payload, timestampHeader } = auth;
  return { header, prefix, algorithm, encoding, payload, ...(timestampHeader !== undefined && { timestampHeader }) };
}

/** True when the signature depends on the time of signing. */
export const isTimed = ({ prefix, payload, timestampHeader }: Signing) =>
  timestampHeader !== undefined || `${prefix}${payload}`.includes("{timestamp}");

const HASHES: Record<Hmac["algorithm"], string> = { sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" };

const ENCODERS: Record<Hmac["encoding"], (bytes: readonly number[]) => string> = {
  hex: (bytes) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
  base64: (bytes) => btoa(String.fromCharCode(...bytes)),
};

/** The headers that sign a body. */
export async function sign(signing: Signing, secret: string, body: string): Promise<[string, string][]> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const id = `test_${timestamp}_${Math.random().toString(36).slice(2)}`;
  const fill = (pattern: string) =>
    pattern.replaceAll(/\{(?:timestamp|id|body)\}/g, (name) =>
      name === "{body}" ? body : name === "{id}" ? id : timestamp,
    );
  const raw = new TextEncoder().encode(secret);
  const algorithm = { name: "HMAC", hash: HASHES[signing.algorithm] };
  const key = await crypto.subtle.importKey("raw", signing.isEncodedKey ? decodeKey(secret) : raw, algorithm, false, [
    "sign",
  ]);
  const digest = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(fill(signing.payload)));
  const signature = ENCODERS[signing.encoding]([...new Uint8Array(digest)]);
  const headers: [string, string][] = [[signing.header, fill(signing.prefix) + signature]];
  if (signing.timestampHeader !== undefined) headers.push([signing.timestampHeader, timestamp]);
  if (signing.idHeader !== undefined) headers.push([signing.idHeader, id]);
  return headers;
}

function decodeKey(secret: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (character) => character.charCodeAt(0));
  } catch {
    throw new Error("The secret is not of the form whsec_ and base64.");
  }
}
