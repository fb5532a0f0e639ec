import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchDocumentStatus } from "../../../src/core/execution/document-status.ts";

const BUILT_IN = [
  "Inbox",
  "Initialize",
  "Processing",
  "Batching",
  "Awaiting Confirmation",
  "On Hold",
  "Failed",
  "Ignored",
  "Ready for test",
  "Outbox",
  "Completed",
];

const letters = (name: string) => name.replace(/[ -]/g, "").toLowerCase();

describe("document statuses", () => {
  for (const name of BUILT_IN) {
    it(`${name} is built in (LD5)`, () => {
      expect(matchDocumentStatus(name, [])).toBe(name);
    });
  }

  it("names match without regard to case, spaces and hyphens, and show their canonical form (LD5)", () => {
    const spelling = fc.record({
      name: fc.constantFrom(...BUILT_IN, "In Customs", "x-ray"),
      upper: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
      gaps: fc.array(fc.constantFrom("", "", " ", "-", " - "), { minLength: 30, maxLength: 30 }),
    });
    fc.assert(
      fc.property(spelling, ({ name, upper, gaps }) => {
        const spelled = [...letters(name)].map((c, i) => (upper[i] ? c.toUpperCase() : c) + gaps[i]).join("");
        expect(matchDocumentStatus(spelled, ["In Customs", "x-ray"])).toBe(name);
      }),
    );
  });

  it("anything else is no status (LD5)", () => {
    const known = new Set(BUILT_IN.map(letters));
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(!known.has(letters(text.replace(/\s/g, ""))));
        expect(matchDocumentStatus(text, [])).toBeNull();
      }),
    );
    for (const near of ["On_Hold", "Fail", "Failed!", "Completed Failed", "constructor", "Ready for tests"]) {
      expect(matchDocumentStatus(near, [])).toBeNull();
    }
  });

  it("a workspace's own status counts only where it is added, and never hides a built-in one (LD5)", () => {
    expect(matchDocumentStatus("in customs", [])).toBeNull();
    expect(matchDocumentStatus("in-customs", ["Elsewhere", "In Customs"])).toBe("In Customs");
    expect(matchDocumentStatus("completed", ["COMPLETED"])).toBe("Completed");
  });
});
