import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpenExecutions } from "../../src/shard/open-executions.ts";

const queued = (sequence: number, lane: string | null) => ({ sequence, lane, status: "queued" as const, dueAt: null });

describe("open executions", () => {
  it("ND7 property: whatever happens, a lane has one member at work and takes them in order", () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant("arrive" as const), lane: fc.constantFrom("a", "b", null) }),
      fc.record({ do: fc.constantFrom("take" as const, "due" as const) }),
      fc.record({ do: fc.constantFrom("finish" as const, "wait" as const, "resume" as const), pick: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const open = new OpenExecutions();
        const laneOf = new Map<number, string | null>();
        const active = new Set<number>();
        const finished: number[] = [];
        const timed = new Set<number>();
        let sequence = 0;
        for (const step of actions) {
          const chosen = [...active].at(("pick" in step ? step.pick : 0) % Math.max(active.size, 1));
          if (step.do === "arrive") {
            laneOf.set(++sequence, step.lane);
            open.add(queued(sequence, step.lane));
          } else if (step.do === "take") {
            const taken = open.takeReady();
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
          for (const lane of ["a", "b"]) {
            expect([...active].filter((one) => laneOf.get(one) === lane).length).toBeLessThanOrEqual(1);
            const ended = finished.filter((one) => laneOf.get(one) === lane);
            expect(ended).toEqual(ended.toSorted((x, y) => x - y));
          }
        }
        for (const one of [...active]) {
          open.finish(one);
          finished.push(one);
        }
        for (let taken = open.takeReady(); taken !== undefined; taken = open.takeReady()) {
          open.finish(taken);
          finished.push(taken);
        }
        expect(finished.toSorted((x, y) => x - y)).toEqual([...laneOf.keys()]);
        expect([open.size, open.isBusy, open.nextDueAt()]).toEqual([0, false, null]);
      }),
    );
  });

  it("forgets a time that was replaced", () => {
    const open = new OpenExecutions();
    open.add(queued(1, null));
    open.postpone(1, 100);
    open.postpone(1, 50);
    expect(open.nextDueAt()).toBe(50);
    expect(open.takeDue(200)).toEqual([1]);
    expect(open.takeDue(200)).toEqual([]);
  });
});
