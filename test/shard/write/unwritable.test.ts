import { reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Transitions } from "../../../src/shard/write/transitions.ts";
import { Executions } from "../../../src/storage/sql/executions.ts";
import { accept, arrival, bindings, newShard, step, stubFetch, until, WORKSPACE_ID } from "../support.ts";

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
});

describe("a result that cannot be written", () => {
  it("counts as an attempt, and its step fails after the gateway's own retries: no request is sent without end (LD8)", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.spyOn(Math, "random").mockReturnValue(0.0001);
    const sent = stubFetch(() => new Response("done"));
    const { update } = Executions.prototype;
    vi.spyOn(Executions.prototype, "update").mockImplementation(function (this: Executions, ...written) {
      if (written[4]) throw new Error("the row is too large");
      return update.apply(this, written);
    });
    const shard = newShard();
    const accepted = await accept(shard.stub(), arrival([step({ retry: { delaysSeconds: [] } })]), 20_000);
    expect(accepted.outcome).toMatchObject({ status: "failed", failure: "bug" });
    expect(sent).toHaveLength(5);
    const [shown] = (await shard.stub().list({ workspaceId: WORKSPACE_ID }, null, 1)).items;
    expect(shown?.status).toBe("failed");
  });

  it("of which nothing at all can be written pauses longer each time", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const sent = stubFetch(() => new Response("done"));
    vi.spyOn(Executions.prototype, "update").mockImplementation(() => {
      throw new Error("the row is too large");
    });
    const shard = newShard();
    await accept(shard.stub(), arrival([step()]));
    const pauses: number[] = [];
    for (let tries = 1; tries <= 3; tries++) {
      await until(() => sent.length === tries);
      const due = () => runInDurableObject(shard.stub(), async (_, { storage }) => (await storage.getAlarm()) ?? 0);
      await until(async () => (await due()) > 0);
      await scheduler.wait(50);
      pauses.push((await due()) - Date.now());
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
      await runDurableObjectAlarm(shard.stub());
      vi.useRealTimers();
    }
    expect(pauses.map((ms) => Math.round(ms / 5_000))).toEqual([1, 2, 4]);
  });

  it("keeps the body of a result that was written although its write was said to have failed (CD15)", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    stubFetch(() => new Response("x".repeat(600_000), { headers: { "content-type": "text/plain" } }));
    const { apply } = Transitions.prototype;
    let failures = 0;
    vi.spyOn(Transitions.prototype, "apply").mockImplementation(async function (this: Transitions, ...change) {
      const applied = await apply.apply(this, change);
      if (failures++ === 0) throw new Error("the storage did not commit");
      return applied;
    });
    const shard = newShard();
    const { outcome } = await accept(shard.stub(), arrival([step()]), 5_000);
    expect(outcome.status).toBe("succeeded");
    await until(() => failures === 2);
    await scheduler.wait(50);
    const key = outcome.body && "key" in outcome.body ? outcome.body.key : "";
    expect(await bindings.BODIES.head(key)).not.toBeNull();
  });

  it("is none because of a fraction of a millisecond: durations are stored as whole ones (LD10)", async () => {
    stubFetch(() => new Response(null, { status: 202 }));
    const shard = newShard();
    const async = step({ async: true, callbackTimeoutSeconds: 86_400 / 7 });
    await accept(shard.stub(), arrival([async]));
    await until(async () => {
      const { items } = await shard.stub().list({ workspaceId: WORKSPACE_ID }, null, 1);
      return items[0]?.status === "waiting";
    });
  });
});
