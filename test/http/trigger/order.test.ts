import { describe, expect, inject, it } from "vitest";
import { sleep, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

describe("ordered delivery", () => {
  it("1,000 messages reach a target of 0-20 ms one at a time, in seq order, each exactly once (N14 N15 ND7)", async () => {
    let inside = 0;
    let most = 0;
    await using target = await startTarget(async () => {
      most = Math.max(most, ++inside);
      await sleep(Math.random() * 20);
      inside--;
      return { body: "ok" };
    });
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("orders", [{ name: "erp", type: "http", url: target.url }], {
      orderedDelivery: true,
    });
    const count = 1000;
    const seqs = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 50 }, async (_, sender) => {
        for (let n = sender; n < count; n += 50) {
          const response = await fetch(url, { method: "POST", body: String(n) });
          expect(response.status).toBe(202);
          const { executionId, seq } = (await response.json()) as { executionId: string; seq: number };
          seqs.set(executionId, seq);
        }
      }),
    );
    expect(seqs.size).toBe(count);
    const last = [...seqs].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
    await workspace.settled(last, ["succeeded"], 60_000);

    const arrived = target.received.map(({ headers }) => headers["hookback-execution-id"] ?? "");
    expect(arrived).toHaveLength(count);
    expect(most).toBe(1);
    expect(arrived.map((id) => seqs.get(id))).toEqual([...seqs.values()].sort((a, b) => a - b));
  }, 90_000);

  it("the next one starts only when the one before has finished, its callback included (ND7)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("orders", [{ name: "erp", type: "http", url: target.url, async: true }], {
      orderedDelivery: true,
    });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const response = await fetch(url, { method: "POST", body: String(n) });
      ids.push(((await response.json()) as { executionId: string }).executionId);
    }
    for (const [n, id] of ids.entries()) {
      await workspace.settled(id, ["waiting"]);
      await sleep(50);
      expect(target.received.map(({ body }) => body.toString())).toEqual(["0", "1", "2"].slice(0, n + 1));
      const { headers } = target.received[n] ?? {};
      const answered = await fetch(`${gateway.url}/cb`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${gateway.token}`,
          "x-link-correlation-id": headers?.["x-link-correlation-id"] ?? "",
          "x-link-status": "Ok",
        },
      });
      expect(answered.status).toBe(200);
      await workspace.settled(id, ["succeeded"]);
    }
  });

  it("after a failed one the next one runs (ND8)", async () => {
    await using target = await startTarget(({ body }) => ({ status: body.toString() === "bad" ? 400 : 200 }));
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("orders", [{ name: "erp", type: "http", url: target.url }], {
      orderedDelivery: true,
    });
    const send = async (body: string) => {
      const response = await fetch(url, { method: "POST", body });
      return ((await response.json()) as { executionId: string }).executionId;
    };
    const [bad, good] = [await send("bad"), await send("good")];
    expect(await workspace.settled(bad)).toMatchObject({ status: "failed", failure: "error" });
    expect(await workspace.settled(good)).toMatchObject({ status: "succeeded" });
  });
});
