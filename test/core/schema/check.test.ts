import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Refusal } from "../../../src/core/refusal.ts";
import { check } from "../../../src/core/schema/check.ts";

const schema = z.strictObject({ list: z.array(z.int()), name: z.string().optional() });

const refusalOf = (value: unknown) => {
  const checked = check(schema, value);
  if (!(checked instanceof Refusal)) throw new Error("it was taken");
  return checked;
};

describe("what is told of wrong input", () => {
  it("names the field of everything that is wrong (ND16)", () => {
    expect(refusalOf({ list: [1, "x"], more: 1 }).extras.errors?.map(({ field }) => field)).toEqual([
      "list[1]",
      "more",
    ]);
  });

  it("is never larger than the input: so many errors, and names up to a length", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, 1]));
    expect(refusalOf({ list: Array(10_000).fill("x"), ...many }).extras.errors).toHaveLength(50);
    const { detail, extras } = refusalOf({ list: [], ["x".repeat(100_000)]: 1 });
    expect(extras.errors?.[0]?.field).toHaveLength(200);
    expect(detail.length).toBeLessThan(500);
  });
});
