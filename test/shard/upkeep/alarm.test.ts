import { reset, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Job } from "../../../src/shard/upkeep/job.ts";
import { DedupKeys } from "../../../src/storage/sql/dedup-keys.ts";
import { RecoveryIndex } from "../../../src/storage/sql/recovery-index.ts";
import { accept, arrival, bindings, newShard, step, stubFetch, until } from "../support.ts";

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
});

describe("the alarm of a shard", () => {
  it("is set for a later time while more may start than the dispatcher takes: it does not ring in a loop (P2)", async () => {
    const sent = stubFetch(async () => {
      await scheduler.wait(300);
      return new Response("done");
    });
    const shard = newShard();
    const queue = { width: null, isOrdered: false, onFailure: "continue", rate: { limit: 1_000, perSeconds: 1 } };
    const message = arrival([step()]);
    const text = JSON.stringify({ ...JSON.parse(message.snapshot.text), queue });
    const rated = { ...message, snapshot: { text, hash: text } };
    await Promise.all(Array.from({ length: 40 }, () => accept(shard.stub(), rated)));
    await until(() => sent.length > 0);
    const alarmAt = await runInDurableObject(shard.stub(), async (instance, { storage }) => {
      await instance.alarm();
      return storage.getAlarm();
    });
    expect((alarmAt ?? 0) - Date.now()).toBeGreaterThan(1_000);
    await until(() => sent.length === 40);
  });

  it("goes on with other work when one job throws, and pauses that job, each time longer (P2)", async () => {
    const failed = vi.spyOn(console, "error").mockImplementation(() => undefined);
    stubFetch(() => new Response("done"));
    const shard = newShard();
    await accept(shard.stub(), arrival([step()]), 5_000);
    vi.spyOn(DedupKeys.prototype, "sweep").mockImplementation(() => {
      throw new Error("the disk is on fire");
    });
    const checkpoint = vi.spyOn(RecoveryIndex.prototype, "moveCheckpoint");
    await runInDurableObject(shard.stub(), async (instance, { storage }) => {
      await instance.alarm();
      expect(((await storage.getAlarm()) ?? 0) - Date.now()).toBeGreaterThan(500);
    });
    expect(checkpoint).toHaveBeenCalled();
    expect(failed).toHaveBeenCalledTimes(1);
  });

  it("does not wait for slow deletes of bodies (P2)", async () => {
    let deletes = 0;
    vi.spyOn(bindings.BODIES, "delete").mockImplementation(() => {
      deletes++;
      return new Promise(() => undefined);
    });
    const shard = newShard();
    await runInDurableObject(shard.stub(), async (instance, { storage }) => {
      const facts = JSON.stringify({ type: null, size: 100_000, key: "body/a/b", sha256: "" });
      storage.sql.exec(
        `INSERT INTO executions (id, plan, origin, status, step, run, attempts, created_at, finished_at, expires_at, trail, input)
         VALUES (1, 1, '', 'succeeded', 0, 1, 0, 0, 1, 1, '{}', ?)`,
        facts,
      );
      await instance.alarm();
      expect(storage.sql.exec("SELECT id FROM executions").toArray()).toEqual([]);
    });
    expect(deletes).toBe(1);
  });

  it("rings for idempotency keys that are the only thing in a shard (A5)", async () => {
    const shard = newShard();
    await shard.stub().claimRoute({ key: "k", fingerprint: "f" }, 3);
    await runInDurableObject(shard.stub(), async (_, { storage }) => {
      expect(await storage.getAlarm()).not.toBeNull();
    });
  });
});

describe("a job", () => {
  it("that fails is due again after growing pauses, and at its own time once it works", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    let isBroken = true;
    const job = new Job("a job", (now) => {
      if (isBroken) throw new Error("broken");
      return now + 7;
    });
    const pauses: number[] = [];
    let now = 0;
    for (let n = 0; n < 20; n++) {
      job.runIfDue(now);
      pauses.push(job.nextAt - now);
      now = job.nextAt;
    }
    expect(pauses.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(Math.max(...pauses)).toBe(60 * 60_000);
    isBroken = false;
    job.runIfDue(now);
    expect(job.nextAt).toBe(now + 7);
  });
});
