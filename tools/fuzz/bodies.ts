/** Bodies for each route: valid ones, changed ones and hostile ones. */
import fc from "fast-check";
import { weighted } from "../lib/weighted.ts";
import { hostileDocument, hostileJson, hostileTemplate, hostileText } from "./hostile-input.ts";

/** A placeholder in a valid body, such as `@flows`, for a known id of that noun. */
const step = { name: "send", type: "http", url: "@partner/ok", retry: { delaysSeconds: [] }, timeoutSeconds: 2 };

/** By method and path of the admin API. */
const GOOD: Record<string, readonly object[]> = {
  "PUT /workspaces/:ws": [{}, { shards: 2, documentStatuses: ["Sent"], retentionDays: 1, platformUrl: "@partner" }],
  "PUT /workspaces/:ws/config": [
    {},
    { settings: { shards: 2 }, callbackConfigs: { base: { responseBody: "x" } } },
    { flows: { shape: { steps: [{ name: "shape", type: "transform", template: "{{ message }}" }] } } },
  ],
  "PUT /workspaces/:ws/flows/:flow": [
    { steps: [] },
    { steps: [step] },
    { steps: [{ ...step, async: true, callbackTimeoutSeconds: 1, headers: { "x-a": "{{ secrets.erp }}" } }] },
    { steps: [{ name: "shape", type: "transform", template: "{{ message | json }}", contentType: "text/plain" }] },
    {
      steps: [{ name: "ask", type: "adapter", adapter: "@adapters", configuration: { text: "x", table: [{ a: 1 }] } }],
    },
    { steps: [{ ...step, url: "@partner/{{ message.path }}", signingSecret: "whsec", progress: true }] },
  ],
  "PUT /workspaces/:ws/triggers/:trigger": [
    { flow: "@flows" },
    { flow: "@flows", auth: { type: "apiKeys" }, orderedDelivery: { key: "{{ query.k }}", onFailure: "block" } },
    { flow: "@flows", auth: { type: "basic", username: "u", passwordSecret: "erp" }, maxConcurrency: 2 },
    { flow: "@flows", auth: { type: "signature", scheme: "github", secret: ["erp"] }, requestResponse: true },
    { flow: "@flows", handshake: { scheme: "meta", secret: "erp" }, rate: { limit: 5, perSeconds: 1 } },
    {
      flow: "@flows",
      query: [{ name: "k", default: "v" }],
      input: "{{ body | json }}{{ query.k }}",
      output: { template: "{{ message | json }}", contentType: "text/plain" },
      deduplicate: { key: "{{ headers['x-id'] }}" },
      requestResponse: { timeoutSeconds: 0.3 },
    },
  ],
  "POST /workspaces/:ws/triggers/:trigger/keys": [{ label: "one" }, { label: "two", key: "pasted-key-of-somebody" }],
  "PATCH /workspaces/:ws/triggers/:trigger/keys/:id": [{ label: "changed" }],
  "PUT /workspaces/:ws/secrets/:name": [{ value: "hidden" }, { value: "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0" }],
  "PUT /workspaces/:ws/callback-configs/:name": [{}, { responseBody: "x", responseType: "response" }],
  "POST /workspaces/:ws/callbacks": [
    { callbackActivity: { type: "record" }, responseType: "response" },
    { callbackActivity: { type: "flow", flow: "@flows" }, responseType: "response", allowMultipleCalls: true },
    { callbackActivity: { type: "http", url: "@partner/handler", timeoutSeconds: 2 }, responseType: "response" },
    { callbackActivity: { type: "record" }, responseType: "redirect", responseRedirectUrl: "/case/1" },
    { config: "@callback-configs", callbackActivity: { type: "record" }, stateQueryParameter: "state", confirm: true },
    { callbackActivity: { type: "record" }, responseType: "response", replay: "same-response", expiresInSeconds: 5 },
  ],
  "POST /workspaces/:ws/adapters": [
    {
      name: "@random",
      type: "input",
      webhook_url: "@partner/adapter",
      shared_secret: "shared",
      configuration: [
        { key: "text", kind: "string", label: "Text", required: false },
        { key: "table", kind: "table", label: "Table", required: false, columns: ["a"] },
      ],
      timeout_seconds: 2,
      token_ttl_seconds: 1,
    },
  ],
  "PUT /workspaces/:ws/adapters/:id": [{ name: "@random", type: "input", webhook_url: "@partner/adapter" }],
  "PUT /workspaces/:ws/adapters/:id/rotate_shared_secret": [{ shared_secret: "rotated" }],
  "POST /workspaces/:ws/executions/bulk": [
    { action: "cancel", filter: { status: "waiting" }, dryRun: true },
    { action: "retry", filter: { flow: "@flows" } },
    { action: "resubmit", filter: { trigger: "nothing", from: "2026-01-01T00:00:00Z" } },
  ],
  "POST /tokens": [{ label: "made", permissions: ["config.read"], workspace: "scratch" }],
};

const ANYTHING = [
  {},
  { a: [1, "x", null] },
  { status: "success", callback: "@tokens-of-adapters", payload: { a: 1 } },
  { status: "error", user_logs: [{ type: "error", message: "no" }], callback: "@tokens-of-adapters" },
  {
    callback: "@tokens-of-adapters",
    status: "success",
    files: [{ file_name: "a.txt", mime_type: "text/plain", body: "aGk=", content_transfer_encoding: "base64" }],
  },
];

/** True when an admin route has a valid body to start from. */
export const hasGoodBody = (route: string) => Object.hasOwn(GOOD, route);

/** The body as text; it may contain references. */
export const bodyFor = (route: string): fc.Arbitrary<string> => {
  const good = fc.constantFrom(...(GOOD[route] ?? ANYTHING));
  const value = fc.oneof(
    hostileJson,
    hostileTemplate.map((template) => JSON.stringify(template)),
  );
  const changed = fc
    .tuple(good, fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 3 }))
    .map(([body, changes]) => change(body, changes));
  const more = fc
    .tuple(good, hostileText, hostileJson)
    .map(([body, name, value]) => JSON.stringify(body).replace("{", `{${JSON.stringify(name)}:${value},`));
  return weighted([4, good.map((body) => JSON.stringify(body))], [5, changed], [2, more], [3, hostileDocument]);
};

/** Replaces some of the values within a body by JSON texts. */
function change(body: object, changes: readonly (readonly [number, string])[]): string {
  const copy = structuredClone(body);
  const texts: string[] = [];
  for (const [pick, text] of changes) {
    const places = placesIn(copy);
    const place = places[pick % Math.max(places.length, 1)];
    if (place) place.of[place.name] = `@raw${texts.push(text) - 1}@`;
  }
  return JSON.stringify(copy).replaceAll(/"@raw(\d+)@"/g, (_, n: string) => texts[Number(n)] ?? "");
}

type Place = { readonly of: Record<string, unknown>; readonly name: string };

function placesIn(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const of = value as Record<string, unknown>;
  return Object.entries(of).flatMap(([name, inner]) => [{ of, name }, ...placesIn(inner)]);
}
