import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** In Node, whose pointers take 8 bytes; those of the Workers runtime take 4. */
const MOST_MIB = 56;

/** Prints the heap in MiB that 100,000 executions in lanes of their own take: once queued, once all waiting. */
const MEASUREMENT = `
  import { RunQueue } from "./src/shard/queue/run-queue.ts";
  const used = () => { globalThis.gc(); return process.memoryUsage().heapUsed; };
  // Names from rows are flat strings; concatenated ones would share their beginning.
  const laneOf = (n) => Buffer.from("5f0e7a3c-2b1d-4c8e-9a6f-0d1e2f3a4b5c/orders/" + n).toString("latin1");
  const sequences = Array.from({ length: 100_000 }, (_, n) => 60_000_000_000 + n);
  const before = used();
  const queue = new RunQueue();
  for (const sequence of sequences) {
    const row = { sequence, snapshotId: 1, lane: laneOf(sequence), status: "queued", dueAt: null };
    queue.add(row, { width: 1, rate: null });
  }
  const queued = used() - before;
  for (const _ of sequences) queue.takeReady(0);
  for (const sequence of sequences) queue.postpone(sequence, 1_790_000_000_000 + sequence);
  const waiting = used() - before;
  if (queue.size !== sequences.length || queue.isBusy) throw new Error("the queue does not hold them");
  console.log(JSON.stringify([queued, waiting].map((bytes) => bytes / 2 ** 20)));
`;

it("100,000 unfinished executions in lanes of their own fit into the memory of a shard", () => {
  const measure = ["--expose-gc", "--input-type=module-typescript", "--eval", MEASUREMENT];
  const figures = JSON.parse(execFileSync(process.execPath, measure, { encoding: "utf8" }));
  for (const mib of figures) {
    expect(mib).toBeGreaterThan(20);
    expect(mib).toBeLessThan(MOST_MIB);
  }
});
