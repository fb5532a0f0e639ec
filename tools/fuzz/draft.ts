/** The parts of a fuzzed request, before the ids of the gateway are filled in. */
import fc from "fast-check";
import { weighted } from "../lib/weighted.ts";
import { bodyFor } from "./bodies.ts";
import { hostileDocument, hostileText } from "./hostile-input.ts";
import type { AdminRoute } from "./routes.ts";

export type Owner = "steady" | "scratch" | "victim" | "nobody";
export type Identity = "own" | "builder" | "root" | "none" | "other" | "malformed";

/** A value for one parameter: a known id, a known id with one changed character, or a text. */
export interface Param {
  readonly pick: number;
  readonly text: string | null;
  /** Position of the changed character of a known id; null for none. */
  readonly flip: number | null;
}

export interface Draft {
  /** `admin PUT /workspaces/:ws`, or `public all /cb/:state`. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly owner: Owner;
  readonly identity: Identity;
  readonly params: readonly Param[];
  /** True when parameters are percent-encoded. */
  readonly isEncoded: boolean;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly isSigned: boolean;
  /** Appended to the path. */
  readonly tail: string;
}

/** The routes outside the admin API; a test compares them with the router's own table. */
export const PUBLIC_ROUTES = [
  "get /healthz",
  "head /healthz",
  "get /",
  "get /console/*",
  "head /console/*",
  "post /cb",
  "post /adapter/callback",
  "all /cb/:state",
  "all /cbq/:param",
  "get /api/v1/openapi.json",
  "get /api/v1/config.schema.json",
  "all /api/*",
  "all /api/v1/workspaces/:ws/executions/:id/*",
  "all /:workspace/:trigger",
  "all /:workspace/:trigger/executions/:id",
] as const;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND", "TRACE", "QUERY", "get"];

const HEADERS = [
  ...["content-type", "content-encoding", "accept", "accept-encoding", "prefer", "idempotency-key", "cookie", "range"],
  ...["x-link-status", "x-link-correlation-id", "x-link-document-status", "x-link-error-code", "x-link-error-text"],
  ...["x-api-key", "x-chainio-signature", "x-hub-signature-256", "x-slack-signature", "x-slack-request-timestamp"],
  ...["x-sign", "x-at", "x-id", "webhook-id", "webhook-timestamp", "webhook-signature", "stripe-signature"],
  ...["authorization", "x-forwarded-for", "x-forwarded-host", "x-http-method-override", "origin", "if-none-match"],
  ...["expect", "hookback-hops", "traceparent", "webhook-request-origin", "__proto__", "constructor", "x-custom"],
];

const VALUES = [
  ...["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml"],
  ...["application/json; charset=utf-16", 'text/plain; charset="', "text/plain; charset=no-such", "a/b;".repeat(500)],
  ...["gzip", "br, gzip", "identity", "deflate", "respond-async", "wait=1", "wait=-1", "wait=1e9, respond-async"],
  ...["Ok", "ok", "Failed", "Progress", "Ok, Ok", "bytes=0-0,-1", "*", 'W/"x"', "17", "9".repeat(400), "-1"],
  ...["Bearer x", "Basic", "Basic Og==", "Basic ::::", "Bearer hbp_00000000000000000000000000000000_x", "sha256="],
  ...["v1=0,t=0", "v1,aaaa v1,bbbb", "1700000000", "x".repeat(8_000), "eyJhbGciOiJub25lIn0.e30.", "\u00ff\u00fe"],
];

const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  weighted<T | null>([9, fc.constant(null)], [1, arbitrary]);

const param = fc.record({ pick: fc.nat(10_000), text: rarely(hostileText), flip: rarely(fc.nat(80)) });

const header = fc.tuple(fc.constantFrom(...HEADERS), weighted([4, fc.constantFrom(...VALUES)], [1, hostileText]));
const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom("limit", "cursor", "status", "from", "to", "at", "trigger", "dryRun", "state", "k", "q"),
    hostileText,
  ),
  fc.oneof(
    fc.constantFrom("1", "100", "failed", "input", "2026-01-01T00:00:00Z", "hub.challenge", "e30", "W10"),
    hostileText,
  ),
);
const TAILS = ["/", "//", "/.", "/..", "/%2e%2e/x", ";a=b", "?", "#x", "%00", "/x/y", "\\"];
const tail = weighted([9, fc.constant("")], [1, fc.constantFrom(...TAILS)]);

/** Drafts of one route. */
function draftsOf(
  route: string,
  method: fc.Arbitrary<string>,
  path: string,
  body: fc.Arbitrary<string>,
  writesConfig = false,
) {
  const isOfAll = !path.includes(":ws");
  const isWorkspace = path === "/workspaces" || path === "/workspaces/:ws";
  const identity = weighted<Identity>(
    [12, fc.constant(isWorkspace ? "builder" : isOfAll ? "root" : "own")],
    [3, fc.constant("own")],
    [4, fc.constantFrom("none", "other", "malformed")],
  );
  return fc.record({
    route: fc.constant(route),
    method: weighted([14, method], [1, fc.constantFrom(...METHODS)]),
    path: fc.constant(path),
    // The configuration of the steady tenant must stay as it is.
    owner: weighted<Owner>(
      [writesConfig ? 9 : 4, fc.constant("scratch")],
      [writesConfig ? 1 : 6, fc.constant("steady")],
      [2, fc.constantFrom("victim", "nobody")],
    ),
    identity,
    params: fc.array(param, { minLength: 4, maxLength: 4 }),
    isEncoded: fc.nat(3).map((n) => n > 0),
    query: weighted<[string, string][]>([2, fc.constant([])], [1, fc.array(parameter, { maxLength: 4 })]),
    headers: weighted<[string, string][]>([2, fc.constant([])], [1, fc.array(header, { maxLength: 5 })]),
    body: fc.option(body, { freq: 8 }),
    isSigned: fc.boolean(),
    tail,
  }) satisfies fc.Arbitrary<Draft>;
}

/** Drafts over every route. */
export function drafts(admin: readonly AdminRoute[]): fc.Arbitrary<Draft> {
  const ofAdmin = admin.map(({ method, path, permission }) => {
    const route = `${method} ${path}`;
    // Each of these may act on a thousand executions.
    const weight = path.endsWith("/bulk") ? 1 : 20;
    const writesConfig = permission === "config.write";
    return [weight, draftsOf(`admin ${route}`, fc.constant(method), path, bodyFor(route), writesConfig)] as const;
  });
  const ofPublic = PUBLIC_ROUTES.map((route) => {
    const [method = "", path = ""] = route.split(" ");
    const methods =
      method === "all" ? fc.constantFrom("GET", "POST", "POST", "PUT", "DELETE") : fc.constant(method.toUpperCase());
    const weight = path.includes(":") || method === "post" ? 100 : 20;
    return [weight, draftsOf(`public ${route}`, methods, path, fc.oneof(bodyFor("public"), hostileDocument))] as const;
  });
  return weighted<Draft>(...ofAdmin, ...ofPublic);
}
