import { beforeAll, describe, expect, inject, it } from "vitest";
import { startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});

const post = (url: string, body: string, type = "application/json") =>
  fetch(url, { method: "POST", body, headers: { "content-type": type } });

async function answerOf(response: Response) {
  return [response.status, response.headers.get("content-type"), await response.text()];
}

describe("data processing", () => {
  it("configured query parameters are taken, with defaults; empty counts as sent, the last one wins (N3 N19 N20 ND10)", async () => {
    const url = await workspace.endpoint("query", [], {
      requestResponse: true,
      query: [{ name: "status", default: "new" }, { name: "id" }],
      input: "{{ query | json }}",
    });
    const cases = [
      ["", { status: "new" }],
      ["?id=7&other=1", { status: "new", id: "7" }],
      ["?status=&id=", { status: "", id: "" }],
      ["?id=1&id=2", { status: "new", id: "2" }],
    ] as const;
    for (const [query, expected] of cases) expect(await (await fetch(url + query)).json()).toEqual(expected);
  });

  it("query parameters reach the flow through input only (N6 N21 ND11)", async () => {
    await using target = await startTarget(({ body }) => ({ body, headers: { "content-type": "application/json" } }));
    const steps = [{ name: "erp", type: "http", url: target.url }];
    const stock = { requestResponse: true, query: [{ name: "item" }] };
    const raw = await workspace.endpoint("raw", steps, stock);
    expect(await (await fetch(`${raw}?item=A1`)).text()).toBe("");
    expect(target.received[0]?.path).toBe("/");
    const shaped = await workspace.endpoint("shaped", steps, { ...stock, input: '{"item": {{ query.item | json }}}' });
    expect(await (await fetch(`${shaped}?item=A1`)).json()).toEqual({ item: "A1" });
  });

  it("input and output make JSON if it parses, else text, or the type that they name (ND11)", async () => {
    const make = (name: string, trigger: object) => workspace.endpoint(name, [], { requestResponse: true, ...trigger });
    const json = await make("json", {
      input: '{"total": {{ body.lines.size }}, "by": "{{ headers.x-by }}", "how": "{{ method }}"}',
    });
    const headers = { "content-type": "application/json", "X-By": "me", "x-api-key": "hidden" };
    const made = await fetch(json, { method: "POST", body: '{"lines": [1, 2]}', headers });
    expect(await answerOf(made)).toEqual([200, "application/json", '{"total": 2, "by": "me", "how": "POST"}']);
    const text = await make("text", { input: "{{ body | upcase }}" });
    expect(await answerOf(await post(text, "abc", "text/plain"))).toEqual([200, "text/plain; charset=utf-8", "ABC"]);
    const xml = await make("xml", { output: { template: "<a>{{ message }}</a>", contentType: "application/xml" } });
    expect(await answerOf(await post(xml, "<b/>", "application/xml"))).toEqual([200, "application/xml", "<a><b/></a>"]);
  });

  it("output sees the request and the message that the flow ended with (ND11)", async () => {
    await using target = await startTarget(() => ({
      body: '{"id": 42}',
      headers: { "content-type": "application/json" },
    }));
    const url = await workspace.endpoint("output", [{ name: "erp", type: "http", url: target.url }], {
      requestResponse: true,
      query: [{ name: "q" }],
      output: '{"created": {{ message.id }}, "for": "{{ body.name }}", "q": "{{ query.q }}", "how": "{{ method }}"}',
    });
    const response = await post(`${url}?q=x`, '{"name": "Ann"}');
    expect(await response.json()).toEqual({ created: 42, for: "Ann", q: "x", how: "POST" });
    expect(target.received[0]?.body.toString()).toBe('{"name": "Ann"}');
  });

  it("transform steps make a new message between others", async () => {
    await using target = await startTarget(({ body }) => ({ body, headers: { "content-type": "application/json" } }));
    const steps = [
      { name: "shape", type: "transform", template: '{"sum": {{ message.a | plus: message.b }}}' },
      { name: "erp", type: "http", url: target.url },
      { name: "text", type: "transform", template: "sum is {{ message.sum }}", contentType: "text/x-sum" },
    ];
    const url = await workspace.endpoint("transform", steps, { requestResponse: true });
    expect(await answerOf(await post(url, '{"a": 1, "b": 2}'))).toEqual([200, "text/x-sum", "sum is 3"]);
    expect(target.received[0]?.body.toString()).toBe('{"sum": 3}');
  });

  it("errors name template and line: input refuses the call, a step or output fails the flow by data", async () => {
    const input = await workspace.endpoint("bad-input", [], { requestResponse: true, input: "{}\n{{ body.missing }}" });
    const refused = await post(input, "{}");
    const problem = (await refused.json()) as { errors: { field: string; message: string }[] };
    expect([refused.status, problem.errors[0]?.field]).toEqual([422, "input"]);
    expect(problem.errors[0]?.message).toContain("line:2");
    expect(await workspace.executions({ trigger: "bad-input" })).toEqual([]);
    const step = { name: "shape", type: "transform", template: "{{ message.missing }}" };
    for (const [name, steps, trigger] of [
      ["bad-step", [step], {}],
      ["bad-output", [], { output: "{{ message.missing }}" }],
    ] as const) {
      const url = await workspace.endpoint(name, [...steps], { requestResponse: true, ...trigger });
      const failed = await post(url, "{}");
      expect([name, failed.status, ((await failed.json()) as { code: string }).code]).toEqual([
        name,
        422,
        "flow-failed",
      ]);
    }
    const saved = await workspace.admin.request("PUT", `/workspaces/${workspace.name}/triggers/json`, {
      flow: "json",
      input: "ok\n{% if %}",
      output: { template: "{{ secrets.x }}" },
    });
    expect(saved.status).toBe(422);
    expect(JSON.stringify(await saved.json())).toMatch(/line:2/);
  });

  it("a large body goes through a template up to 1 MiB, beyond it is 413 and changes nothing", async () => {
    const url = await workspace.endpoint("large", [], { requestResponse: true, input: "{{ body.text | size }}" });
    const json = (size: number) => JSON.stringify({ text: "x".repeat(size) });
    expect(await (await post(url, json(500_000))).text()).toBe("500000");
    expect((await post(url, json(1_100_000))).status).toBe(413);
  });
});

describe("Prefer", () => {
  it("respond-async answers 202, at once or after wait=n; wait=n alone shortens the limit (ND6)", async () => {
    await using target = await startTarget(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { body: "done" };
    });
    const url = await workspace.endpoint("prefer", [{ name: "erp", type: "http", url: target.url }], {
      requestResponse: true,
    });
    const ask = async (prefer: string) => {
      const start = Date.now();
      const response = await fetch(url, { method: "POST", headers: { prefer } });
      return { status: response.status, ms: Date.now() - start, location: response.headers.get("location") };
    };
    const [now, later, short, ignored] = await Promise.all([
      ask("respond-async"),
      ask("respond-async, wait=1"),
      ask("wait=1"),
      ask("handling=lenient, wait=x"),
    ]);
    expect(now.status).toBe(202);
    expect(now.ms).toBeLessThan(900);
    expect(later).toMatchObject({ status: 202, location: expect.stringContaining("/executions/") });
    expect(later.ms).toBeGreaterThanOrEqual(990);
    expect(short).toMatchObject({ status: 504, location: expect.stringContaining("/executions/") });
    expect(ignored).toMatchObject({ status: 200, location: null });
  });
});
