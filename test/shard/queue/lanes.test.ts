import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RunQueue } from "../../../src/shard/queue/run-queue.ts";

const queued = (sequence: number, lane: string | null) => ({
  ...{ sequence, lane, snapshotId: 1, status: "queued" as const, dueAt: null },
});
const WIDTHS = { a: 1, b: 3 };
const ruleOf = (lane: "a" | "b" | null) => ({
  width: lane === null ? Number.POSITIVE_INFINITY : WIDTHS[lane],
  rate: null,
});

describe("open executions", () => {
  it("property: whatever happens, a lane has no more members at work than its width, and takes them in order (ND7 ND9)", () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant("arrive" as const), lane: fc.constantFrom("a" as const, "b" as const, null) }),
      fc.record({ do: fc.constantFrom("take" as const, "due" as const) }),
      fc.record({ do: fc.constantFrom("finish" as const, "wait" as const, "resume" as const), pick: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const open = new RunQueue();
        const laneOf = new Map<number, "a" | "b" | null>();
        const active = new Set<number>();
        const finished: number[] = [];
        const started: number[] = [];
        const timed = new Set<number>();
        let sequence = 0;
        for (const step of actions) {
          const chosen = [...active].at(("pick" in step ? step.pick : 0) % Math.max(active.size, 1));
          if (step.do === "arrive") {
            laneOf.set(++sequence, step.lane);
            open.add(queued(sequence, step.lane), ruleOf(step.lane));
          } else if (step.do === "take") {
            const taken = open.takeReady(0);
            if (taken !== undefined && !active.has(taken)) started.push(taken);
            if (taken !== undefined) active.add(taken);
          } else if (step.do === "due") {
            for (const due of open.takeDue(Number.MAX_SAFE_INTEGER)) open.resume(due);
            timed.clear();
          } else if (chosen !== undefined && step.do === "finish") {
            open.finish(chosen);
            active.delete(chosen);
            timed.delete(chosen);
            finished.push(chosen);
          } else if (chosen !== undefined && step.do === "wait") {
            open.postpone(chosen, 5);
            timed.add(chosen);
          } else if (chosen !== undefined && step.do === "resume") {
            open.resume(chosen);
            timed.delete(chosen);
          }
          for (const lane of ["a", "b"] as const) {
            expect([...active].filter((one) => laneOf.get(one) === lane).length).toBeLessThanOrEqual(WIDTHS[lane]);
            const begun = started.filter((one) => laneOf.get(one) === lane);
            expect(begun).toEqual(begun.toSorted((x, y) => x - y));
          }
        }
        for (const one of [...active]) {
          open.finish(one);
          finished.push(one);
        }
        for (let taken = open.takeReady(0); taken !== undefined; taken = open.takeReady(0)) {
          open.finish(taken);
          finished.push(taken);
        }
        expect(finished.toSorted((x, y) => x - y)).toEqual([...laneOf.keys()]);
        expect([open.size, open.isBusy, open.nextDueAt()]).toEqual([0, false, null]);
      }),
    );
  });

  it("forgets a time that was replaced", () => {
    const open = new RunQueue();
    open.add(queued(1, null), ruleOf(null));
    open.postpone(1, 100);
    open.postpone(1, 50);
    expect(open.nextDueAt()).toBe(50);
    expect(open.takeDue(200)).toEqual([1]);
    expect(open.takeDue(200)).toEqual([]);
  });

  it("property: a rate lets no more start within any span than its limit, and everything in the end", () => {
    const scenario = fc.record({
      limit: fc.integer({ min: 1, max: 5 }),
      perMs: fc.integer({ min: 1, max: 50 }),
      arrivals: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }),
    });
    fc.assert(
      fc.property(scenario, ({ limit, perMs, arrivals }) => {
        const open = new RunQueue();
        const rule = { width: Number.POSITIVE_INFINITY, rate: { trigger: "t", limit, perMs } };
        const starts: number[] = [];
        let now = 1_000;
        const takeAll = () => {
          for (let taken = open.takeReady(now); taken !== undefined; taken = open.takeReady(now)) {
            starts.push(now);
            open.finish(taken);
          }
        };
        arrivals.forEach((gap, sequence) => {
          now += gap;
          open.add(queued(sequence, null), rule);
          takeAll();
        });
        for (let at = open.nextStartAt(); at !== null; at = open.nextStartAt()) {
          now = Math.max(now, at);
          takeAll();
        }
        expect(starts).toHaveLength(arrivals.length);
        for (const [n, start] of starts.entries()) {
          expect(starts.slice(n).filter((other) => other < start + perMs).length).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it("after a restart a rate knows the starts of before (ND9)", () => {
    const open = new RunQueue({
      startsOf: (trigger, withinMs) => (trigger === "t" && withinMs === 1_000 ? [4_500, 4_900] : []),
    });
    const rule = { width: 1, rate: { trigger: "t", limit: 2, perMs: 1_000 } };
    open.add(queued(1, null), rule);
    open.add(queued(2, null), rule);
    expect(open.takeReady(5_000)).toBeUndefined();
    expect(open.nextStartAt()).toBe(5_500);
    expect(open.takeReady(5_500)).toBe(1);
    expect(open.takeReady(5_600)).toBeUndefined();
    expect(open.takeReady(5_900)).toBe(2);
  });

  it("after a restart those at work keep their places, and one that is tried again stands by its arrival (ND7)", () => {
    const open = new RunQueue();
    const rule = { width: 1, rate: null };
    open.add({ ...queued(2, "a"), status: "waiting", dueAt: 9_000 }, rule);
    open.add(queued(1, "a"), rule);
    open.add(queued(4, "a"), rule);
    expect(open.takeReady(0)).toBeUndefined();
    open.add(queued(3, "a"), { width: 10, rate: null }, true);
    const order: number[] = [];
    open.finish(2);
    for (let next = open.takeReady(0); next !== undefined; next = open.takeReady(0)) {
      order.push(next);
      open.finish(next);
    }
    expect(order).toEqual([1, 3, 4]);
  });
});
