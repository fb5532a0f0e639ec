import { reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callbackSettings } from "../../../src/core/schema/callback.ts";
import { workspaceRecord } from "../../../src/core/schema/workspace.ts";
import { Shard } from "../../../src/shard/shard.ts";
import { openConfigStore } from "../../../src/storage/kv/config-store.ts";
import { DatabaseQuota } from "../../../src/storage/sql/database-quota.ts";
import { administer, send } from "../cost-meter.ts";
import { accept, arrival, bindings, mint, newShard, step, stubFetch, until, WORKSPACE_ID } from "../support.ts";

const DAY_MS = 24 * 60 * 60_000;
const OWNER = { id: WORKSPACE_ID, name: "owner", retentionDays: 30 };
const RECORD = { callbackActivity: { type: "record" }, responseType: "response" };
const EMPTY = { type: null, size: 0, bytes: new Uint8Array(0) };

beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const call = (sequence: number) => ({
  ...{ sequence, method: "post", parameter: null, query: {}, headers: {}, fingerprint: "", origin: "http://x.test" },
  body: EMPTY,
});

describe("the room of a shard", () => {
  it("is looked at every two seconds at most, and told of once an hour", () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    let looks = 0;
    let size = 99;
    const database = {
      get size() {
        looks++;
        return size;
      },
    };
    const room = new DatabaseQuota(database, 7, 100);
    for (let now = 0; now < 2_000; now += 10) expect(room.isFull(now)).toBe(false);
    expect(looks).toBe(1);
    size = 101;
    for (let now = 2_000; now < 3_600_000; now += 100) expect(room.isFull(now)).toBe(true);
    expect(looks).toBe(1 + 1_799);
    expect(told).toHaveBeenCalledTimes(1);
    expect(told.mock.lastCall?.[0]).toMatchObject({ shard: 7, bytes: 101, mostBytes: 100 });
    expect(room.isFull(3_610_000)).toBe(true);
    expect(told).toHaveBeenCalledTimes(2);
    size = 100;
    expect(room.isFull(3_612_000)).toBe(false);
  });

  it("ends: nothing new is taken, and all that was taken goes on until retention has made room", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    stubFetch(({ body }) => new Response("ok", { status: body === "waits" ? 202 : 200 }));
    const shard = newShard();
    const keyed = { ...arrival([step()], { body: "keyed" }), dedup: { key: "k", fingerprint: "f" } };
    const known = await accept(shard.stub(), keyed, 5_000);
    for (let n = 0; n < 20; n++) await accept(shard.stub(), arrival([step()], { body: "x".repeat(60_000) }), 5_000);
    const waiting = await accept(shard.stub(), arrival([step({ async: true })], { body: "waits" }));
    await until(async () => (await shard.stub().show(waiting.seq, WORKSPACE_ID))?.status === "waiting");
    const owner = workspaceRecord.parse({ ...OWNER, placement: [1], laneShards: 1 });
    await openConfigStore(bindings.CONFIG, ["x".repeat(32)]).workspaces.put(OWNER.name, owner);
    const callback = await mint(shard.stub(), OWNER, RECORD);
    const settings = callbackSettings.parse(RECORD);

    await runInDurableObject(shard.stub(), async (_, state) => {
      const full = new Shard(state, bindings, 1_000_000);
      expect(state.storage.sql.databaseSize).toBeGreaterThan(1_200_000);
      expect(await full.accept(arrival([step()]), 0)).toBe("database-full");
      expect(await full.mintCallback(OWNER, "http://gateway.test", settings)).toBe("database-full");
      expect(await full.claimRoute({ key: "new", fingerprint: "f" }, 3)).toBe("database-full");
      expect(told).toHaveBeenCalledTimes(1);
      expect((await full.counters()).databaseBytes).toBe(state.storage.sql.databaseSize);

      // What was there before is answered, used, ended.
      expect(await full.accept(keyed, 0)).toMatchObject({ executionId: known.executionId, isReplayed: true });
      expect(await full.useCallback(call(callback.sequence))).toMatchObject({ kind: "answer" });
      const answer = { sequence: waiting.seq, run: 1, workspaceId: WORKSPACE_ID, caller: "partner", body: EMPTY };
      expect(await full.answer({ ...answer, signal: { status: "ok" } })).toBe("accepted");
      expect((await full.show(waiting.seq, WORKSPACE_ID))?.status).toBe("succeeded");

      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * DAY_MS });
      await full.alarm();
      expect((await full.list({ workspaceId: WORKSPACE_ID }, null, 100)).items).toEqual([]);
      expect(await full.accept(arrival([step()]), 5_000)).toMatchObject({ outcome: { status: "succeeded" } });
      expect(await full.mintCallback(OWNER, "http://gateway.test", settings)).toMatchObject({ expiresAt: null });
    });
  });

  it("that has ended is a 503 which says so and when to come again", async () => {
    await administer("PUT", "/workspaces/room", {});
    await administer("PUT", "/workspaces/room/flows/flow", { steps: [] });
    await administer("PUT", "/workspaces/room/triggers/in", { flow: "flow" });
    await administer("PUT", "/workspaces/room/triggers/keyed", {
      ...{ flow: "flow", orderedDelivery: { key: "{{ headers['x-key'] }}" } },
    });
    const uses = { callbackActivity: { type: "flow", flow: "flow" }, responseType: "response" };
    const minted = (await (await administer("POST", "/workspaces/room/callbacks", uses)).json()) as {
      callbackUrl: string;
    };
    vi.spyOn(DatabaseQuota.prototype, "isFull").mockReturnValue(true);
    const post = (headers: Record<string, string> = {}) => ({ method: "POST", headers, body: "hello" });
    const refused = [
      await send("/room/in", post()),
      await send("/room/in", post({ "idempotency-key": "a" })),
      await send("/room/keyed", post({ "x-key": "a", "idempotency-key": "a" })),
      await administer("POST", "/workspaces/room/callbacks", RECORD),
    ];
    for (const answer of refused) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "300"]);
      expect(await answer.json()).toMatchObject({ code: "overloaded", detail: expect.stringContaining("storage") });
    }
    const used = await send(new URL(minted.callbackUrl).pathname, post());
    expect([used.status, await used.json()]).toEqual([503, expect.objectContaining({ code: "unavailable" })]);
    vi.mocked(DatabaseQuota.prototype.isFull).mockRestore();
    expect((await send("/room/in", post())).status).toBe(202);
    expect((await send(new URL(minted.callbackUrl).pathname, post())).status).toBe(200);
  });
});

/** Lets a database grow by so many pages only, until its object is started anew. */
const limitPages = (stub: DurableObjectStub<Shard>, pages: number) =>
  runInDurableObject(stub, (_, { storage }) => {
    const sql = storage.sql as SqlStorage & { setMaxPageCountForTest(count: number): void };
    sql.setMaxPageCountForTest(Math.ceil(sql.databaseSize / 4096) + pages);
  });

describe("a database that is full", () => {
  it("stops its object: what was taken in is kept, what was not is told to its sender, and the lane goes on", async () => {
    const sent = stubFetch(({ body }) => new Response(null, { status: body === "first" ? 202 : 200 }));
    const shard = newShard();
    const lane = `${WORKSPACE_ID}/in`;
    const first = await accept(shard.stub(), arrival([step({ async: true })], { body: "first", lane }));
    await until(async () => (await shard.stub().show(first.seq, WORKSPACE_ID))?.status === "waiting");
    await limitPages(shard.stub(), 30);
    const bodies = Array.from({ length: 10 }, (_, n) => `${n} ${"x".repeat(20_000)}`);
    const taken: string[] = [];
    let failure: unknown;
    for (const body of bodies) {
      const message = arrival([step()], { body, lane });
      const answer = await accept(shard.stub(), message).catch((error: unknown) => error as Error);
      if (answer instanceof Error) failure = answer;
      if (answer instanceof Error) break;
      taken.push(body);
    }
    expect(taken.length).toBeGreaterThan(0);
    expect(String(failure)).toContain("SQLITE_FULL");
    expect(failure).toMatchObject({ durableObjectReset: true });
    const listed = await shard.stub().list({ workspaceId: WORKSPACE_ID }, null, 100);
    expect(listed.items).toHaveLength(1 + taken.length);
    const answer = { sequence: first.seq, run: 1, workspaceId: WORKSPACE_ID, caller: "partner", body: EMPTY };
    expect(await shard.stub().answer({ ...answer, signal: { status: "ok" } })).toBe("accepted");
    await until(() => sent.length === 1 + taken.length);
    expect(sent.map(({ body }) => body)).toEqual(["first", ...taken]);
  });

  it("lets retention make room", async () => {
    stubFetch(() => new Response("ok"));
    const stub = newShard().stub();
    const large = () => arrival([step()], { body: "x".repeat(60_000) });
    for (let n = 0; n < 10; n++) await accept(stub, large(), 5_000);
    await limitPages(stub, 0);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * DAY_MS });
    await runDurableObjectAlarm(stub);
    expect((await stub.list({ workspaceId: WORKSPACE_ID }, null, 100)).items).toEqual([]);
    for (let n = 0; n < 5; n++) await accept(stub, large(), 5_000);
    const left = await runInDurableObject(stub, (_, { storage }) => storage.sql.databaseSize);
    expect(left).toBeGreaterThan(300_000);
  });

  it("is a 503 that says to come again, where a callback is created", async () => {
    await administer("PUT", "/workspaces/limit", { shards: 1 });
    const workspace = await openConfigStore(bindings.CONFIG, ["x".repeat(32)]).workspaces.get("limit");
    await limitPages(bindings.SHARDS.getByName(String(workspace?.placement[0])), 30);
    const large = { ...RECORD, responseBody: "x".repeat(20_000) };
    let answer = await administer("POST", "/workspaces/limit/callbacks", large);
    expect(answer.status).toBe(201);
    for (let n = 0; n < 10 && answer.status === 201; n++) {
      answer = await administer("POST", "/workspaces/limit/callbacks", large);
    }
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await answer.json()).toMatchObject({ code: "unavailable" });
  });
});
