import { describe, expect, it } from "vitest";
import { orderIn } from "../../tools/bench/rounds.ts";

describe("the order of a benchmark's subjects", () => {
  it.each([1, 2, 3, 4, 5, 6])("of %i: each has every turn, and comes behind each other one equally often", (count) => {
    const rounds = Array.from({ length: count % 2 === 0 ? count : 2 * count }, (_, round) => orderIn(round, count));
    const behind = new Map<string, number>();
    for (const order of rounds) {
      expect(order.toSorted()).toEqual(Array.from({ length: count }, (_, at) => at));
      for (const [at, subject] of order.entries()) {
        const pair = `${order[at - 1]} ${subject}`;
        if (at > 0) behind.set(pair, (behind.get(pair) ?? 0) + 1);
      }
    }
    for (let turn = 0; turn < count; turn++) {
      expect(new Set(rounds.map((order) => order[turn])).size).toBe(count);
    }
    expect(behind.size).toBe(count * (count - 1));
    expect(new Set(behind.values()).size).toBeLessThanOrEqual(1);
  });
});
