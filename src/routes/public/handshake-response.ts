/** The answer to a handshake. */
import type { HandshakeResponse } from "../../core/security/handshake.ts";

/** What is repeated came from outside: a browser must show it as text, if at all, and never in the gateway's origin. */
const UNTRUSTED = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "cache-control": "no-store",
};

export const handshakeResponse = ({ type, headers, text }: HandshakeResponse) =>
  new Response(type === null ? null : text, {
    headers: { ...UNTRUSTED, ...(type !== null && { "content-type": type }), ...headers },
  });
