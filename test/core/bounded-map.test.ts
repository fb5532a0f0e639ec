import { describe, expect, it } from "vitest";
import { BoundedMap } from "../../src/storage/bounded-map.ts";

describe("a bounded map", () => {
  it("forgets the oldest when there are too many, and counts what is set again as new", () => {
    const map = new BoundedMap<number>(3, 100);
    for (const [index, key] of ["a", "b", "c", "a", "d"].entries()) map.set(key, index, 1);
    expect([...map.keys()]).toEqual(["c", "a", "d"]);
    expect([map.get("a"), map.get("b")]).toEqual([3, undefined]);
  });

  it("forgets the oldest until all fit, and does not remember what fits nowhere", () => {
    const map = new BoundedMap<string>(10, 10);
    map.set("a", "a", 4);
    map.set("b", "b", 4);
    map.set("c", "c", 5);
    expect([...map.keys()]).toEqual(["b", "c"]);
    map.set("huge", "huge", 11);
    expect([...map.keys()]).toEqual(["b", "c"]);
    map.set("c", "larger than it was", 11);
    expect([...map.keys()]).toEqual(["b"]);
    map.delete("b");
    map.delete("b");
    map.set("d", "d", 10);
    expect([...map.keys()]).toEqual(["d"]);
  });
});
