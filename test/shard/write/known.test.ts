import { reset } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { callbackSettings } from "../../../src/core/schema/callback.ts";
import { workspaceRecord } from "../../../src/core/schema/workspace.ts";
import { Queries } from "../../../src/shard/queries.ts";
import { RunQueue } from "../../../src/shard/queue/run-queue.ts";
import { openConfigStore } from "../../../src/storage/kv/config-store.ts";
import type { Execution } from "../../../src/storage/sql/execution-row.ts";
import { accept, arrival, bindings, newShard, step, stubFetch, WORKSPACE_ID } from "../support.ts";

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
});

describe("a message that a Worker sends again because the answer was lost", () => {
  it("is the same one, and its body stays, however far the clocks of Worker and shard are apart (ND13)", async () => {
    stubFetch(() => new Promise(() => undefined));
    const shard = newShard();
    const key = `body/${WORKSPACE_ID}/${crypto.randomUUID()}`;
    await bindings.BODIES.put(key, "the body");
    const input = { type: "text/plain", size: 100_000, key, sha256: "" };
    const dedup = { key: "k", fingerprint: "f" };
    const message = { ...arrival([step()]), input, dedup, submissionId: "one" };
    const first = await accept(shard.stub(), message);
    const sentBefore = Date.now() + 10 * 60_000;
    const again = await accept(shard.stub(), message, 0, sentBefore);
    expect(again).toMatchObject({ executionId: first.executionId, isReplayed: false });
    expect(await bindings.BODIES.head(key)).not.toBeNull();
    const other = await accept(shard.stub(), { ...message, submissionId: "two" }, 0, sentBefore);
    expect(other).toMatchObject({ executionId: first.executionId, isReplayed: true });
  });
});

describe("an attempt", () => {
  it("is no longer wanted when a later one of its execution is under way (LD8)", () => {
    const queue = new RunQueue();
    queue.add({ sequence: 1, lane: null, snapshotId: 1, status: "queued", dueAt: null }, { width: 1, rate: null });
    queue.takeReady(0);
    const row = { sequence: 1, run: 1, attempts: 1 } as Execution;
    const queries = new Queries({ get: () => row } as never, {} as never, queue, () => "");
    expect(queries.isCurrent({ ...row, attempts: 0 })).toBe(false);
    expect(queries.isCurrent(row)).toBe(true);
  });
});

describe("a callback that starts a flow", () => {
  it("starts none while its answer is unusable: the call fails and may be repeated (GD4)", async () => {
    stubFetch(() => new Response("done"));
    const store = openConfigStore(bindings.CONFIG, ["x".repeat(32)]);
    const workspace = { id: WORKSPACE_ID, name: "unusable", retentionDays: 30 };
    await store.workspaces.put("unusable", workspaceRecord.parse({ ...workspace, placement: [1], laneShards: 1 }));
    await store.flows.put(`${WORKSPACE_ID}:f`, { name: "f", id: crypto.randomUUID(), steps: [] });
    const shard = newShard();
    const base = callbackSettings.parse({ callbackActivity: { type: "flow", flow: "f" }, responseType: "response" });
    const settings = { ...base, responseType: "redirect" as const, retryableAfterError: true };
    const minted = await shard.stub().mintCallback(workspace, "http://gateway.test", settings);
    if (typeof minted === "string") throw new Error(minted);
    const { items } = await shard.stub().listCallbacks({ workspaceId: WORKSPACE_ID }, null, 1);
    const call = {
      sequence: items[0]?.seq ?? 0,
      ...{ method: "post", parameter: null, query: {}, headers: {}, fingerprint: "", origin: "http://gateway.test" },
      body: { type: null, size: 0, bytes: new Uint8Array(0) },
    };
    for (let n = 0; n < 2; n++) expect(await shard.stub().useCallback(call)).toMatchObject({ kind: "error" });
    expect((await shard.stub().list({ workspaceId: WORKSPACE_ID }, null, 10)).items).toEqual([]);
  });
});
