/**
 * The callback token of an adapter call (C6, C29, CD12): a JWT, opaque to the adapter, signed with a key of the gateway. Its
 * header names the shared secret that the call was signed with, which its callback is to be signed with as well (CD8).
 */
import { createHmac } from "node:crypto";
import { compactVerify, decodeProtectedHeader, SignJWT } from "jose";
import { z } from "zod";

/** Which secret of which adapter. */
export interface SecretRef {
  readonly workspaceId: string;
  readonly adapterId: string;
  readonly version: number;
}

/** What an authentic token says; it may have expired. */
export interface AdapterClaims extends SecretRef {
  /** The correlation id of the call. */
  readonly subject: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

const KEY_ID = /^([0-9a-f-]{36})\.([0-9a-f-]{36})\.(\d{1,9})$/;
const claimsOf = z.object({ sub: z.string(), iat: z.int(), exp: z.int() });
/** Longer texts are no token of ours. */
const LONGEST = 1_000;

/**
 * Makes the token of a call.
 *
 * @param issuedAt epoch seconds.
 */
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
 * Reads a token back; null when no given key made it.
 *
 * @param signingKeys the current key first; older ones still verify while they are rotated out.
 */
export async function readAdapterToken(signingKeys: readonly string[], token: string): Promise<AdapterClaims | null> {
  if (token.length > LONGEST || !isCanonical(token)) return null;
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

/** Decoders take some texts for the same bytes; a token that is handed back unmodified (C7) is the one text that was sent. */
const isCanonical = (token: string) =>
  token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);

/** A key of its own, so that nothing else that the signing key signs can pass for a token. */
const tokenKey = (signingKey: string) =>
  new Uint8Array(createHmac("sha256", signingKey).update("hookback adapter token").digest());
