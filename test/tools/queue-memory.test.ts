import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** In Node, whose pointers take 8 bytes; those of the Workers runtime take 4. */
const MOST_MIB = 56;

/** Prints the heap in MiB that 100,000 executions in lanes of their own take: once queued, once all waiting. */
const MEASUREMENT = `
  import { RunQueue } from "./src/shard/queue/run-queue.ts";
  const used = () => { globalThis.gc(); return process.memoryUsage().heapUsed; };
  const before = used();
  const queue = new RunQueue();
  for (let n = 1; n <= 100_000; n++) {
    const row = { sequence: n, snapshotId: 1, lane: "ws/orders/" + n, status: "queued", dueAt: null };
    queue.add(row, { width: 1, rate: null });
  }
  const queued = used() - before;
  for (let n = 1; n <= 100_000; n++) queue.takeReady(0);
  for (let n = 1; n <= 100_000; n++) queue.postpone(n, 1_000 + n);
  const waiting = used() - before;
  if (queue.size !== 100_000 || queue.nextDueAt() !== 1_001) throw new Error("the queue does not hold them");
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
