import { reset, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { workspaceRecord } from "../../../src/core/schema/workspace.ts";
import { openConfigStore } from "../../../src/storage/kv/config-store.ts";
import { bindings, mint, newShard, stubFetch, until, WORKSPACE_ID } from "../support.ts";

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
});

const OWNER = { id: WORKSPACE_ID, name: "owner", retentionDays: 30 };
const RECORD = { callbackActivity: { type: "record" }, responseType: "response" };

describe("the callbacks of a shard, listed by status", () => {
  it("are those that have it now: open, busy, closed, expired", async () => {
    const owner = workspaceRecord.parse({ ...OWNER, placement: [1], laneShards: 1 });
    await openConfigStore(bindings.CONFIG, ["x".repeat(32)]).workspaces.put(OWNER.name, owner);
    const handler = { callbackActivity: { type: "http", url: "http://127.0.0.1/handler" }, responseType: "response" };
    let isHeld = true;
    const sent = stubFetch(async () => {
      while (isHeld) await new Promise((resolve) => setTimeout(resolve, 1));
      return new Response("{}");
    });
    const stub = newShard().stub();
    const open = await mint(stub, OWNER, RECORD);
    const expired = await mint(stub, OWNER, { ...RECORD, expiresInSeconds: 1 });
    const closed = await mint(stub, OWNER, RECORD);
    const busy = await mint(stub, OWNER, handler);
    await mint(stub, { ...OWNER, id: crypto.randomUUID() }, RECORD);
    await stub.closeCallback(closed.sequence, OWNER);
    const used = stub.useCallback({
      ...{ sequence: busy.sequence, method: "post", parameter: null, query: {}, headers: {}, fingerprint: "" },
      ...{ origin: "http://gateway.test", body: { type: null, size: 0, bytes: new Uint8Array(0) } },
    });
    await until(() => sent.length === 1);
    const list = async (status?: "open" | "busy" | "closed" | "expired") => {
      const { items } = await stub.listCallbacks({ workspaceId: WORKSPACE_ID, status }, null, 100);
      for (const item of items) if (status) expect(item.status).toBe(status);
      return items.map(({ seq }) => seq);
    };
    await until(async () => (await list("expired")).length === 1);
    expect(await list()).toEqual([busy, closed, expired, open].map(({ sequence }) => sequence));
    expect(await list("open")).toEqual([open.sequence]);
    expect(await list("busy")).toEqual([busy.sequence]);
    expect(await list("closed")).toEqual([closed.sequence]);
    expect(await list("expired")).toEqual([expired.sequence]);
    isHeld = false;
    await used;
    expect(await list("busy")).toEqual([]);
    expect(await list("closed")).toEqual([busy.sequence, closed.sequence]);
  });

  it("are looked for among 5,000 rows at a time, and none is missed", async () => {
    const stub = newShard().stub();
    const first = await mint(stub, OWNER, RECORD);
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 12000)
         INSERT INTO callbacks (id, workspace, created_at, closed_at, facts)
         SELECT ?1 + x, workspace, created_at + x, created_at, facts FROM callbacks, n WHERE id = ?1`,
        first.sequence,
      );
    });
    const filter = { workspaceId: WORKSPACE_ID, status: "open" as const };
    const part = await stub.listCallbacks(filter, null, 10);
    expect([part.items, part.before, part.downTo > 0]).toEqual([[], first.sequence + 7_001, true]);
    const second = await stub.listCallbacks(filter, part.before, 10);
    expect([second.items, second.before]).toEqual([[], first.sequence + 2_001]);
    const last = await stub.listCallbacks(filter, second.before, 10);
    expect([last.items.map(({ seq }) => seq), last.before]).toEqual([[first.sequence], null]);
  });
});
