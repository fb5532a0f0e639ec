import { reset, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { accept, arrival, newShard, step, stubFetch, until, WORKSPACE_ID } from "./support.ts";

afterEach(async () => {
  await reset();
  vi.restoreAllMocks();
});

/** Rows that the statements of a shard have written since this was called, by what the platform bills. */
async function countRows(shard: ReturnType<typeof newShard>) {
  const cursors: { rowsWritten: number }[] = [];
  await runInDurableObject(shard.stub(), (_, { storage }) => {
    const { exec } = storage.sql;
    vi.spyOn(Object.getPrototypeOf(storage.sql), "exec").mockImplementation(function (this: SqlStorage, ...args) {
      const cursor = exec.apply(this, args as Parameters<SqlStorage["exec"]>);
      cursors.push(cursor);
      return cursor;
    });
  });
  return () => cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
}

describe("rows written", () => {
  it("two for an execution with a sync step, from arrival to result", async () => {
    stubFetch(() => new Response("done"));
    const shard = newShard();
    await accept(shard.stub(), arrival([step()]), 5_000);
    const rows = await countRows(shard);
    for (let n = 0; n < 10; n++) await accept(shard.stub(), arrival([step()]), 5_000);
    expect(rows()).toBe(20);
  });

  it("three for an execution with an async step", async () => {
    stubFetch(() => new Response(null, { status: 202 }));
    const shard = newShard();
    const answer = (sequence: number) =>
      shard.stub().answer({
        ...{ sequence, run: 1, workspaceId: null, caller: "partner", signal: { status: "ok" } },
        body: { type: null, size: 0, bytes: new Uint8Array(0) },
      });
    const run = async () => {
      const { seq } = await accept(shard.stub(), arrival([step({ async: true })]));
      await until(async () => (await shard.stub().show(seq, WORKSPACE_ID))?.status === "waiting");
      expect(await answer(seq)).toBe("accepted");
    };
    await run();
    const rows = await countRows(shard);
    for (let n = 0; n < 10; n++) await run();
    expect(rows()).toBe(30);
  });
});
