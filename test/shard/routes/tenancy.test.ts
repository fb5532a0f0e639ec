import { reset } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { accept, arrival, mint, newShard, sequenceOf, step, stubFetch, until, WORKSPACE_ID } from "../support.ts";

const OTHER = "99999999-9999-4999-8999-999999999999";
const LANE = `${WORKSPACE_ID}/in`;

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

describe("a shard that two workspaces share", () => {
  it("shows and does nothing to one what belongs to the other, whatever is known of it (LD14)", async () => {
    stubFetch(() => new Response("no", { status: 400 }));
    const stub = newShard().stub();
    const { executionId } = await accept(stub, arrival([step()], { lane: LANE }));
    const sequence = sequenceOf(executionId);
    await until(async () => (await stub.show(sequence, WORKSPACE_ID))?.status === "failed");
    const settings = { callbackActivity: { type: "record" }, responseType: "response" };
    const owner = { id: WORKSPACE_ID, name: "test", retentionDays: 30 };
    const { state: callbackState, sequence: callback } = await mint(stub, owner, settings);
    await stub.operateLane("0.x", OTHER, "pause", "somebody");

    const before = [await stub.show(sequence, WORKSPACE_ID), await stub.showCallback(callback, WORKSPACE_ID)];
    expect(before).toEqual([expect.objectContaining({ id: executionId }), expect.objectContaining({ callbackState })]);
    expect(await stub.show(sequence, OTHER)).toBe(null);
    expect(await stub.body(sequence, OTHER, "message")).toBe(null);
    expect(await stub.body(sequence, OTHER, "input")).toBe(null);
    expect(await stub.source(sequence, OTHER)).toBe(null);
    expect(await stub.outcome(sequence, OTHER, "in")).toBe(null);
    expect(await stub.retry(sequence, OTHER, "somebody")).toBe("unknown");
    expect(await stub.cancel(sequence, OTHER, "somebody")).toBe("unknown");
    expect((await stub.list({ workspaceId: OTHER }, null, 100)).items).toEqual([]);
    expect(await stub.listLanes(OTHER, "", 100)).toEqual([]);
    expect(await stub.showCallback(callback, OTHER)).toBe(null);
    expect(await stub.callBody(callback, OTHER, 1)).toBe(null);
    expect(await stub.closeCallback(callback, { id: OTHER, retentionDays: 1 })).toBe(false);
    expect((await stub.listCallbacks({ workspaceId: OTHER }, null, 100)).items).toEqual([]);
    expect([await stub.show(sequence, WORKSPACE_ID), await stub.showCallback(callback, WORKSPACE_ID)]).toEqual(before);
  });

  it("leaves the lanes of one alone when the other names, pauses or releases them (LD14)", async () => {
    stubFetch(() => new Response(null, { status: 202 }));
    const stub = newShard().stub();
    const { executionId } = await accept(stub, arrival([step({ async: true })], { lane: LANE }));
    await accept(stub, arrival([step()], { lane: LANE }));
    await until(async () => (await stub.show(sequenceOf(executionId), WORKSPACE_ID))?.status === "waiting");
    const [lane] = await stub.listLanes(WORKSPACE_ID, "", 10);
    expect(lane?.lane).toMatchObject({ depth: 2 });
    for (const action of ["pause", "skip", "retry", "resume"] as const) {
      expect(await stub.operateLane(lane?.lane.id ?? "", OTHER, action, "somebody")).toBe("unknown");
    }
    await stub.releaseLanes(OTHER);
    expect(await stub.listLanes(WORKSPACE_ID, "", 10)).toEqual([lane]);
  });
});
