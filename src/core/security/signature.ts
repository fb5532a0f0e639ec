/**
 * Verifies the signatures of incoming requests (ND2, ND14): a row for each scheme, and one verifier for all.
 *
 * Sources: standard-webhooks.com (spec, symmetric `v1`); docs.github.com "Validating webhook deliveries" (Meta signs in
 * the same way); docs.stripe.com/webhooks/signature; shopify.dev "Verify webhook deliveries"; docs.slack.dev "Verifying
 * requests from Slack"; chainio as decision CD1 says.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { SignatureAuth } from "../schema/trigger-auth.ts";
import { signingKey } from "./standard-webhooks.ts";

/** Accepted age of a timestamp, past or future, in ms (ND14). */
const TOLERANCE_MS = 5 * 60 * 1000;

/** Length of a digest, in bytes. */
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;

interface Scheme {
  /** The header with the signatures, each after `prefix`. `separator` is null for schemes with one signature. */
  readonly header: string;
  readonly prefix: string;
  readonly separator: string | null;
  readonly algorithm: keyof typeof DIGEST_BYTES;
  readonly encoding: "hex" | "base64";
  /** The signed text: `{body}` is the raw bytes, `{timestamp}` and `{id}` are the values of headers. */
  readonly payload: string;
  /** The header with the time of signing, or its prefix in the header with the signatures. */
  readonly timestamp?: { readonly header: string } | { readonly prefix: string };
  readonly idHeader?: string;
  /** Returns null if the secret does not have the form that the scheme requires. */
  readonly keyOf: (secret: string) => Buffer | null;
}

/** The secret is the key. An empty one would let everybody sign. */
const asIs = (secret: string) => (secret === "" ? null : Buffer.from(secret));
const sha256 = { algorithm: "sha256", separator: null, prefix: "", payload: "{body}", keyOf: asIs } as const;

const SCHEMES: Record<Exclude<SignatureAuth["scheme"], "hmac">, Scheme> = {
  "standard-webhooks": {
    ...sha256,
    header: "webhook-signature",
    prefix: "v1,",
    separator: " ",
    encoding: "base64",
    payload: "{id}.{timestamp}.{body}",
    timestamp: { header: "webhook-timestamp" },
    idHeader: "webhook-id",
    keyOf: signingKey,
  },
  github: { ...sha256, header: "x-hub-signature-256", prefix: "sha256=", encoding: "hex" },
  stripe: {
    ...sha256,
    header: "stripe-signature",
    prefix: "v1=",
    separator: ",",
    encoding: "hex",
    payload: "{timestamp}.{body}",
    timestamp: { prefix: "t=" },
  },
  shopify: { ...sha256, header: "x-shopify-hmac-sha256", encoding: "base64" },
  slack: {
    ...sha256,
    header: "x-slack-signature",
    prefix: "v0=",
    encoding: "hex",
    payload: "v0:{timestamp}:{body}",
    timestamp: { header: "x-slack-request-timestamp" },
  },
  chainio: { ...sha256, header: "x-chainio-signature", encoding: "base64" },
};

/** Why a signature was rejected. The codes are stable: operators search the log for them. */
export type SignatureFault =
  | "secret-missing"
  | "secret-undecodable"
  | "header-missing"
  | "header-repeated"
  | "signature-malformed"
  | "timestamp-malformed"
  | "timestamp-too-old"
  | "timestamp-too-new"
  | "signature-mismatch";

/** The rule that a request violates. It contains no value of the request and no secret. */
export class SignatureRefusal {
  readonly code: SignatureFault;
  readonly header: string | null;

  constructor(code: SignatureFault, header: string | null = null) {
    this.code = code;
    this.header = header;
  }
}

/** Checks the body of a request whose headers are valid. */
interface SignatureCheck {
  update(bytes: Uint8Array): void;
  /** Call once, after the last bytes. Returns null if one of the secrets made one of the signatures. */
  finish(): SignatureRefusal | null;
}

/** True when a secret has the form that the scheme requires. */
export const isSecretFor = (auth: SignatureAuth, secret: string) => schemeOf(auth).keyOf(secret) !== null;

/**
 * Checks the headers. Returns an object that checks the body, or the rule that the headers violate.
 *
 * @param secrets the values of all secrets that may have signed; null for one that does not exist.
 * @param header returns the value of a header; repeated ones are joined with `, ` (Fetch standard).
 * @param nowMs epoch ms.
 */
export function beginVerification(
  auth: SignatureAuth,
  secrets: readonly (string | null)[],
  header: (name: string) => string | null,
  nowMs: number,
): SignatureCheck | SignatureRefusal {
  const scheme = schemeOf(auth);
  const known = secrets.filter((secret) => secret !== null);
  if (known.length === 0) return new SignatureRefusal("secret-missing");
  const keys = known.map(scheme.keyOf).filter((key) => key !== null);
  if (keys.length === 0) return new SignatureRefusal("secret-undecodable");

  const value = single(scheme.header, header);
  if (value instanceof SignatureRefusal) return value;
  const parts = scheme.separator === null ? [value] : value.split(scheme.separator);
  const presented = after(scheme.prefix, parts).flatMap((text) => decode(scheme, text) ?? []);
  if (presented.length === 0) return new SignatureRefusal("signature-malformed", scheme.header);

  const timestamp = readTimestamp(scheme, parts, header);
  if (timestamp instanceof SignatureRefusal) return timestamp;
  const fault = timestamp === null ? null : timestampFault(timestamp, nowMs);
  if (fault) return new SignatureRefusal(fault, timestampHeader(scheme));
  const id = scheme.idHeader === undefined ? "" : single(scheme.idHeader, header);
  if (id instanceof SignatureRefusal) return id;

  const [before = "", rest = ""] = scheme.payload
    .split("{body}")
    .map((text) => text.replaceAll(/\{(?:timestamp|id)\}/g, (name) => (name === "{id}" ? id : (timestamp ?? ""))));
  const hmacs = keys.map((key) => createHmac(scheme.algorithm, key).update(before));
  return {
    update: (bytes) => {
      for (const hmac of hmacs) hmac.update(bytes);
    },
    finish: () => {
      const expected = hmacs.map((hmac) => hmac.update(rest).digest());
      // No early return, so that the time taken does not depend on which one matches.
      const matches = expected.flatMap((digest) => presented.filter((given) => timingSafeEqual(digest, given)));
      return matches.length > 0 ? null : new SignatureRefusal("signature-mismatch", scheme.header);
    },
  };
}

function schemeOf(auth: SignatureAuth): Scheme {
  if (auth.scheme !== "hmac") return SCHEMES[auth.scheme];
  const { header, algorithm, encoding, prefix, payload, timestampHeader: at } = auth;
  const row = { header, algorithm, encoding, prefix, payload, separator: null, keyOf: asIs };
  return at === undefined ? row : { ...row, timestamp: { header: at } };
}

/** Returns a header that must be sent once. No scheme's own values contain the `, ` that joins repeated ones. */
function single(name: string, header: (name: string) => string | null): string | SignatureRefusal {
  const value = header(name);
  if (value === null || value === "") return new SignatureRefusal("header-missing", name);
  return value.includes(", ") ? new SignatureRefusal("header-repeated", name) : value;
}

const after = (prefix: string, parts: readonly string[]) =>
  parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));

/** The one form of a digest: hex may be sent in upper case. */
const CANONICAL = {
  hex: (text) => text.toLowerCase(),
  base64: (text) => text,
} satisfies Record<Scheme["encoding"], (text: string) => string>;

function decode({ encoding, algorithm }: Scheme, text: string): Buffer | null {
  const bytes = Buffer.from(text, encoding);
  // Decoding skips invalid characters, so the text must be what the bytes encode to.
  const isValid = bytes.toString(encoding) === CANONICAL[encoding](text);
  return isValid && bytes.length === DIGEST_BYTES[algorithm] ? bytes : null;
}

/** Returns the timestamp as it was sent and signed; null when the scheme has none. */
function readTimestamp(
  { timestamp, header: signatures }: Scheme,
  parts: readonly string[],
  header: (name: string) => string | null,
): string | null | SignatureRefusal {
  if (!timestamp) return null;
  if ("header" in timestamp) return single(timestamp.header, header);
  const [text, second] = after(timestamp.prefix, parts);
  // A proxy may join repeated headers with a bare comma, which looks like one header with two timestamps.
  if (second !== undefined) return new SignatureRefusal("header-repeated", signatures);
  return text ?? new SignatureRefusal("timestamp-malformed", signatures);
}

const timestampHeader = ({ timestamp, header }: Scheme) =>
  timestamp && "header" in timestamp ? timestamp.header : header;

/** Timestamps are Unix seconds. Some senders of the generic scheme send ms, which have at least 12 digits. */
function timestampFault(text: string, nowMs: number): SignatureFault | null {
  if (!/^\d{1,14}$/.test(text)) return "timestamp-malformed";
  const ms = text.length < 12 ? Number(text) * 1000 : Number(text);
  if (ms < nowMs - TOLERANCE_MS) return "timestamp-too-old";
  return ms > nowMs + TOLERANCE_MS ? "timestamp-too-new" : null;
}
