/** Providers of webhooks as they sign, by their own libraries where there is one, else by their published scheme. */
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { sign as signAsGitHub } from "@octokit/webhooks-methods";
import { CloudEvent, HTTP } from "cloudevents";
import * as standard from "standardwebhooks";
import Stripe from "stripe";
import * as svix from "svix";

export interface Sender {
  /** The `auth` of a trigger, without type and secret. */
  readonly auth: { readonly scheme: string } & Readonly<Record<string, unknown>>;
  /** A new secret, as the provider shows it. */
  readonly makeSecret: () => string;
  /** The headers of a request, signed at a time in epoch ms. Bodies are texts, as the libraries take no others. */
  readonly sign: (secret: string, body: string, atMs: number) => Promise<Record<string, string>>;
  /** The header with the signature, and the one with its time when that is another. */
  readonly header: string;
  readonly timestampHeader?: string;
  readonly isTimed: boolean;
  /** A body as the provider sends it. */
  readonly body: string;
}

const hex = () => randomBytes(32).toString("hex");
const whsec = () => `whsec_${randomBytes(32).toString("base64")}`;
const seconds = (ms: number) => String(Math.floor(ms / 1000));
const hmac = (secret: string, text: string, algorithm = "sha256") => createHmac(algorithm, secret).update(text);

const [pushes] = (
  createRequire(import.meta.url)("@octokit/webhooks-examples") as { name: string; examples: object[] }[]
)
  .filter(({ name }) => name === "push")
  .map(({ examples }) => examples);

const standardWebhooks = {
  auth: { scheme: "standard-webhooks" },
  makeSecret: whsec,
  header: "webhook-signature",
  timestampHeader: "webhook-timestamp",
  isTimed: true,
  body: JSON.stringify({ type: "contact.created", data: { name: "Åsa €" } }),
};

type Library = { sign: (id: string, at: Date, body: string) => string };

const signWith = (library: (secret: string) => Library) => async (secret: string, body: string, atMs: number) => {
  const id = `msg_${randomUUID()}`;
  const signature = library(secret).sign(id, new Date(atMs), body);
  return { "webhook-id": id, "webhook-timestamp": seconds(atMs), "webhook-signature": signature };
};

/** A CloudEvent as the SDK sends it, signed as Standard Webhooks: CloudEvents have no signature of their own. */
function cloudEvent(mode: "binary" | "structured"): Sender {
  const event = new CloudEvent({ type: "order.created", source: "/shop", id: "A-1", data: { customer: "Åsa" } });
  const { headers, body } = HTTP[mode](event);
  const sign = signWith((secret) => new standard.Webhook(secret));
  return {
    ...standardWebhooks,
    body: String(body),
    sign: async (...args) => ({ ...(headers as Record<string, string>), ...(await sign(...args)) }),
  };
}

/** One of every scheme, and more of the generic one. */
export const SENDERS: Readonly<Record<string, Sender>> = {
  standardwebhooks: { ...standardWebhooks, sign: signWith((secret) => new standard.Webhook(secret)) },
  svix: { ...standardWebhooks, sign: signWith((secret) => new svix.Webhook(secret)) },
  "cloudevents, binary": cloudEvent("binary"),
  "cloudevents, structured": cloudEvent("structured"),
  github: {
    auth: { scheme: "github" },
    makeSecret: hex,
    header: "x-hub-signature-256",
    isTimed: false,
    body: JSON.stringify(pushes?.[0]),
    sign: async (secret, body) => ({
      "x-github-event": "push",
      "x-hub-signature-256": await signAsGitHub(secret, body),
    }),
  },
  stripe: {
    auth: { scheme: "stripe" },
    makeSecret: whsec,
    header: "stripe-signature",
    isTimed: true,
    body: JSON.stringify({ id: "evt_1", object: "event", type: "charge.succeeded" }),
    sign: async (secret, payload, atMs) => {
      const timestamp = Math.floor(atMs / 1000);
      return { "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }) };
    },
  },
  shopify: {
    auth: { scheme: "shopify" },
    makeSecret: hex,
    header: "x-shopify-hmac-sha256",
    isTimed: false,
    body: JSON.stringify({ id: 820982911946154508n.toString(), currency: "SEK" }),
    sign: async (secret, body) => ({ "x-shopify-hmac-sha256": hmac(secret, body).digest("base64") }),
  },
  slack: {
    auth: { scheme: "slack" },
    makeSecret: hex,
    header: "x-slack-signature",
    timestampHeader: "x-slack-request-timestamp",
    isTimed: true,
    body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&command=%2Fweather&text=94070",
    sign: async (secret, body, atMs) => {
      const at = seconds(atMs);
      const signature = `v0=${hmac(secret, `v0:${at}:${body}`).digest("hex")}`;
      return { "x-slack-request-timestamp": at, "x-slack-signature": signature };
    },
  },
  chainio: {
    auth: { scheme: "chainio" },
    makeSecret: hex,
    header: "x-chainio-signature",
    isTimed: false,
    body: JSON.stringify({ callback: "opaque", status: "success" }),
    sign: async (secret, body) => ({ "x-chainio-signature": hmac(secret, body).digest("base64") }),
  },
  "Zoom, by the generic scheme": {
    auth: {
      scheme: "hmac",
      header: "X-Zm-Signature",
      algorithm: "sha256",
      encoding: "hex",
      prefix: "v0=",
      timestampHeader: "x-zm-request-timestamp",
      payload: "v0:{timestamp}:{body}",
    },
    makeSecret: hex,
    header: "x-zm-signature",
    timestampHeader: "x-zm-request-timestamp",
    isTimed: true,
    body: JSON.stringify({ event: "meeting.started", payload: { account_id: "AAAAAABBBB" } }),
    sign: async (secret, body, atMs) => {
      const at = seconds(atMs);
      const signature = `v0=${hmac(secret, `v0:${at}:${body}`).digest("hex")}`;
      return { "x-zm-request-timestamp": at, "x-zm-signature": signature };
    },
  },
  "a sender that signs text after the body, with ms and SHA-512": {
    auth: {
      scheme: "hmac",
      header: "x-signature",
      algorithm: "sha512",
      encoding: "base64",
      prefix: "HMAC ",
      timestampHeader: "x-time",
      payload: "{body}\n{timestamp}!",
    },
    makeSecret: hex,
    header: "x-signature",
    timestampHeader: "x-time",
    isTimed: true,
    body: "<order>1</order>",
    sign: async (secret, body, atMs) => ({
      "x-time": String(atMs),
      "x-signature": `HMAC ${hmac(secret, `${body}\n${atMs}!`, "sha512").digest("base64")}`,
    }),
  },
  "a sender with SHA-1 over the bare body": {
    auth: { scheme: "hmac", header: "x-hub-signature", algorithm: "sha1", encoding: "hex", prefix: "sha1=" },
    makeSecret: hex,
    header: "x-hub-signature",
    isTimed: false,
    body: "plain",
    sign: async (secret, body) => ({ "x-hub-signature": `sha1=${hmac(secret, body, "sha1").digest("hex")}` }),
  },
};

/** A body with one bit of one byte turned. */
export function flipByte(body: Buffer, at = body.length >> 1): Buffer {
  const flipped = Buffer.from(body);
  flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
  return flipped;
}
