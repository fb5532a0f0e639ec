import { describe, expect, it } from "vitest";
import { check } from "../../../tools/faults/checks/checker.ts";
import { figuresOf } from "../../../tools/faults/figures.ts";
import { mixed } from "../../../tools/faults/profiles/mixed.ts";
import { runFaults } from "../../../tools/faults/run.ts";

/** The small version of `npm run faults`; longer with FAULT_SECONDS. */
const seconds = Number(process.env.FAULT_SECONDS ?? 30);
const seed = Number(process.env.FAULT_SEED ?? 7);

describe("the guarantees under faults", () => {
  it(
    `${seconds} s of load with kills, stopped objects, stale KV, failing R2 and bad partners leave no violation (N14 ND7 ND9 ND13 LD8 LD11 CD7 GD6)`,
    async () => {
      const run = await runFaults({ seed, profile: mixed(seconds) });
      const figures = figuresOf(run);
      expect(check(run)).toEqual([]);
      // A run without injected faults would prove nothing.
      expect(figures).toMatchObject({ kills: expect.any(Number), aborts: expect.any(Number) });
      expect(
        Math.min(figures.kills, figures.aborts, figures.r2Failures, figures.late, figures.repeatedOut),
      ).toBeGreaterThan(0);
      expect(figures.accepted).toBeGreaterThan(100);
    },
    (seconds + 150) * 1000,
  );
});
