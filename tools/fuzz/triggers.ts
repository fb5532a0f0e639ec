/** A trigger of every kind, each with a flow of its name, and a valid message for each. */
import { createHmac } from "node:crypto";

import type { StepInput, TriggerInput } from "../../src/client/index.ts";

interface Kind {
  readonly steps: StepInput[];
  readonly settings: Omit<TriggerInput, "flow">;
}

const send = (partner: string, path = "/maybe") => ({
  ...{ name: "send", type: "http" as const, url: `${partner}${path}`, retry: { delaysSeconds: [] }, timeoutSeconds: 2 },
});

/** The names are the same in every tenant. `mark` is the tenant's secret, and part of its flows' results. */
export const TRIGGERS = (partner: string, adapter: string, mark: string): Record<string, Kind> => ({
  open: { steps: [{ name: "mark", type: "transform", template: mark }], settings: {} },
  keyed: {
    steps: [send(partner)],
    settings: {
      ...{ auth: { type: "apiKeys" }, query: [{ name: "k", default: "none" }] },
      orderedDelivery: { key: "{{ query.k }}" },
    },
  },
  password: { steps: [], settings: { auth: { type: "basic", username: "u", passwordSecret: "erp" } } },
  signed: { steps: [], settings: { auth: { type: "signature", scheme: "github", secret: "erp" } } },
  hmac: {
    steps: [],
    settings: {
      auth: {
        ...{ type: "signature", scheme: "hmac", secret: ["erp"], header: "x-sign", algorithm: "sha512" },
        ...{ encoding: "base64", timestampHeader: "x-at", payload: "{timestamp}.{body}" },
      },
    },
  },
  slack: {
    steps: [],
    settings: { auth: { type: "signature", scheme: "slack", secret: "erp" }, handshake: { scheme: "slack" } },
  },
  meta: { steps: [], settings: { handshake: { scheme: "meta", secret: "erp" } } },
  zoom: { steps: [], settings: { handshake: { scheme: "zoom", secret: "erp" } } },
  ordered: { steps: [send(partner)], settings: { orderedDelivery: true } },
  blocking: { steps: [send(partner)], settings: { orderedDelivery: { onFailure: "block" } } },
  narrow: { steps: [send(partner, "/ok")], settings: { maxConcurrency: 2 } },
  asking: {
    steps: [{ ...send(partner, "/ok"), async: true, callbackTimeoutSeconds: 1, progress: true }],
    settings: {},
  },
  adapting: {
    steps: [{ name: "ask", type: "adapter", adapter, configuration: { text: "x" } }],
    settings: { requestResponse: { timeoutSeconds: 5 } },
  },
  broken: { steps: [send(partner, "/broken")], settings: { requestResponse: { timeoutSeconds: 2 } } },
  bombed: { steps: [send(partner, "/bomb")], settings: {} },
  data: {
    steps: [{ name: "shape", type: "transform", template: "{{ message | json }}{{ message.a.b }}" }],
    settings: {
      ...{ methods: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] },
      ...{ query: [{ name: "q" }, { name: "__proto__", default: "x" }], requestResponse: { timeoutSeconds: 2 } },
      input:
        '{"q": {{ query.q | json }}, "a": {"b": {{ body | json }} }, "list": [{% for x in body %}"{{ x }}",{% endfor %}0]}',
      output: { template: "{{ message }}{{ headers.host }}{{ method }}", contentType: "text/plain" },
      deduplicate: { key: "{{ headers['x-id'] }}{{ body.id }}" },
    },
  },
});

/** Names of the triggers that a good message must run through when the fuzzing is over. */
export const TRIGGER_NAMES = Object.keys(TRIGGERS("", "", ""));

/** A message that its trigger takes. The secret `erp` of the tenant signs it. */
export function goodMessage(trigger: string, secret: string, apiKey: string): RequestInit {
  const body = JSON.stringify({ a: { b: 1 }, id: Math.random() });
  const seconds = String(Math.floor(Date.now() / 1000));
  const sign = (algorithm: string, encoding: "hex" | "base64", text: string) =>
    createHmac(algorithm, secret).update(text).digest(encoding);
  const headers: Record<string, Record<string, string>> = {
    keyed: { "x-api-key": apiKey },
    password: { authorization: `Basic ${Buffer.from(`u:${secret}`).toString("base64")}` },
    signed: { "x-hub-signature-256": `sha256=${sign("sha256", "hex", body)}` },
    hmac: { "x-at": seconds, "x-sign": sign("sha512", "base64", `${seconds}.${body}`) },
    slack: {
      "x-slack-request-timestamp": seconds,
      "x-slack-signature": `v0=${sign("sha256", "hex", `v0:${seconds}:${body}`)}`,
    },
  };
  return { method: "POST", body, headers: { "content-type": "application/json", ...headers[trigger] } };
}
