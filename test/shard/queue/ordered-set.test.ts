import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderedSet } from "../../../src/shard/queue/ordered-set.ts";

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("add" as const), number: fc.nat(30) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), number: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("shift" as const) }) },
);

/** Deletes the lowest and returns it. */
function shift(set: OrderedSet): number | undefined {
  const { first } = set;
  if (first !== undefined) set.delete(first);
  return first;
}

describe("a line", () => {
  it("has its lowest first, whoever has come, left and come again", () => {
    const law = fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
      const line = new OrderedSet();
      const members = new Set<number>();
      const lowest = () => (members.size > 0 ? Math.min(...members) : undefined);
      for (const one of steps) {
        if (one.kind === "shift") {
          const first = lowest();
          expect(shift(line)).toBe(first);
          if (first !== undefined) members.delete(first);
        } else {
          line[one.kind](one.number);
          members[one.kind](one.number);
        }
        expect([line.first, line.size]).toEqual([lowest(), members.size]);
      }
    });
    fc.assert(law);
  });

  it("closes up when thousands have left from its middle", () => {
    const line = new OrderedSet();
    for (let number = 0; number < 10_000; number++) line.add(number);
    for (let number = 1; number < 9_999; number++) line.delete(number);
    line.add(5);
    expect([shift(line), shift(line), shift(line), shift(line)]).toEqual([0, 5, 9_999, undefined]);
  });
});
