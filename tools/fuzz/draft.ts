/** What a fuzzed request is made of, before it knows the ids of the gateway that it goes to. */
import fc from "fast-check";
import { bodyFor } from "./bodies.ts";
import { nastyDocument, nastyText } from "./nasty.ts";
import type { AdminRoute } from "./routes.ts";

export type Owner = "steady" | "scratch" | "victim" | "nobody";
export type Identity = "own" | "builder" | "root" | "none" | "other" | "malformed";

/** A value for one parameter: something known, something known and then changed, or a text. */
export interface Param {
  readonly pick: number;
  readonly text: string | null;
  /** Changes this character of what is known; null for none. */
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
  /** Whether parameters are percent-encoded. */
  readonly isEncoded: boolean;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly isSigned: boolean;
  /** Put behind the path. */
  readonly tail: string;
}

/** What the router has beside the admin API; a test compares this with the router's own table. */
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
  fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const param = fc.record({ pick: fc.nat(10_000), text: rarely(nastyText), flip: rarely(fc.nat(80)) });

const header = fc.tuple(
  fc.constantFrom(...HEADERS),
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...VALUES) }, { weight: 1, arbitrary: nastyText }),
);
const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom("limit", "cursor", "status", "from", "to", "at", "trigger", "dryRun", "state", "k", "q"),
    nastyText,
  ),
  fc.oneof(
    fc.constantFrom("1", "100", "failed", "input", "2026-01-01T00:00:00Z", "hub.challenge", "e30", "W10"),
    nastyText,
  ),
);
const tail = fc.oneof(
  { weight: 9, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("/", "//", "/.", "/..", "/%2e%2e/x", ";a=b", "?", "#x", "%00", "/x/y", "\\"),
  },
);

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
  const identity = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Identity>(isWorkspace ? "builder" : isOfAll ? "root" : "own") },
    { weight: 3, arbitrary: fc.constant<Identity>("own") },
    { weight: 4, arbitrary: fc.constantFrom<Identity>("none", "other", "malformed") },
  );
  return fc.record({
    route: fc.constant(route),
    method: fc.oneof({ weight: 14, arbitrary: method }, { weight: 1, arbitrary: fc.constantFrom(...METHODS) }),
    path: fc.constant(path),
    owner: fc.oneof(
      // The steady tenant's configuration is changed by nobody.
      { weight: writesConfig ? 9 : 4, arbitrary: fc.constant<Owner>("scratch") },
      { weight: writesConfig ? 1 : 6, arbitrary: fc.constant<Owner>("steady") },
      { weight: 2, arbitrary: fc.constantFrom<Owner>("victim", "nobody") },
    ),
    identity,
    params: fc.array(param, { minLength: 4, maxLength: 4 }),
    isEncoded: fc.nat(3).map((n) => n > 0),
    query: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(parameter, { maxLength: 4 }) },
    ),
    headers: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(header, { maxLength: 5 }) },
    ),
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
    return {
      weight,
      arbitrary: draftsOf(`admin ${route}`, fc.constant(method), path, bodyFor(route), permission === "config.write"),
    };
  });
  const ofPublic = PUBLIC_ROUTES.map((route) => {
    const [method = "", path = ""] = route.split(" ");
    const methods =
      method === "all" ? fc.constantFrom("GET", "POST", "POST", "PUT", "DELETE") : fc.constant(method.toUpperCase());
    const weight = path.includes(":") || method === "post" ? 100 : 20;
    return {
      weight,
      arbitrary: draftsOf(`public ${route}`, methods, path, fc.oneof(bodyFor("public"), nastyDocument)),
    };
  });
  return fc.oneof(...ofAdmin, ...ofPublic);
}
