import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyStatus } from "../../../src/core/execution/response-class.ts";

const RETRIED_AS_ERROR = [408, 425, 429];

describe("what a reply means for its step", () => {
  it("LD15: every 2xx is success", () => {
    for (let status = 200; status < 300; status++) expect(classifyStatus(status)).toEqual({ kind: "success" });
  });

  it("LD15: 3xx is a bug, and not retried", () => {
    for (let status = 300; status < 400; status++) {
      expect(classifyStatus(status)).toEqual({ kind: "terminal", failure: "bug" });
    }
  });

  it("LD15: 4xx is an error; only 408, 425 and 429 are retried", () => {
    for (let status = 400; status < 500; status++) {
      const kind = RETRIED_AS_ERROR.includes(status) ? "retryable" : "terminal";
      expect(classifyStatus(status)).toEqual({ kind, failure: "error" });
    }
  });

  it("LD15: 5xx and whatever lies above is a bug, after its retries", () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 999 }), (status) => {
        expect(classifyStatus(status)).toEqual({ kind: "retryable", failure: "bug" });
      }),
    );
  });

  it("LD15: an informational status as the last word is no success", () => {
    expect(classifyStatus(100)).toEqual({ kind: "terminal", failure: "bug" });
  });
});
