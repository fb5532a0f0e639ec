import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyStatus } from "../../../src/core/execution/response-class.ts";

const RETRIED_AS_ERROR = [408, 425, 429];

describe("what a reply means for its step", () => {
  it("every 2xx is success (LD15)", () => {
    for (let status = 200; status < 300; status++) expect(classifyStatus(status)).toEqual({ kind: "success" });
  });

  it("3xx is a bug, and not retried (LD15)", () => {
    for (let status = 300; status < 400; status++) {
      expect(classifyStatus(status)).toEqual({ kind: "terminal", failure: "bug" });
    }
  });

  it("4xx is an error; only 408, 425 and 429 are retried (LD15)", () => {
    for (let status = 400; status < 500; status++) {
      const kind = RETRIED_AS_ERROR.includes(status) ? "retryable" : "terminal";
      expect(classifyStatus(status)).toEqual({ kind, failure: "error" });
    }
  });

  it("5xx and whatever lies above is a bug, after its retries (LD15)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 999 }), (status) => {
        expect(classifyStatus(status)).toEqual({ kind: "retryable", failure: "bug" });
      }),
    );
  });

  it("an informational status as the last word is no success (LD15)", () => {
    expect(classifyStatus(100)).toEqual({ kind: "terminal", failure: "bug" });
  });
});
