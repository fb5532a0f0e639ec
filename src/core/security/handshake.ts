/**
 * What providers ask of an address before they send to it (ND14): a row for each handshake.
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

/** What of a request a handshake looks at. */
export interface Asked {
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | null;
  /** The JSON of the body, for handshakes that stand in it; undefined when there is none. */
  readonly body: unknown;
}

export interface Question {
  /** What the answer repeats or signs. */
  readonly token: string;
  /** What proves that the provider was told the secret, where one proves it. */
  readonly proof?: string | null;
}

export interface HandshakeAnswer {
  readonly type: "text/plain" | "application/json" | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

interface Handshake {
  readonly method: "GET" | "POST" | "OPTIONS";
  /** Whether the question is in the body. Such a request bears the credentials of any other, and they are checked first. */
  readonly isInBody: boolean;
  /** The question in a request; null when the request is an ordinary one. */
  readonly find: (asked: Asked) => Question | null;
  /** The tokens that are answered: bounded, and of characters that mean nothing to whatever shows the answer. */
  readonly token: RegExp;
  /** Null when the proof is wrong. `secret` is empty for those without one. */
  readonly answer: (question: Question, secret: string) => HandshakeAnswer | null;
}

const TEXT = /^[\x20-\x7e]{1,1024}$/;
/** A token that gets signed has no character that every JSON object has, so its signature is never that of a message. */
const SIGNED_TOKEN = /^[\w+/=.~-]{1,256}$/;
const ORIGIN = /^[\w.:*-]{1,255}$/;

const echo = ({ token }: Question): HandshakeAnswer => ({ type: "text/plain", headers: {}, text: token });
const json = (value: object): HandshakeAnswer => ({
  type: "application/json",
  headers: {},
  text: JSON.stringify(value),
});
const sign = (secret: string, token: string) => createHmac("sha256", secret).update(token);

const HANDSHAKES: Record<TriggerHandshake["scheme"], Handshake> = {
  meta: {
    method: "GET",
    isInBody: false,
    find: ({ query }) => {
      const mode = query.get("hub.mode");
      const proof = mode === "subscribe" ? query.get("hub.verify_token") : null;
      return mode === null ? null : { token: query.get("hub.challenge") ?? "", proof };
    },
    token: TEXT,
    answer: (question, secret) =>
      typeof question.proof === "string" && matchesHash(question.proof, hashCredential(secret)) ? echo(question) : null,
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
    isInBody: false,
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
    isInBody: false,
    find: ({ query }) => optional(query.get("crc_token")),
    token: SIGNED_TOKEN,
    answer: ({ token }, secret) => json({ response_token: `sha256=${sign(secret, token).digest("base64")}` }),
  },
  cloudevents: {
    method: "OPTIONS",
    isInBody: false,
    find: ({ header }) => optional(header("webhook-request-origin")),
    token: ORIGIN,
    // No rate is too high: messages wait, they are not refused.
    answer: ({ token }) => ({
      type: null,
      headers: { allow: "POST", "webhook-allowed-origin": token, "webhook-allowed-rate": "*" },
      text: "",
    }),
  },
};

/** Whether a request of this method may be a handshake of the scheme, and where that stands in it. */
export function handshakeIn({ scheme }: TriggerHandshake, method: string): "head" | "body" | null {
  const row = HANDSHAKES[scheme];
  if (row.method !== method) return null;
  return row.isInBody ? "body" : "head";
}

/** The question that a request asks; null when it is an ordinary request, "malformed" when nobody would ask so. */
export function handshakeQuestion({ scheme }: TriggerHandshake, asked: Asked): Question | "malformed" | null {
  const question = HANDSHAKES[scheme].find(asked);
  return question && !HANDSHAKES[scheme].token.test(question.token) ? "malformed" : question;
}

/** The answer to a question; null when its proof is wrong. */
export const answerQuestion = ({ scheme }: TriggerHandshake, question: Question, secret: string) =>
  HANDSHAKES[scheme].answer(question, secret);

const optional = (token: string | null): Question | null => (token === null ? null : { token });
const text = (value: unknown) => (typeof value === "string" ? value : "");

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
