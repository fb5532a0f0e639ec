import { beforeAll, describe, expect, inject, it } from "vitest";
import { problemOf } from "../support/problem.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
let root: string;
let id: string;
let before: unknown;

/** Every list, below the workspace and of the gateway. */
const lists = () => [
  ...["flows", "triggers", "triggers/in/keys", "secrets", "adapters", "callback-configs", "callbacks"].map(inRoot),
  ...["executions", "lanes"].map(inRoot),
  "/workspaces",
  "/tokens",
];
const inRoot = (path: string) => `${root}/${path}`;
const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
  root = `/workspaces/${workspace.name}`;
  for (const name of ["in", "b", "c"]) await workspace.endpoint(name, [], { auth: { type: "none" } });
  id = String((await workspace.get<{ id: string }>("")).id);
  before = await workspace.get("/config");
});

const ask = (path: string) => workspace.admin.request("GET", path);

describe("hostile calls of the admin API", () => {
  it("cursors that were made up are refused on every list, or show nothing but the list", async () => {
    const shards = (value: unknown) => encode(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i, value])));
    const cursors = [
      ...[
        "x",
        "%00",
        "null",
        "../../etc/passwd",
        "𝒶",
        "x".repeat(15_000),
        encode("null"),
        encode("[]"),
        encode("{"),
        "====",
      ],
      ...[
        ["flow:", "x"],
        [`flow:${id}:`, "x"],
        [`secret:${id}:`, { a: 1 }],
        ["token:", ""],
        [null, null],
      ].map(encode),
      ...[{ "0": -1 }, { "0": 1e300 }, { "0": "1; DROP TABLE executions" }, { __proto__: 1 }, { a: {} }].map(encode),
      ...[-1, 0, 1.5, Number.MAX_SAFE_INTEGER, null, "x", [], {}].map(shards),
      ...[`${id}/`, `${id}/'; DROP TABLE lanes; --`, `${crypto.randomUUID()}/in`, `${id}/\u0000`, "%"].map(encode),
    ];
    for (const path of lists()) {
      for (const cursor of cursors) {
        const response = await ask(`${path}?cursor=${encodeURIComponent(cursor)}`);
        const text = await response.text();
        expect([path, cursor.slice(0, 60), response.status]).toEqual([
          path,
          cursor.slice(0, 60),
          expect.toBeOneOf([200, 400, 414, 422]),
        ]);
        expect(text.length).toBeLessThan(50_000);
      }
    }
  }, 120_000);

  it("queries of any value are taken or refused with 4xx that names the parameter", async () => {
    const limits = [
      "0",
      "-1",
      "1.5",
      "101",
      "1e9",
      "0x10",
      "NaN",
      "Infinity",
      "５",
      "",
      " ",
      "[]",
      "1;2",
      "9".repeat(400),
    ];
    for (const path of lists()) {
      for (const limit of limits) {
        const response = await ask(`${path}?limit=${encodeURIComponent(limit)}`);
        await response.body?.cancel();
        expect([path, limit, response.status]).toEqual([path, limit, expect.toBeOneOf([200, 422])]);
      }
    }
    const filters: [name: string, value: string][] = [
      ...["x", "constructor", "QUEUED", "queued,running", "", "'"].map((value): [string, string] => ["status", value]),
      ...[
        "x",
        "0",
        "2026-13-01T00:00:00Z",
        "2026-01-01",
        "-271821-04-20T00:00:00Z",
        "9999-12-31T23:59:60Z",
        "1e3",
      ].flatMap((value): [string, string][] => [
        ["from", value],
        ["to", value],
      ]),
    ];
    for (const [name, value] of filters) {
      const { errors } = await problemOf(ask(`${root}/executions?${name}=${encodeURIComponent(value)}`), 422);
      expect([value, errors?.map(({ field }) => field)]).toEqual([value, [name]]);
    }
    for (const value of ["' OR 1=1 --", "%", "_", "*", "__proto__", "in\u0000", "\ud83d\ude00"]) {
      for (const name of ["trigger", "flow"]) {
        const found = await ask(`${root}/executions?${name}=${encodeURIComponent(value)}`);
        expect(await found.json()).toEqual({ items: [] });
      }
    }
    const far = await ask(
      `${root}/executions?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&from=0002-01-01T00:00:00Z`,
    );
    expect(far.status).toBe(200);
  }, 60_000);

  it("documents with tens of thousands of nodes are applied or refused as a whole, within seconds and in few words", async () => {
    const many = <T>(count: number, make: (i: number) => [string, T]) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => make(i)));
    const empty = { steps: [] };
    const documents: object[] = [
      { flows: many(1_001, (i) => [`f${i}`, empty]) },
      { flows: many(20_000, (i) => [`f${i}`, empty]) },
      { flows: { a: { steps: Array(10_000).fill({ name: "a", type: "transform", template: "" }) } } },
      { triggers: many(10_000, (i) => [`t${i}`, { flow: "nothing" }]) },
      { triggers: { in: { flow: "in", query: Array.from({ length: 30_000 }, (_, i) => ({ name: `${i}` })) } } },
      { callbackConfigs: many(2_000, (i) => [`c${i}`, { responseHeaders: { "": "x" } }]) },
      {
        adapters: many(5_000, (i) => [
          `${i}`,
          { type: "input", webhook_url: "http://x.example/", shared_secret_from: "s" },
        ]),
      },
      { settings: { documentStatuses: Array.from({ length: 50_000 }, (_, i) => `${i}`) } },
      {
        flows: JSON.parse(
          `{"a":{"steps":[{"name":"a","type":"adapter","adapter":"a","configuration":{"a":${"[".repeat(60)}${"]".repeat(60)}}}]}}`,
        ),
      },
      JSON.parse('{"flows":{"__proto__":{"steps":[]}},"__proto__":{"flows":{}}}') as object,
      JSON.parse('{"triggers":{"constructor":{"flow":"toString"}}}') as object,
    ];
    for (const [index, document] of documents.entries()) {
      const started = Date.now();
      const response = await workspace.admin.request("PUT", `${root}/config`, document);
      const size = (await response.clone().arrayBuffer()).byteLength;
      expect([index, response.status, size < 20_000]).toEqual([index, 422, true]);
      await problemOf(response, 422);
      expect([index, Date.now() - started < 15_000]).toEqual([index, true]);
    }
    expect(await workspace.get("/config")).toEqual(before);
  }, 120_000);

  it("a body in another encoding or notation is 400, and is not guessed at", async () => {
    const text = '{"steps":[]}';
    const bodies: [what: string, body: string | Uint8Array<ArrayBuffer>, type: string, status: number][] = [
      ["YAML", "steps: []\n", "application/yaml", 400],
      ["YAML with aliases", "a: &a [x]\nb: [*a, *a]\n", "application/json", 400],
      ["JSON with comments", '{"steps":[] /* none */}', "application/json", 400],
      ["JSON5", "{steps: [],}", "application/json", 400],
      ["two documents", `${text}\n${text}`, "application/json", 400],
      ["UTF-16 with a mark", Buffer.from(`\ufeff${text}`, "utf16le"), "application/json; charset=utf-16", 400],
      ["Latin-1", Buffer.from('{"steps":[],"é":1}', "latin1"), "application/json; charset=iso-8859-1", 400],
      [
        "overlong UTF-8",
        Buffer.from([...Buffer.from('{"a":"'), 0xc0, 0xaf, ...Buffer.from('"}')]),
        "application/json",
        400,
      ],
      ["a form", "steps=", "application/x-www-form-urlencoded", 400],
      ["UTF-8 with a mark", `\ufeff${text}`, "application/json", 200],
    ];
    const authorization = `Bearer ${gateway.token}`;
    for (const [what, body, type, status] of bodies) {
      const url = `${gateway.url}/api/v1${root}/flows/encoded`;
      const response = await fetch(url, { method: "PUT", body, headers: { authorization, "content-type": type } });
      await response.body?.cancel();
      expect([what, response.status]).toEqual([what, status]);
    }
  });

  it("no header makes another method, path, host or caller of a request", async () => {
    const path = `${root}/flows/in`;
    const headers = {
      "x-http-method-override": "DELETE",
      "x-method-override": "DELETE",
      "x-original-url": `/api/v1${root}`,
      "x-rewrite-url": `/api/v1${root}`,
      "x-forwarded-host": "evil.example",
      "x-forwarded-user": "admin",
      "cf-access-jwt-assertion": "x.y.z",
    };
    const response = await workspace.admin.request("GET", path, undefined, headers);
    expect([response.status, await response.json()]).toEqual([200, await workspace.get("/flows/in")]);
    await problemOf(workspace.admin.as("").request("GET", path, undefined, headers), 401);
    const shown = await workspace.admin.request("GET", `${root}/triggers/in`, undefined, headers);
    expect(await shown.json()).toMatchObject({ url: `${gateway.url}/${workspace.name}/in` });
    for (const method of ["TRACE", "PROPFIND", "MKCOL", "SEARCH"]) {
      const refused = await fetch(`${gateway.url}/api/v1${path}`, { method }).catch(() => null);
      await refused?.body?.cancel();
      expect([method, refused === null || refused.status === 405 || refused.status === 501]).toEqual([method, true]);
    }
    expect(await workspace.get("/flows/in")).toMatchObject({ name: "in" });
  });
});
