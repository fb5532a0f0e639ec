/**
 * The handshakes that providers require of an address before they send to it (ND14), a row for each.
 *
 * Sources: developers.facebook.com "Webhooks: getting started"; docs.slack.dev `url_verification`; learn.microsoft.com
 * "Receive change notifications through webhooks"; developers.zoom.us "Validate your webhook endpoint";
 * developer.x.com "Securing webhooks"; CloudEvents "HTTP 1.1 Web Hooks for Event Delivery" 1.0.2, section 4.
 */
import { createHmac } from "node:crypto";
import type { TriggerHandshake } from "../schema/trigger-auth.ts";
import { hashCredential, matchesHash } from "./credential.ts";

/** Largest body that can be a handshake, in bytes; providers send some 200. */
export const HANDSHAKE_LIMIT_BYTES = 4 * 1024;

/** The parts of a request that handshakes read. */
export interface HandshakeRequest {
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | null;
  /** The JSON of the body; undefined when there is none. */
  readonly body: unknown;
}

interface Challenge {
  /** The text that the response repeats or signs. */
  readonly token: string;
  /** Proves that the provider knows the secret, in schemes where it must. */
  readonly proof?: string | null;
}

export interface HandshakeResponse {
  readonly type: "text/plain" | "application/json" | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

interface Handshake {
  readonly method: "GET" | "POST" | "OPTIONS";
  /** A request with the challenge in its body has the usual credentials, and they are checked first. */
  readonly isInBody?: true;
  /** Returns null for an ordinary request. */
  readonly find: (request: HandshakeRequest) => Challenge | null;
  /** The accepted tokens: bounded, and of characters that are harmless wherever the response is shown. */
  readonly token: RegExp;
  /** Returns null if the proof is wrong. `secret` is empty for schemes without one. */
  readonly answer: (challenge: Challenge, secret: string) => HandshakeResponse | null;
}

const TEXT = /^[\x20-\x7e]{1,1024}$/;
/** Excludes characters that every JSON object has, so that the signature of a token is never that of a message. */
const SIGNED_TOKEN = /^[\w+/=.~-]{1,256}$/;
const ORIGIN = /^[\w.:*-]{1,255}$/;

const echo = ({ token }: Challenge): HandshakeResponse => ({ type: "text/plain", headers: {}, text: token });
const json = (value: object) => ({ type: "application/json", headers: {}, text: JSON.stringify(value) }) as const;
const sign = (secret: string, token: string) => createHmac("sha256", secret).update(token);

const HANDSHAKES: Record<TriggerHandshake["scheme"], Handshake> = {
  meta: {
    method: "GET",
    find: ({ query }) => {
      const mode = query.get("hub.mode");
      const proof = mode === "subscribe" ? query.get("hub.verify_token") : null;
      return mode === null ? null : { token: query.get("hub.challenge") ?? "", proof };
    },
    token: TEXT,
    answer: (challenge, secret) =>
      typeof challenge.proof === "string" && matchesHash(challenge.proof, hashCredential(secret))
        ? echo(challenge)
        : null,
  },
  slack: {
    method: "POST",
    isInBody: true,
    find: ({ body }) =>
      member(body, "type") === "url_verification" ? { token: text(member(body, "challenge")) } : null,
    token: TEXT,
    answer: echo,
  },
  "microsoft-graph": {
    method: "POST",
    find: ({ query }) => optional(query.get("validationToken")),
    token: TEXT,
    answer: echo,
  },
  zoom: {
    method: "POST",
    isInBody: true,
    find: ({ body }) =>
      member(body, "event") === "endpoint.url_validation"
        ? { token: text(member(member(body, "payload"), "plainToken")) }
        : null,
    token: SIGNED_TOKEN,
    answer: ({ token }, secret) => json({ plainToken: token, encryptedToken: sign(secret, token).digest("hex") }),
  },
  "x-crc": {
    method: "GET",
    find: ({ query }) => optional(query.get("crc_token")),
    token: SIGNED_TOKEN,
    answer: ({ token }, secret) => json({ response_token: `sha256=${sign(secret, token).digest("base64")}` }),
  },
  cloudevents: {
    method: "OPTIONS",
    find: ({ header }) => optional(header("webhook-request-origin")),
    token: ORIGIN,
    // Any rate is allowed, because messages are queued, not rejected.
    answer: ({ token }) => ({
      type: null,
      headers: { allow: "POST", "webhook-allowed-origin": token, "webhook-allowed-rate": "*" },
      text: "",
    }),
  },
};

/** Returns where a request of this method may have a challenge; null when it cannot be a handshake. */
export function challengeLocation({ scheme }: TriggerHandshake, method: string): "head" | "body" | null {
  const row = HANDSHAKES[scheme];
  if (row.method !== method) return null;
  return row.isInBody ? "body" : "head";
}

/** Returns null for an ordinary request, "malformed" for a handshake with an unacceptable token. */
export function findChallenge({ scheme }: TriggerHandshake, request: HandshakeRequest): Challenge | "malformed" | null {
  const challenge = HANDSHAKES[scheme].find(request);
  return challenge && !HANDSHAKES[scheme].token.test(challenge.token) ? "malformed" : challenge;
}

/** Returns null if the proof of the challenge is wrong. */
export const answerChallenge = ({ scheme }: TriggerHandshake, challenge: Challenge, secret: string) =>
  HANDSHAKES[scheme].answer(challenge, secret);

const optional = (token: string | null): Challenge | null => (token === null ? null : { token });
const text = (value: unknown) => (typeof value === "string" ? value : "");

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
