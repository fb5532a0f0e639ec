/** Keys and tokens of callers: made from given random bytes, stored as hashes, compared in constant time. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Random bytes in a generated key or token secret. */
export const SECRET_BYTES = 32;

/** Characters of a key that are shown to distinguish keys. */
const PREFIX_LENGTH = 8;

const TOKEN = /^hbp_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

/** SHA-256 of a credential in base64url, which is stored in its place (LD3, ND4). */
export const hashCredential = (credential: string) => createHash("sha256").update(credential).digest("base64url");

export const matchesHash = (credential: string, hash: string) => sameText(hashCredential(credential), hash);

/** Compares in constant time; only the lengths can be observed. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** An API key for a webhook consumer. */
export const makeApiKey = (random: Uint8Array) => `hbk_${Buffer.from(random).toString("base64url")}`;

/** Returns the part of an API key that is shown later. A short pasted key shows less, so that most of it stays secret. */
export const prefixOf = (key: string) => key.slice(0, Math.min(PREFIX_LENGTH, Math.floor(key.length / 3)));

/** A personal access token. `id` is the UUID of its record. */
export const makeToken = (id: string, random: Uint8Array) =>
  `hbp_${id.replaceAll("-", "")}_${Buffer.from(random).toString("base64url")}`;

/** Returns the id in a personal access token, or null if the text is not a token. */
export function tokenId(token: string): string | null {
  const hex = TOKEN.exec(token)?.[1];
  return hex ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : null;
}

/** Returns the token of an `Authorization` header: `Bearer TOKEN`, or Basic with an empty user name and the token as password (LD3). */
export function presentedToken(authorization: string | null): string | null {
  const [, scheme, value] = /^\s*(bearer|basic)\s+(\S+)\s*$/i.exec(authorization ?? "") ?? [];
  if (!scheme || !value) return null;
  if (scheme.toLowerCase() === "bearer") return value;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.startsWith(":") && pair.length > 1 ? pair.slice(1) : null;
}

/** True for an `Authorization` header that is Basic (RFC 7617) with this user name and password. */
export function isBasic(authorization: string | null, username: string, password: string): boolean {
  const [, encoded = ""] = /^\s*basic\s+([A-Za-z0-9+/]+={0,2})\s*$/i.exec(authorization ?? "") ?? [];
  const presented = Buffer.from(encoded, "base64").toString("utf8");
  return matchesHash(presented, hashCredential(`${username}:${password}`));
}
