import { describe, expect, it } from "vitest";
import type { ExecutionSummary } from "../../src/client/index.ts";
import { mergeLive } from "../../src/console/pages/executions/merge-live.ts";

const row = (seq: number, status = "running") =>
  ({ id: `${seq}`, seq, status, createdAt: new Date(seq * 1000).toISOString() }) as ExecutionSummary;
const page = (seqs: number[], nextCursor?: string) => ({
  items: seqs.map((seq) => row(seq)),
  ...(nextCursor !== undefined && { nextCursor }),
});
const seqs = (rows: ExecutionSummary[] | null) => rows?.map(({ seq }) => seq) ?? null;

describe("a list that is loaded in pages and looked at again at its front", () => {
  it.each([
    { name: "nothing newer is known", newest: undefined, merged: [5, 4, 3, 2] },
    { name: "new ones come in front", newest: page([7, 6, 5], "c"), merged: [7, 6, 5, 4, 3, 2] },
    { name: "one that left the filter is gone", newest: page([7, 4], "c"), merged: [7, 4, 3, 2] },
    { name: "a page without another one is all there is", newest: page([6, 2]), merged: [6, 2] },
    { name: "an empty page is all there is", newest: page([]), merged: [] },
    { name: "a gap between them asks for loading anew", newest: page([9, 8, 7], "c"), merged: null },
  ])("$name", ({ newest, merged }) => {
    expect(seqs(mergeLive([page([5, 4], "a"), page([3, 2], "b")], newest))).toEqual(merged);
  });

  it("takes the newer state of what is in both", () => {
    const newest = { items: [row(5, "succeeded"), row(4)], nextCursor: "c" };
    expect(mergeLive([page([5, 4, 3], "a")], newest)?.map(({ status }) => status)).toEqual([
      "succeeded",
      "running",
      "running",
    ]);
  });
});
