import { describe, expect, inject, it } from "vitest";
import { register } from "../../support/adapter.ts";
import { callBack } from "../../support/link.ts";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const { admin } = workspace;
const root = `/workspaces/${workspace.name}`;
const put = (path: string, body: unknown) => admin.request("PUT", root + path, body);
const statusOf = async (answer: Promise<Response>) => (await answer).status;

const ADAPTER = { type: "input", webhook_url: "http://127.0.0.1:9/" };
const headers = (count: number, name = "x-") =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}${i}`, "v"]));
const http = (fields: object) => ({ steps: [{ name: "a", type: "http", url: "http://127.0.0.1:9/", ...fields }] });
/** A flow of about as many bytes, in as many steps as that takes. */
const flowOf = (bytes: number) => {
  const [each, count] = [90_000, Math.floor(bytes / 90_000)];
  const step = (_: unknown, i: number) => ({ name: `s${i}`, type: "transform", template: "x".repeat(each) });
  return { steps: Array.from({ length: count }, step) };
};

describe("what is configured is bounded, and the answer names the field", () => {
  it("a step has at most 64 headers, with names of at most 100 characters", async () => {
    expect(await statusOf(put("/flows/headers", http({ headers: headers(64) })))).toBe(200);
    expect(await refusedFields(put("/flows/headers", http({ headers: headers(65) })))).toEqual(["steps[0].headers"]);
    const long = "x".repeat(101);
    expect(await statusOf(put("/flows/headers", http({ headers: { [long.slice(1)]: "v" } })))).toBe(200);
    const refused = await refusedFields(put("/flows/headers", http({ headers: { [long]: "v" } })));
    expect(refused).toEqual([`steps[0].headers.${long}`]);
    const document = { flows: { headers: http({ headers: headers(65) }) } };
    expect(await refusedFields(put("/config", document))).toEqual(["flows.headers.steps[0].headers"]);
  });

  it("a flow has at most 512 KiB as JSON, however short it was written", async () => {
    expect(await statusOf(put("/flows/large", flowOf(450_000)))).toBe(200);
    expect(await refusedFields(put("/flows/large", flowOf(540_000)))).toEqual(["steps"]);
    const step = { name: "a", type: "adapter", adapter: crypto.randomUUID(), configuration: { rows: "numbers" } };
    const numbers = `[${Array(100_000).fill("1e20").join()}]`;
    const short = JSON.stringify({ steps: [step] }).replace('"numbers"', numbers);
    expect(short.length).toBeLessThan(512 * 1024);
    expect(await refusedFields(put("/flows/large", short))).toEqual(["steps"]);
  });

  it("the flows of a workspace take at most 8 MiB together: what is there may shrink, and room is made by deleting", async () => {
    const own = await newWorkspace(gateway);
    const save = (name: string, bytes: number) =>
      own.admin.request("PUT", `/workspaces/${own.name}/flows/${name}`, flowOf(bytes));
    const saved: number[] = [];
    for (let i = 0; i < 18; i++) saved.push(await statusOf(save(`f${i}`, 500_000)));
    expect(saved).toEqual([...Array(18).fill(200)]);
    expect((await problemOf(save("more", 500_000), 422)).detail).toMatch(/flows .* 8388608 bytes together/);
    expect(await statusOf(save("small", 90_000))).toBe(200);
    await problemOf(save("small", 500_000), 422);
    expect(await statusOf(save("f0", 400_000))).toBe(200);
    expect((await own.admin.request("DELETE", `/workspaces/${own.name}/flows/f1`)).status).toBe(204);
    expect(await statusOf(save("more", 500_000))).toBe(200);
    const { items } = await own.get<{ items: unknown[] }>("/flows?limit=100");
    expect(items).toHaveLength(19);
  }, 60_000);

  it("a URL has at most 16 KiB, when it is saved and when a template has made it", async () => {
    const url = `http://127.0.0.1:9/${"x".repeat(17_000)}`;
    expect(await refusedFields(put("/flows/url", http({ url })))).toContain("steps[0].url");
    const callbackActivity = { type: "http", url };
    const fields = { callbackActivity, responseType: "response" };
    expect(await refusedFields(admin.request("POST", `${root}/callbacks`, fields))).toEqual(["callbackActivity.url"]);
    expect(await refusedFields(put("/callback-configs/url", { callbackActivity }))).toEqual(["callbackActivity.url"]);
    const trigger = await workspace.endpoint("url", [
      { name: "a", type: "http", url: "http://127.0.0.1:9/{{ message }}" },
    ]);
    const sent = await fetch(trigger, { method: "POST", body: "x".repeat(17_000) });
    const ended = await workspace.settled(sent.headers.get("hookback-execution-id") ?? "");
    expect(ended).toMatchObject({ status: "failed", failure: "error" });
    expect(ended.log.at(-1)?.message).toContain("more than 16384 characters");
    expect(await refusedFields(put("", { platformUrl: `http://a.example/${"x".repeat(2_000)}` }))).toEqual([
      "platformUrl",
    ]);
  });

  it("adapters are at most 500, by a document as well, and their definitions at most 128 KiB", async () => {
    const columns = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(100, "c"));
    const configuration = Array.from({ length: 20 }, (_, i) => ({
      ...{ key: `k${i}`, kind: "table", label: "rows", required: false },
      columns,
    }));
    const input = { ...ADAPTER, name: "wide", shared_secret: "s", configuration };
    expect(await refusedFields(admin.request("POST", `${root}/adapters`, input))).toEqual(["configuration"]);
    const id = await register(workspace, ADAPTER.webhook_url);
    const { shared_secret: _, ...change } = input;
    expect(await refusedFields(put(`/adapters/${id}`, change))).toEqual(["configuration"]);
    await workspace.put("/secrets/shared", { value: "s" });
    const entry = { ...ADAPTER, shared_secret_from: "shared" };
    const adapters = Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`adapter ${i}`, entry]));
    expect(await refusedFields(put("/config?dryRun=true", { adapters }))).toEqual(["adapters"]);
    const { "adapter 0": __, ...most } = adapters;
    expect(await statusOf(put("/config?dryRun=true", { adapters: most }))).toBe(200);
  });

  it("a token has each permission once at most, and a filter no longer name than there can be", async () => {
    const permissions = Array(9).fill("config.read");
    expect(await refusedFields(admin.request("POST", "/tokens", { label: "many", permissions }))).toEqual([
      "permissions",
    ]);
    const name = "x".repeat(101);
    const bulk = { action: "retry", dryRun: true, filter: { trigger: name, flow: name } };
    expect(await refusedFields(admin.request("POST", `${root}/executions/bulk`, bulk))).toEqual([
      "filter.flow",
      "filter.trigger",
    ]);
    expect(await refusedFields(admin.request("GET", `${root}/executions?flow=${name}`))).toEqual(["flow"]);
  });
});

describe("what others send is bounded", () => {
  it("a callback's status and code have at most 255 characters; its text is kept up to 2,000 (L15 L16 L17)", async () => {
    await using target = await startTarget();
    const trigger = await workspace.endpoint("ask", [{ name: "ask", type: "http", url: target.url, async: true }]);
    const sent = await fetch(trigger, { method: "POST", body: "x" });
    const id = sent.headers.get("hookback-execution-id") ?? "";
    await workspace.settled(id, ["waiting"]);
    const [asked] = target.received;
    if (!asked) throw new Error("nothing was asked");
    const answer = (headers: Record<string, string>) =>
      callBack(asked, { token: gateway.token, headers: { "X-Link-Status": "Failed", ...headers } });
    for (const header of ["X-Link-Document-Status", "X-Link-Error-Code"]) {
      const { detail } = await problemOf(answer({ [header]: "c".repeat(256) }), 400);
      expect(detail).toBe(`The header ${header} has more than 255 characters.`);
    }
    expect((await workspace.execution(id)).status).toBe("waiting");
    const long = { "X-Link-Error-Code": "c".repeat(255), "X-Link-Error-Text": "t".repeat(6_000) };
    expect((await answer(long)).status).toBe(200);
    const ended = await workspace.settled(id);
    expect(ended.errorCode).toHaveLength(255);
    expect(ended.statusLog.at(-1)?.text).toBe(`${"t".repeat(1_999)}…`);
  });

  it("a callback keeps of each call 64 headers, with names up to 100 and values up to 1,000 characters", async () => {
    const { callbackUrl, callbackState } = await workspace.post<Record<string, string>>("/callbacks", {
      callbackActivity: { type: "record" },
      responseType: "response",
      allowMultipleCalls: true,
    });
    const call = (sent: Record<string, string>) => fetch(callbackUrl ?? "", { method: "POST", headers: sent });
    expect((await call(headers(90))).status).toBe(200);
    expect((await call({ ["n".repeat(101)]: "v", "x-long": "v".repeat(5_000) })).status).toBe(200);
    const { calls } = await workspace.client.callbacks.get(callbackState ?? "");
    expect(Object.keys(calls[1]?.headers ?? {})).toHaveLength(64);
    expect(calls[0]?.headers["x-long"]).toHaveLength(1_000);
    expect(Object.keys(calls[0]?.headers ?? {}).every((name) => name.length <= 100)).toBe(true);
  });
});
