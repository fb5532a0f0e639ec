import { describe, expect, it } from "vitest";
import { isLaneOf, laneId, laneName, readLaneName, shardOfLaneId } from "../../../src/core/execution/lane-name.ts";

describe("names of lanes", () => {
  it.each([
    ["w1/orders", null],
    ["w1/orders/", ""],
    ["w1/orders/a/b\n:c", "a/b\n:c"],
  ])("%j has the key %j", (name, key) => {
    expect(laneName("w1", "orders", key)).toBe(name);
    expect(readLaneName(name)).toEqual({ workspaceId: "w1", trigger: "orders", key });
    expect(isLaneOf("w1", name)).toBe(true);
    expect(isLaneOf("w", name)).toBe(false);
  });

  it("their ids name the shard", () => {
    expect(laneId(7, "w1/orders")).toMatch(/^7\.[\w-]{22}$/);
    expect(shardOfLaneId(laneId(7, "w1/orders"))).toBe(7);
    expect(shardOfLaneId("nonsense")).toBeNaN();
  });
});
