import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Timeouts } from "../../../src/shard/send/timeouts.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How late a deadline may pass, in ms. */
const LATE_MS = 25;

describe("timeouts", () => {
  it("each passes once, never early, hardly late, and not at all when it was cleared", () => {
    const settings = fc.array(
      fc.record({ setAt: fc.nat(500), ms: fc.nat(1_000), clearAfter: fc.option(fc.nat(1_200)) }),
    );
    const law = fc.property(settings, (planned) => {
      const started = Date.now();
      const timeouts = new Timeouts();
      const passed = new Map<number, number[]>();
      planned.forEach(({ setAt, ms, clearAfter }, number) => {
        setTimeout(() => {
          const deadline = timeouts.set(ms, () => {
            passed.set(number, [...(passed.get(number) ?? []), Date.now() - started]);
          });
          if (clearAfter !== null) setTimeout(() => deadline.clear(), clearAfter);
        }, setAt);
      });
      vi.runAllTimers();
      for (const [number, { setAt, ms, clearAfter }] of planned.entries()) {
        const times = passed.get(number) ?? [];
        if (clearAfter === null || clearAfter > ms + LATE_MS) expect(times).toHaveLength(1);
        else if (clearAfter < ms) expect(times).toEqual([]);
        for (const time of times) {
          expect(time).toBeGreaterThanOrEqual(setAt + ms);
          expect(time).toBeLessThanOrEqual(setAt + ms + LATE_MS);
        }
      }
    });
    fc.assert(law, { numRuns: 200 });
  });

  it("leave no timer behind when all were cleared, so that an idle object can rest", () => {
    const timeouts = new Timeouts();
    const set = [50, 10, 60_000].map((ms) => timeouts.set(ms, () => undefined));
    expect(vi.getTimerCount()).toBe(1);
    for (const deadline of set) deadline.clear();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("one that acts may set and clear others", () => {
    const timeouts = new Timeouts();
    const said: string[] = [];
    const cleared = timeouts.set(500, () => said.push("cleared"));
    timeouts.set(10, () => {
      cleared.clear();
      timeouts.set(10, () => said.push("set by another"));
    });
    vi.runAllTimers();
    expect(said).toEqual(["set by another"]);
  });
});
