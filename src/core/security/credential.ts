/** Keys and tokens that callers present: made from given random bytes, kept as hashes, compared in constant time. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Random bytes in a generated key or token secret. */
export const SECRET_BYTES = 32;

/** How much of a key is shown to tell keys apart. */
const PREFIX_LENGTH = 8;

const TOKEN = /^hbp_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

/** SHA-256 of a credential, base64url: what is stored in its place (LD3, ND4). */
export function hashCredential(credential: string): string {
  return createHash("sha256").update(credential).digest("base64url");
}

/** Whether a credential is the one that was hashed. */
export function matchesHash(credential: string, hash: string): boolean {
  return sameText(hashCredential(credential), hash);
}

/** Constant-time comparison of two texts. Their lengths are not hidden. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** An API key for a webhook consumer. */
export const makeApiKey = (random: Uint8Array) => `hbk_${Buffer.from(random).toString("base64url")}`;

/** What of an API key is shown later on. A short pasted key shows less, so that most of it stays unknown. */
export const prefixOf = (key: string) => key.slice(0, Math.min(PREFIX_LENGTH, Math.floor(key.length / 3)));

/** A personal access token; `id` is a UUID, under which its record is found. */
export function makeToken(id: string, random: Uint8Array): string {
  return `hbp_${id.replaceAll("-", "")}_${Buffer.from(random).toString("base64url")}`;
}

/** The id within a personal access token, or null when the text is none. */
export function tokenId(token: string): string | null {
  const hex = TOKEN.exec(token)?.[1];
  return hex ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : null;
}

/**
 * The token of an `Authorization` header: `Bearer TOKEN`, or Basic with an empty user name and the token as password
 * (LD3). Null when the header is of neither form.
 */
export function presentedToken(authorization: string | null): string | null {
  const [, scheme, value] = /^\s*(bearer|basic)\s+(\S+)\s*$/i.exec(authorization ?? "") ?? [];
  if (!scheme || !value) return null;
  if (scheme.toLowerCase() === "bearer") return value;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.startsWith(":") && pair.length > 1 ? pair.slice(1) : null;
}

/** Whether an `Authorization` header is Basic (RFC 7617) with this user name and password. */
export function isBasic(authorization: string | null, username: string, password: string): boolean {
  const [, encoded = ""] = /^\s*basic\s+([A-Za-z0-9+/]+={0,2})\s*$/i.exec(authorization ?? "") ?? [];
  const presented = Buffer.from(encoded, "base64").toString("utf8");
  return matchesHash(presented, hashCredential(`${username}:${password}`));
}
