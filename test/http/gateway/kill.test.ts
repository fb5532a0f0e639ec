import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { eventually, sleep, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

interface Receipt {
  readonly executionId: string;
  readonly seq: number;
}

async function send(url: string, body: string): Promise<Receipt> {
  const response = await fetch(url, { method: "POST", body });
  expect(response.status).toBe(202);
  return (await response.json()) as Receipt;
}

describe("SIGKILL", () => {
  it("200 executions, queued, sending and waiting, all finish after a restart, in order, repeats with the same key", async () => {
    await using target = await startTarget(async ({ path }) => {
      await sleep(path === "/ordered" ? 10 : 150);
      return { status: 200, body: "done" };
    });
    const workspace = await newWorkspace(gateway);
    const ordered = await workspace.endpoint("ordered", [{ name: "erp", type: "http", url: `${target.url}/ordered` }], {
      orderedDelivery: true,
    });
    const free = await workspace.endpoint("free", [{ name: "erp", type: "http", url: `${target.url}/free` }]);
    const waiting = await workspace.endpoint("waiting", [
      { name: "ask", type: "http", url: `${target.url}/async`, async: true },
    ]);

    const waits = await Promise.all(Array.from({ length: 50 }, (_, n) => send(waiting, String(n))));
    for (const { executionId } of waits) await workspace.settled(executionId, ["waiting"]);
    const lane = await Promise.all(Array.from({ length: 100 }, (_, n) => send(ordered, String(n))));
    const frees = await Promise.all(Array.from({ length: 50 }, (_, n) => send(free, String(n))));
    const before = target.received.length;
    expect(before).toBeLessThan(200);

    await gateway.kill();
    await sleep(200);
    const sentBefore = [...target.received];
    await gateway.restart();

    for (const { executionId } of [...lane, ...frees]) {
      expect(await workspace.settled(executionId, undefined, 60_000)).toMatchObject({ status: "succeeded" });
    }
    for (const { executionId } of waits) {
      const { status, steps } = await workspace.execution(executionId);
      expect(status).toBe("waiting");
      const response = await fetch(`${gateway.url}/cb`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${gateway.token}`,
          "x-link-correlation-id": steps[0]?.correlationId ?? "",
          "x-link-status": "Ok",
        },
        body: "answer",
      });
      expect(response.status).toBe(200);
      expect(await workspace.settled(executionId)).toMatchObject({ status: "succeeded" });
    }

    const byExecution = Map.groupBy(target.received, ({ headers }) => headers["hookback-execution-id"]);
    expect(byExecution.size).toBe(200);
    for (const requests of byExecution.values()) {
      expect(new Set(requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
      const isRepeated = requests.length > 1;
      if (isRepeated) expect(sentBefore).toContain(requests[0]);
    }
    // What had its answer recorded is never sent again; only what was in flight is.
    const repeated = [...byExecution.values()].filter((requests) => requests.length > 1).length;
    expect(repeated).toBeLessThanOrEqual(1 + 16 * 4 + 50);

    const seqOf = new Map(lane.map(({ executionId, seq }) => [executionId, seq]));
    const seen = target.received
      .map(({ headers }) => seqOf.get(headers["hookback-execution-id"] ?? ""))
      .filter((seq) => seq !== undefined);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBe(100);
  }, 120_000);

  it("a retry that was due while the gateway was down is made when it is back", async () => {
    let fails = true;
    await using target = await startTarget(() => ({ status: fails ? 503 : 200, body: "done" }));
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("retried", [
      { name: "erp", type: "http", url: target.url, retry: { delaysSeconds: [2, 2, 2, 2, 2, 2] } },
    ]);
    const { executionId } = await send(url, "x");
    await workspace.settled(executionId, ["retrying"]);
    await gateway.kill();
    fails = false;
    const count = target.received.length;
    await gateway.restart();
    await eventually(() => target.received.length > count, 40_000);
    expect(await workspace.settled(executionId, undefined, 20_000)).toMatchObject({ status: "succeeded" });
  }, 90_000);
});
