import { beforeAll, describe, expect, inject, it } from "vitest";
import { problemOf } from "../support/problem.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
let before: unknown;
const everything = async () =>
  Promise.all(["", "/flows", "/triggers", "/secrets", "/adapters"].map((path) => workspace.get(path)));

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
  await workspace.endpoint("in", []);
  await workspace.put("/secrets/erp", { value: "x" });
  before = await everything();
});

const nested = (open: string, close: string, depth: number, inner = "") =>
  open.repeat(depth) + inner + close.repeat(depth);
const put = (path: string, body: string) =>
  workspace.admin.request("PUT", `/workspaces/${workspace.name}${path}`, body);
const flow = (step: object) => JSON.stringify({ steps: [{ name: "a", ...step }] });
const transform = (template: string) => flow({ type: "transform", template });

/** What is refused, with its status, wherever it is sent. */
const REFUSED: readonly (readonly [what: string, path: string, body: string, status: number])[] = [
  ["arrays 100,000 deep", "/flows/in", nested("[", "]", 100_000), 422],
  ["objects 100,000 deep", "/flows/in", nested('{"steps":', "}", 100_000, "[]"), 422],
  [
    "a deep value where any JSON may stand",
    "/flows/in",
    flow({ type: "adapter", adapter: crypto.randomUUID(), configuration: { a: 0 } }).replace(
      ":0}",
      `:${nested("[", "]", 5_000)}}`,
    ),
    422,
  ],
  [
    "a deep value in a configuration document",
    "/config",
    `{"flows":{"in":{"steps":[{"a":${nested("[", "]", 5_000)}}]}}}`,
    422,
  ],
  ["deep nesting cut short", "/flows/in", "[".repeat(500_000), 400],
  ["a number beyond all numbers", "", '{"retentionDays":1e999}', 422],
  ["a number with a million digits", "", `{"retentionDays":1${"0".repeat(1_000_000)}}`, 422],
  ["a whole number that is none", "", '{"shards":1.5}', 422],
  ["a negative number", "", '{"shards":-1}', 422],
  ["a number as text", "", '{"shards":"4"}', 422],
  ["minus zero", "", '{"shards":-0}', 422],
  ["__proto__ beside the fields", "/triggers/in", '{"flow":"in","__proto__":{"auth":{"type":"none"}}}', 422],
  ["constructor beside the fields", "/triggers/in", '{"flow":"in","constructor":{"prototype":{"x":1}}}', 422],
  ["a flow that only Object has", "/triggers/in", '{"flow":"constructor"}', 422],
  ["an auth type that only Object has", "/triggers/in", '{"flow":"in","auth":{"type":"__proto__"}}', 422],
  [
    "a scheme that only Object has",
    "/triggers/in",
    '{"flow":"in","auth":{"type":"signature","scheme":"toString","secret":"erp"}}',
    422,
  ],
  ["50,000 unknown fields", "/triggers/in", `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join()}}`, 422],
  ["100,000 steps", "/flows/in", `{"steps":[${Array(100_000).fill("5").join()}]}`, 422],
  ["a template of 120,000 characters", "/flows/in", transform("x".repeat(120_000)), 422],
  ["a URL template of 120,000 characters", "/flows/in", flow({ type: "http", url: "{{".repeat(60_000) }), 422],
  ["3,700 blocks within each other", "/flows/in", transform(nested("{% if true %}", "{% endif %}", 3_700)), 422],
  ["30,000 brackets within each other", "/flows/in", transform(`{{ message${nested("[message", "]", 10_000)} }}`), 422],
  ["a million bytes and one", "/secrets/erp", `{"value":"${"x".repeat(1024 * 1024)}"}`, 413],
  ["UTF-16", "/flows/in", "\u0000{\u0000}", 400],
  ["a lone surrogate as a name", "/flows/in", '{"steps":[{"name":"\\ud800","type":"transform","template":""}]}', 422],
  [
    "line breaks in a header of a step",
    "/flows/in",
    flow({ type: "http", url: "http://127.0.0.1:9/", headers: { a: "b\r\nc: d" } }),
    422,
  ],
  [
    "a zero byte in a header's name",
    "/flows/in",
    flow({ type: "http", url: "http://127.0.0.1:9/", headers: { "a\u0000": "b" } }),
    422,
  ],
];

describe("hostile documents", () => {
  for (const [what, path, body, status] of REFUSED) {
    it(`${what} is ${status} with a short problem document (ND16)`, async () => {
      const started = Date.now();
      const response = await put(path, body);
      const size = (await response.clone().arrayBuffer()).byteLength;
      await problemOf(response, status);
      expect(size).toBeLessThan(20_000);
      expect(Date.now() - started).toBeLessThan(10_000);
    });
  }

  it("change nothing, and leave the gateway as quick as it was", async () => {
    expect(await everything()).toEqual(before);
    expect((await fetch(`${gateway.url}/${workspace.name}/in`, { method: "POST", body: "x" })).status).toBe(202);
  });

  it("the last of a repeated member counts, and members of Object are nobody's", async () => {
    const twice = '{"steps":[5],"steps":[]}';
    expect((await put("/flows/twice", twice)).status).toBe(200);
    expect(await workspace.get("/flows/twice")).toMatchObject({ steps: [] });
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const found = await workspace.admin.request("GET", `/workspaces/${workspace.name}/flows/${name}`);
      expect([name, found.status]).toEqual([name, 404]);
    }
    expect((await put("/flows/constructor", '{"steps":[]}')).status).toBe(200);
    expect(await workspace.get("/flows/constructor")).toMatchObject({ name: "constructor", steps: [] });
  });

  it("messages of any shape come through templates and lanes as data, never as structure", async () => {
    const url = await workspace.endpoint("data", [{ name: "a", type: "transform", template: "{{ message | json }}" }], {
      input: '{"got": {{ body | json }}, "q": {{ query.__proto__ | json }}}',
      query: [{ name: "__proto__" }, { name: "constructor" }],
      orderedDelivery: { key: "{{ body.__proto__ }}{{ body.constructor }}{{ body.lane }}" },
      requestResponse: true,
    });
    const bodies = [
      '{"__proto__":{"polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      "[]",
      '"text"',
      "null",
      "1e400",
      '{"lane":"a\\u0000b"}',
    ];
    for (const body of bodies) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}?__proto__=p&constructor=c`, { method: "POST", headers, body });
      expect([body, answer.status]).toEqual([body, 200]);
      expect(await answer.json()).toMatchObject({ q: "p" });
    }
    const deep = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: nested("[", "]", 30_000),
    });
    expect(deep.status).toBe(422);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
