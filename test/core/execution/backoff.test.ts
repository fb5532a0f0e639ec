import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextDelayMs, retryAfterMs } from "../../../src/core/execution/backoff.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2027, 0, 31, 12, 0, 0);

const delays = fc.array(fc.double({ min: 0, max: 86_400, noNaN: true }), { maxLength: 20 });
const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe("the delay before the next attempt", () => {
  it("[1] is two attempts, [] is one", () => {
    expect(nextDelayMs([1], 1, 0.5)).toBe(500);
    expect(nextDelayMs([1], 2, 0.5)).toBeNull();
    expect(nextDelayMs([], 1, 0.5)).toBeNull();
  });

  it("full jitter: between nothing and the scheduled delay of that attempt, and null after the last", () => {
    fc.assert(
      fc.property(delays, fc.integer({ min: 1, max: 25 }), random, (schedule, attempts, share) => {
        const delay = nextDelayMs(schedule, attempts, share);
        const scheduled = schedule[attempts - 1];
        if (scheduled === undefined) {
          expect(delay).toBeNull();
        } else {
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(Math.ceil(scheduled * 1000));
        }
      }),
    );
  });

  it("full jitter: the whole range is used", () => {
    expect(nextDelayMs([1, 5, 30, 120], 3, 0)).toBe(0);
    expect(nextDelayMs([1, 5, 30, 120], 3, 0.5)).toBe(15_000);
    expect(nextDelayMs([1, 5, 30, 120], 3, 1)).toBe(30_000);
  });

  it("Retry-After is never undercut, lengthens nothing else, and is bounded by a day", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 600, noNaN: true }), random, fc.nat(), (seconds, share, asked) => {
        const plain = nextDelayMs([seconds], 1, share) ?? -1;
        const delay = nextDelayMs([seconds], 1, share, asked) ?? -1;
        expect(delay).toBeGreaterThanOrEqual(Math.min(asked, DAY_MS));
        expect(delay).toBe(Math.max(plain, Math.min(asked, DAY_MS)));
      }),
    );
    expect(nextDelayMs([1], 1, 0.5, 365 * DAY_MS)).toBe(DAY_MS);
    expect(nextDelayMs([1], 2, 0.5, 5000)).toBeNull();
  });
});

describe("Retry-After", () => {
  it("in seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(retryAfterMs(String(seconds), NOW)).toBe(seconds * 1000);
        expect(retryAfterMs(` ${seconds} `, NOW)).toBe(seconds * 1000);
      }),
    );
  });

  it("as a date: the time until then, nothing when it is past", () => {
    expect(retryAfterMs("Sun, 31 Jan 2027 12:02:00 GMT", NOW)).toBe(120_000);
    expect(retryAfterMs("Sunday, 31-Jan-27 12:02:00 GMT", NOW)).toBe(120_000);
    expect(retryAfterMs("Sun, 06 Nov 1994 08:49:37 GMT", NOW)).toBe(0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        expect(retryAfterMs(new Date(NOW + seconds * 1000).toUTCString(), NOW)).toBe(seconds * 1000);
      }),
    );
  });

  it("is ignored when it is neither", () => {
    expect(retryAfterMs(null, NOW)).toBeNull();
    for (const garbage of ["", " ", "soon", "5s", "-5", "1.5", "+3", "0x10", "1e3", "3, 4", "in 2099", "wait 2099"]) {
      expect([garbage, retryAfterMs(garbage, NOW)]).toEqual([garbage, null]);
    }
  });
});
