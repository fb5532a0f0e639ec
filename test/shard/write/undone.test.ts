import { reset, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { workspaceRecord } from "../../../src/core/schema/workspace.ts";
import type { Shard } from "../../../src/shard/shard.ts";
import { openConfigStore } from "../../../src/storage/kv/config-store.ts";
import { Callbacks } from "../../../src/storage/sql/callbacks.ts";
import { accept, arrival, bindings, mint, newShard, step, stubFetch, WORKSPACE_ID } from "../support.ts";

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
});

describe("a write that is undone", () => {
  it("leaves nothing in memory: the snapshot of the next message is its own", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const sent = stubFetch(() => new Response("done"));
    const store = openConfigStore(bindings.CONFIG, ["x".repeat(32)]);
    const workspace = { id: WORKSPACE_ID, name: "undone", retentionDays: 30 };
    await store.workspaces.put("undone", workspaceRecord.parse({ ...workspace, placement: [1], laneShards: 1 }));
    const flow = { name: "f", id: crypto.randomUUID(), steps: [] };
    await store.flows.put(`${WORKSPACE_ID}:f`, flow);
    const shard = newShard();
    const { sequence } = await mint(shard.stub(), workspace, {
      callbackActivity: { type: "flow", flow: "f" },
      responseType: "response",
    });
    const call = {
      sequence,
      ...{ method: "post", parameter: null, query: {}, headers: {}, fingerprint: "", origin: "http://gateway.test" },
      body: { type: null, size: 0, bytes: new Uint8Array(0) },
    };
    const update = vi.spyOn(Callbacks.prototype, "update").mockImplementation(() => {
      throw new Error("the row is too large");
    });
    const failure = await runInDurableObject(shard.stub(), (instance: Shard) =>
      instance.useCallback(call).then(
        () => null,
        (error) => String(error),
      ),
    );
    expect(failure).toContain("too large");
    update.mockRestore();
    const accepted = await accept(shard.stub(), arrival([step()], { body: "own message" }), 5_000);
    expect(accepted.outcome.status).toBe("succeeded");
    expect(sent.map(({ body }) => body)).toEqual(["own message"]);
    expect((await shard.stub().list({ workspaceId: WORKSPACE_ID }, null, 10)).items).toHaveLength(1);
    expect(await shard.stub().useCallback(call)).toMatchObject({ kind: "answer" });
  });
});
