import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PLANTED } from "../../tools/faults/planted.ts";

describe("the planted bugs", () => {
  it.each(PLANTED.flatMap(({ name, patches }) => patches.map((patch) => ({ name, ...patch }))))(
    "$name: its place in $file is there, once",
    ({ file, find, replace }) => {
      expect(readFileSync(file, "utf8").split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
    },
  );
});
