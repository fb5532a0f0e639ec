import { describe, expect, inject, it } from "vitest";
import { callBack } from "../../support/link.ts";
import { eventually, sleep, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const { token } = gateway;

const problemOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe("a trigger's answer", () => {
  it("without request-response 202 comes at once, with a Location to poll and the place in the order (N18 ND5)", async () => {
    await using target = await startTarget(async () => {
      await sleep(300);
      return { body: "slow" };
    });
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("note", [{ name: "erp", type: "http", url: target.url }]);
    const response = await fetch(url, { method: "POST", body: "x" });
    expect(response.status).toBe(202);
    const receipt = await problemOf(response);
    expect(receipt).toEqual({ executionId: expect.any(String), status: "queued", seq: expect.any(Number) });
    expect(response.headers.get("hookback-execution-id")).toBe(receipt.executionId);
    const location = response.headers.get("location") ?? "";
    expect(location).toBe(`${url}/executions/${receipt.executionId}`);
    const early = await fetch(location);
    expect(early.status).toBe(202);
    expect(await problemOf(early)).toMatchObject({ executionId: receipt.executionId, seq: receipt.seq });
    const late = await eventually(async () => {
      const polled = await fetch(location);
      return polled.status === 200 ? polled : undefined;
    });
    expect(await late.text()).toBe("slow");
  });

  it("a flow longer than the limit answers 504 with executionId and Location; the result is there later (N16 ND6)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("ask", [{ name: "erp", type: "http", url: target.url, async: true }], {
      requestResponse: { timeoutSeconds: 0.4 },
    });
    const started = Date.now();
    const response = await fetch(url, { method: "POST", body: "x" });
    expect(response.status).toBe(504);
    expect(Date.now() - started).toBeLessThan(5_000);
    const { executionId, code } = await problemOf(response);
    expect(code).toBe("timed-out");
    expect(response.headers.get("hookback-execution-id")).toBe(executionId);
    const location = response.headers.get("location") ?? "";
    expect((await fetch(location)).status).toBe(202);
    await callBack(target.received[0], { token, body: "result", headers: { "content-type": "text/csv" } });
    await workspace.settled(String(executionId));
    const result = await fetch(location);
    expect([result.status, result.headers.get("content-type"), await result.text()]).toEqual([
      200,
      "text/csv",
      "result",
    ]);
  });

  it("failed by data is 422, failed technically is 502, at once and when polled (ND6 LD15)", async () => {
    await using target = await startTarget(({ path }) => ({ status: Number(path.slice(1)) }));
    const workspace = await newWorkspace(gateway);
    const cases = { 400: 422, 404: 422, 302: 502, 500: 502 };
    for (const [from, to] of Object.entries(cases)) {
      const step = { name: "erp", type: "http", url: `${target.url}/${from}`, retry: { delaysSeconds: [] } };
      const url = await workspace.endpoint(`ask${from}`, [step], { requestResponse: true });
      const response = await fetch(url, { method: "POST", body: "x" });
      const problem = await problemOf(response);
      expect([from, response.status]).toEqual([from, to]);
      expect(problem.executionId).toBe(response.headers.get("hookback-execution-id"));
      expect(problem.code).toBe(to === 422 ? "flow-failed" : "flow-broken");
      expect((await fetch(`${url}/executions/${problem.executionId}`)).status).toBe(to);
    }
  });

  it("time in the queue counts (ND6)", async () => {
    await using target = await startTarget(async () => {
      await sleep(1_000);
      return {};
    });
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("ask", [{ name: "erp", type: "http", url: target.url }], {
      requestResponse: { timeoutSeconds: 1.7 },
      orderedDelivery: true,
    });
    const statuses = await Promise.all([0, 1, 2].map(async () => (await fetch(url, { method: "POST" })).status));
    expect(statuses.toSorted()).toEqual([200, 504, 504]);
  });

  it("polling needs the trigger's API key; an id of another trigger, workspace or nobody is 404 (ND15)", async () => {
    await using target = await startTarget(() => ({ body: "result" }));
    const workspace = await newWorkspace(gateway);
    const steps = [{ name: "erp", type: "http", url: target.url }];
    const closed = await workspace.endpoint("closed", steps, { auth: { type: "apiKeys" } });
    const open = await workspace.endpoint("open", steps);
    const { key } = await workspace.post<{ key: string }>("/triggers/closed/keys", { label: "shop" });
    const headers = { "x-api-key": key };
    const sent = await fetch(closed, { method: "POST", headers });
    const { executionId } = await problemOf(sent);
    await workspace.settled(String(executionId));
    expect((await fetch(`${closed}/executions/${executionId}`)).status).toBe(401);
    expect((await fetch(`${closed}/executions/${executionId}`, { headers })).status).toBe(200);
    expect((await fetch(`${closed}/executions/${executionId}`, { headers, method: "POST" })).status).toBe(405);
    expect((await fetch(`${open}/executions/${executionId}`)).status).toBe(404);
    const other = await newWorkspace(gateway);
    const foreign = await other.endpoint("open", steps);
    expect((await fetch(`${foreign}/executions/${executionId}`)).status).toBe(404);
    expect((await fetch(`${open}/executions/${crypto.randomUUID()}`)).status).toBe(404);
  });

  it("GET and POST by default, others 405 with Allow; a GET starts the flow with an empty message (N2 N4 ND3 ND12 ND14)", async () => {
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("echo", [], { requestResponse: true });
    const got = await fetch(url);
    expect([got.status, await got.text()]).toEqual([200, ""]);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const posted = await fetch(url, { method: "POST", body: bytes, headers: { "content-type": "application/x-odd" } });
    expect(posted.headers.get("content-type")).toBe("application/x-odd");
    expect(new Uint8Array(await posted.arrayBuffer())).toEqual(bytes);
    for (const method of ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]) {
      const response = await fetch(url, { method });
      expect([method, response.status, response.headers.get("allow")]).toEqual([method, 405, "GET, POST"]);
    }
  });
});
