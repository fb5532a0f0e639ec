/**
 * The callback token of an adapter call (C6, C29, CD12): a JWT signed with a key of the gateway, opaque to the adapter. Its header names
 * the shared secret that signed the call, which must sign the callback too (CD8).
 */
import { createHmac } from "node:crypto";
import { compactVerify, decodeProtectedHeader, SignJWT } from "jose";
import { z } from "zod";

/** A version of an adapter's shared secret. */
interface SecretRef {
  readonly workspaceId: string;
  readonly adapterId: string;
  readonly version: number;
}

/** The claims of an authentic token, which may have expired. */
export interface AdapterClaims extends SecretRef {
  /** The correlation id of the call. */
  readonly subject: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

const KEY_ID = /^([0-9a-f-]{36})\.([0-9a-f-]{36})\.(\d{1,9})$/;
const claimsOf = z.object({ sub: z.string(), iat: z.int(), exp: z.int() });
const LENGTH_LIMIT = 1_000;

/** @param issuedAt epoch seconds. */
export function makeAdapterToken(
  signingKey: string,
  { subject, workspaceId, adapterId, version }: SecretRef & { readonly subject: string },
  issuedAt: number,
  ttlSeconds: number,
): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: `${workspaceId}.${adapterId}.${version}` })
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(tokenKey(signingKey));
}

/**
 * Returns null when none of the keys signed the token.
 *
 * @param signingKeys the current key first; older ones still verify while they are rotated out.
 */
export async function readAdapterToken(signingKeys: readonly string[], token: string): Promise<AdapterClaims | null> {
  if (token.length > LENGTH_LIMIT || !isCanonical(token)) return null;
  for (const key of signingKeys) {
    const payload = await compactVerify(token, tokenKey(key), { algorithms: ["HS256"] }).then(
      (verified) => verified.payload,
      () => null,
    );
    if (!payload) continue;
    const { sub, exp } = claimsOf.parse(JSON.parse(new TextDecoder().decode(payload)));
    const [, workspaceId, adapterId, version] = KEY_ID.exec(decodeProtectedHeader(token).kid ?? "") ?? [];
    if (workspaceId === undefined || adapterId === undefined) return null;
    return { subject: sub, expiresAt: exp, workspaceId, adapterId, version: Number(version) };
  }
  return null;
}

/** Several texts decode to the same bytes; only the one that was sent is the unmodified token (C7). */
const isCanonical = (token: string) =>
  token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);

/** Derives a key, so that nothing else that the signing key signs can pass for a token. */
const tokenKey = (signingKey: string) =>
  new Uint8Array(createHmac("sha256", signingKey).update("hookback adapter token").digest());
