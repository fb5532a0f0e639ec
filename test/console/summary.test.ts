import { describe, expect, it } from "vitest";
import type { ExecutionSummary } from "../../src/client/index.ts";
import { summarise } from "../../src/console/pages/overview/summary.ts";
import { WINDOWS } from "../../src/console/pages/overview/windows.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 2, 12, 30);
const window = WINDOWS["24h"];

const execution = (hoursAgo: number, status: string, took?: number) => {
  const createdAt = NOW - hoursAgo * HOUR;
  return {
    status,
    createdAt: new Date(createdAt).toISOString(),
    ...(took !== undefined && { finishedAt: new Date(createdAt + took).toISOString() }),
  } as ExecutionSummary;
};

describe("the figures of the overview", () => {
  it("of nothing are told as such", () => {
    expect(summarise([], window, NOW - 24 * HOUR, NOW)).toMatchObject({
      total: 0,
      successRate: null,
      median: null,
      p95: null,
    });
  });

  it("every execution is in one bar, and the bars reach up to now", () => {
    const all = [execution(0, "queued"), execution(0.6, "failed", 30), execution(23.9, "succeeded", 10)];
    const { buckets, counts } = summarise(all, window, NOW - 24 * HOUR, NOW);
    expect(buckets.length).toBe(25);
    expect(buckets.reduce((sum, bucket) => sum + Object.values(bucket.counts).reduce((a, b) => a + b, 0), 0)).toBe(3);
    expect(buckets.at(-1)).toMatchObject({ at: Date.UTC(2026, 0, 2, 12), counts: { unfinished: 1 } });
    expect(counts).toEqual({ succeeded: 1, failed: 1, cancelled: 0, unfinished: 1 });
  });

  it("the success rate is about those that succeeded or failed", () => {
    const all = [
      execution(1, "succeeded", 1),
      execution(1, "succeeded", 1),
      execution(1, "failed", 1),
      execution(1, "cancelled", 1),
      execution(1, "waiting"),
    ];
    expect(summarise(all, window, NOW - 24 * HOUR, NOW).successRate).toBeCloseTo(2 / 3);
  });

  it("times to finish are those of the finished ones", () => {
    const all = [
      ...Array.from({ length: 20 }, (_, index) => execution(1, "succeeded", (index + 1) * 10)),
      execution(1, "running"),
    ];
    expect(summarise(all, window, NOW - 24 * HOUR, NOW)).toMatchObject({ median: 100, p95: 190 });
  });
});
