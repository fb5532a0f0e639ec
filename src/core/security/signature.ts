/**
 * Signatures of incoming requests (ND2, ND14): a row for each scheme, and one verifier for all of them.
 *
 * Sources: standard-webhooks.com (spec, symmetric `v1`); docs.github.com "Validating webhook deliveries" (Meta signs in
 * the same way); docs.stripe.com/webhooks/signature; shopify.dev "Verify webhook deliveries"; docs.slack.dev "Verifying
 * requests from Slack"; chainio as decision CD1 says.
 */
import { createHmac, type Hmac, timingSafeEqual } from "node:crypto";
import type { SignatureAuth } from "../schema/trigger-auth.ts";
import { signingKey } from "./standard-webhooks.ts";

/** How far a time stamp may be from now, either way, in ms (ND14). */
const TOLERANCE_MS = 5 * 60 * 1000;

/** Length of a digest, in bytes. */
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;

interface Scheme {
  /** The header with the signatures, each after `prefix`; `separator` stands between several, null where there is one. */
  readonly header: string;
  readonly prefix: string;
  readonly separator: string | null;
  readonly algorithm: keyof typeof DIGEST_BYTES;
  readonly encoding: "hex" | "base64";
  /** What is signed: `{body}` is the raw bytes, `{timestamp}` and `{id}` are the texts that came with them. */
  readonly payload: string;
  /** The header with the time of signing, or what stands before it among the signatures. */
  readonly timestamp?: { readonly header: string } | { readonly prefix: string };
  readonly idHeader?: string;
  /** The key in a secret; null when the secret is not of the scheme's form. */
  readonly keyOf: (secret: string) => Buffer | null;
}

/** Secrets are used as they are; an empty one would let everybody sign. */
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

/** Why a signature was refused. The codes are stable: operators look for them in the log. */
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

/** The rule that a request failed; it holds no value of the request or of a secret. */
export class SignatureRefusal {
  readonly code: SignatureFault;
  /** The header that the rule is about. */
  readonly header: string | null;

  constructor(code: SignatureFault, header: string | null = null) {
    this.code = code;
    this.header = header;
  }
}

/** Whether a secret is of the form that the scheme wants. */
export const isSecretFor = (auth: SignatureAuth, secret: string) => schemeOf(auth).keyOf(secret) !== null;

/**
 * Reads what the headers say. The answer checks the body, which is given to it piece by piece, or is the rule that
 * already the headers fail.
 *
 * @param secrets the values of all secrets that may have signed; null for one that is not there.
 * @param header the value of a header, in the form of the Fetch standard: repeated ones are joined with `, `.
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
  return new SignatureCheck(hmacs, rest, presented, scheme.header);
}

/** Signatures that wait for the body. */
export class SignatureCheck {
  readonly #hmacs: readonly Hmac[];
  readonly #rest: string;
  readonly #presented: readonly Buffer[];
  readonly #header: string;

  constructor(hmacs: readonly Hmac[], rest: string, presented: readonly Buffer[], header: string) {
    this.#hmacs = hmacs;
    this.#rest = rest;
    this.#presented = presented;
    this.#header = header;
  }

  /** Takes the next bytes of the body. */
  update(bytes: Uint8Array): void {
    for (const hmac of this.#hmacs) hmac.update(bytes);
  }

  /** To be called once, after the last bytes: null when one of the secrets made one of the signatures. */
  finish(): SignatureRefusal | null {
    const expected = this.#hmacs.map((hmac) => hmac.update(this.#rest).digest());
    // No early end: how long this takes says nothing of which one fits.
    const matches = expected.flatMap((digest) => this.#presented.filter((given) => timingSafeEqual(digest, given)));
    return matches.length > 0 ? null : new SignatureRefusal("signature-mismatch", this.#header);
  }
}

function schemeOf(auth: SignatureAuth): Scheme {
  if (auth.scheme !== "hmac") return SCHEMES[auth.scheme];
  const { header, algorithm, encoding, prefix, payload, timestampHeader: at } = auth;
  const row = { header, algorithm, encoding, prefix, payload, separator: null, keyOf: asIs };
  return at === undefined ? row : { ...row, timestamp: { header: at } };
}

/** A header that must be there once. No scheme's own values contain the `, ` that joins repeated ones. */
function single(name: string, header: (name: string) => string | null): string | SignatureRefusal {
  const value = header(name);
  if (value === null || value === "") return new SignatureRefusal("header-missing", name);
  return value.includes(", ") ? new SignatureRefusal("header-repeated", name) : value;
}

const after = (prefix: string, parts: readonly string[]) =>
  parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));

function decode({ encoding, algorithm }: Scheme, text: string): Buffer | null {
  const bytes = Buffer.from(text, encoding);
  // Decoding skips what it does not know, so only what encodes to the same text again was a digest.
  const isWhole = bytes.toString(encoding) === (encoding === "hex" ? text.toLowerCase() : text);
  return isWhole && bytes.length === DIGEST_BYTES[algorithm] ? bytes : null;
}

/** The time stamp as it came, for it is signed so; null when the scheme has none. */
function readTimestamp(
  { timestamp, header: signatures }: Scheme,
  parts: readonly string[],
  header: (name: string) => string | null,
): string | null | SignatureRefusal {
  if (!timestamp) return null;
  if ("header" in timestamp) return single(timestamp.header, header);
  const [text, second] = after(timestamp.prefix, parts);
  // A proxy may join repeated headers with a bare comma, which then looks like one header with two time stamps.
  if (second !== undefined) return new SignatureRefusal("header-repeated", signatures);
  return text ?? new SignatureRefusal("timestamp-malformed", signatures);
}

const timestampHeader = ({ timestamp, header }: Scheme) =>
  timestamp && "header" in timestamp ? timestamp.header : header;

/** Time stamps are Unix seconds; some senders of the generic scheme count ms, which has at least 12 digits. */
function timestampFault(text: string, nowMs: number): SignatureFault | null {
  if (!/^\d{1,14}$/.test(text)) return "timestamp-malformed";
  const ms = text.length < 12 ? Number(text) * 1000 : Number(text);
  if (ms < nowMs - TOLERANCE_MS) return "timestamp-too-old";
  return ms > nowMs + TOLERANCE_MS ? "timestamp-too-new" : null;
}
