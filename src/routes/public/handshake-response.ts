/** Answers handshakes. */
import type { HandshakeResponse } from "../../core/security/handshake.ts";

/** The echoed text is untrusted: a browser must not run it in the gateway's origin. */
const UNTRUSTED = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "cache-control": "no-store",
};

export const handshakeResponse = ({ type, headers, text }: HandshakeResponse) =>
  new Response(type === null ? null : text, {
    headers: { ...UNTRUSTED, ...(type !== null && { "content-type": type }), ...headers },
  });
