import { abortAllDurableObjects, reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { accept, arrival, newShard, sequenceOf, step, stubFetch, until, WORKSPACE_ID } from "./support.ts";

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const never = () => new Promise<Response>(() => {});

describe("a shard", () => {
  it("answers with the result, once it is durable", async () => {
    stubFetch(() => new Response("done", { headers: { "content-type": "text/x-done" } }));
    const shard = newShard();
    const accepted = await accept(shard.stub(), arrival([step()]), 5_000);
    expect(accepted.outcome).toMatchObject({ status: "succeeded", body: { type: "text/x-done", size: 4 } });
    await abortAllDurableObjects();
    const again = await shard.stub().outcome(accepted.seq, WORKSPACE_ID, "in");
    expect(again).toEqual(accepted.outcome);
  });

  it("aborted while a caller waits, knows the message by its submission id and lets the caller wait on", async () => {
    const sent = stubFetch((_, count) => (count === 1 ? never() : new Response("done")));
    const shard = newShard();
    const message = { ...arrival([step()]), submissionId: "submission-1" };
    const sentAt = Date.now();
    const first = accept(shard.stub(), message, 5_000).catch((error: unknown) => String(error));
    await until(() => sent.length === 1);
    await abortAllDurableObjects();
    expect(await first).toContain("abort");
    const again = await accept(shard.stub(), message, 5_000, sentAt);
    expect(again).toMatchObject({ isReplayed: false, outcome: { status: "succeeded", body: { size: 4 } } });
    const late = await accept(shard.stub(), message, 5_000, sentAt);
    expect(late).toEqual(again);
    const other = await accept(shard.stub(), { ...message, submissionId: "submission-2" }, 0, sentAt);
    expect(other.executionId).not.toBe(again.executionId);
    expect((await shard.stub().list({ workspaceId: WORKSPACE_ID }, null, 10)).items).toHaveLength(2);
  });

  it("aborted while it sends, sends again with the same idempotency key and correlation", async () => {
    const sent = stubFetch((_, count) => (count === 1 ? never() : new Response(null, { status: 202 })));
    const shard = newShard();
    const accepted = await accept(shard.stub(), arrival([step({ async: true })]), 0);
    await until(() => sent.length === 1);
    await abortAllDurableObjects();
    await until(async () => (await shard.stub().show(accepted?.seq ?? 0, WORKSPACE_ID))?.status === "waiting");
    expect(sent).toHaveLength(2);
    for (const name of ["idempotency-key", "x-link-correlation-id", "hookback-attempt"]) {
      expect(sent[0]?.headers.get(name)).toBe(sent[1]?.headers.get(name));
    }
  });

  it("woken by its alarm alone, goes on after an abort", async () => {
    const sent = stubFetch((_, count) => (count === 1 ? never() : new Response("done")));
    const shard = newShard();
    await accept(shard.stub(), arrival([step()]), 0);
    await until(() => sent.length === 1);
    await abortAllDurableObjects();
    expect(await runDurableObjectAlarm(shard.stub())).toBe(true);
    await until(() => sent.length === 2);
  });

  it("takes a callback for what it had sent before an abort, though nothing was written", async () => {
    const sent = stubFetch(never);
    const shard = newShard();
    const accepted = await accept(shard.stub(), arrival([step({ async: true })]), 0);
    await until(() => sent.length === 1);
    await abortAllDurableObjects();
    const callback = {
      sequence: accepted?.seq ?? 0,
      run: 1,
      workspaceId: WORKSPACE_ID,
      caller: "partner",
      signal: { status: "ok" as const },
      body: { type: null, size: 0, bytes: new Uint8Array(0) },
    };
    expect(await shard.stub().answer(callback)).toBe("accepted");
    expect(await shard.stub().answer(callback)).toBe("already-answered");
    expect(await shard.stub().answer({ ...callback, workspaceId: "elsewhere" })).toBe("foreign");
    expect(await shard.stub().answer({ ...callback, sequence: 1 })).toBe("unknown");
    expect((await shard.stub().show(accepted?.seq ?? 0, WORKSPACE_ID))?.status).toBe("succeeded");
  });

  it("the alarm ends a wait that lasted too long, after an abort too, and never before its time (LD10)", async () => {
    stubFetch(() => new Response(null, { status: 202 }));
    const shard = newShard();
    const accepted = await accept(shard.stub(), arrival([step({ async: true, callbackTimeoutSeconds: 60 })]), 0);
    const show = () => shard.stub().show(accepted?.seq ?? 0, WORKSPACE_ID);
    await until(async () => (await show())?.status === "waiting");
    await runDurableObjectAlarm(shard.stub());
    expect((await show())?.status).toBe("waiting");
    await abortAllDurableObjects();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    await show();
    await runDurableObjectAlarm(shard.stub());
    expect(await show()).toMatchObject({ status: "failed", technicalStatus: "Timeout", failure: "bug" });
  });

  it("keeps the order of a lane over an abort in mid-life", async () => {
    const sent = stubFetch(async ({ body }, count) => (count === 3 ? never() : new Response(body)));
    const shard = newShard();
    const accepted: number[] = [];
    for (const body of ["a", "b", "c", "d", "e"]) {
      accepted.push((await accept(shard.stub(), arrival([step()], { body, lane: "lane" }), 0))?.seq ?? 0);
    }
    await until(() => sent.length === 3);
    await abortAllDurableObjects();
    await until(async () => (await shard.stub().show(accepted[4] ?? 0, WORKSPACE_ID))?.status === "succeeded");
    expect(sent.map(({ body }) => body)).toEqual(["a", "b", "c", "c", "d", "e"]);
  });

  it("parks what stays open for long, moves its checkpoint past it, and still finds it after an abort", async () => {
    stubFetch(() => new Response(null, { status: 202 }));
    const shard = newShard();
    const waiting = await accept(shard.stub(), arrival([step({ async: true })]), 0);
    await until(async () => (await shard.stub().show(waiting?.seq ?? 0, WORKSPACE_ID))?.status === "waiting");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10 * 60_000 });
    await runDurableObjectAlarm(shard.stub());
    const stored = () =>
      runInDurableObject(shard.stub(), (_, { storage }) => ({
        checkpoint: storage.kv.get<number>("checkpoint"),
        parked: storage.sql.exec("SELECT id FROM parked").toArray().length,
      }));
    expect(await stored()).toEqual({ checkpoint: (waiting?.seq ?? 0) + 1, parked: 1 });
    await abortAllDurableObjects();
    const answered = await shard.stub().answer({
      sequence: waiting?.seq ?? 0,
      run: 1,
      workspaceId: null,
      caller: "partner",
      signal: { status: "ok" },
      body: { type: null, size: 0, bytes: new Uint8Array(0) },
    });
    expect(answered).toBe("accepted");
    expect((await stored()).parked).toBe(0);
  });

  it("deletes executions when their retention is over, with their stored bodies, and open ones never", async () => {
    stubFetch(({ body }) => (body === "open" ? new Response(null, { status: 500 }) : new Response("x".repeat(70_000))));
    const shard = newShard();
    const retry = { retry: { delaysSeconds: [86_400] } };
    const open = await accept(shard.stub(), arrival([step(retry)], { body: "open" }), 0);
    const done = await accept(shard.stub(), arrival([step()], { retentionDays: 2 }), 5_000);
    const kept = await accept(shard.stub(), arrival([step()], { retentionDays: 20 }), 5_000);
    const body = done?.outcome.body;
    const key = body && "key" in body ? body.key : "";
    expect(key).toMatch(/^body\//);
    const show = (seq?: number) => shard.stub().show(seq ?? 0, WORKSPACE_ID);
    const later = async (days: number) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + days * 86_400_000 });
      await abortAllDurableObjects();
      await show();
      await runDurableObjectAlarm(shard.stub());
    };
    await later(1.9);
    expect(await show(done?.seq)).not.toBeNull();
    await later(1.2);
    expect(await show(done?.seq)).toBeNull();
    expect(await show(kept?.seq)).not.toBeNull();
    expect(await show(open?.seq)).not.toBeNull();
    const stored = await runInDurableObject(shard.stub(), (instance) =>
      (instance as unknown as { env: { BODIES: R2Bucket } }).env.BODIES.head(key),
    );
    expect(stored).toBeNull();
  });

  it("never gives one sequence twice, over an abort and with the clock set back", async () => {
    stubFetch(() => new Response("done"));
    const shard = newShard();
    const first = await Promise.all(Array.from({ length: 20 }, () => accept(shard.stub(), arrival([step()]), 0)));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 60_000 });
    await abortAllDurableObjects();
    const second = await Promise.all(Array.from({ length: 20 }, () => accept(shard.stub(), arrival([step()]), 0)));
    const ids = [...first, ...second].map((accepted) => accepted?.executionId ?? "");
    expect(new Set(ids).size).toBe(40);
    const sequences = ids.map(sequenceOf);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  });
});
