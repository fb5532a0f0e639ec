import { describe, expect, it } from "vitest";
import { invalidInput, notFound, Refusal, STATUS_OF } from "../../src/core/refusal.ts";

/** Codes that clients may rely on, each with the only status it has. */
const CONTRACT: Record<string, number> = {
  "invalid-json": 400,
  "invalid-request": 400,
  "body-incomplete": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  "method-not-allowed": 405,
  "already-answered": 409,
  "already-exists": 409,
  "in-use": 409,
  cancelled: 409,
  "too-large": 413,
  "uri-too-long": 414,
  "invalid-input": 422,
  "flow-failed": 422,
  "internal-error": 500,
  "flow-broken": 502,
  "timed-out": 504,
};

describe("refusals", () => {
  it("have stable codes, each with one HTTP status", () => {
    expect(STATUS_OF).toMatchObject(CONTRACT);
    for (const [reason, status] of Object.entries(STATUS_OF)) {
      expect(reason).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });

  it("are values, not exceptions", () => {
    expect(new Refusal("forbidden", "Not yours.")).not.toBeInstanceOf(Error);
    expect(new Refusal("forbidden", "Not yours.").extras).toEqual({});
  });

  it("tell unknown paths and unknown ids the same", () => {
    expect(notFound()).toEqual(notFound());
    expect(STATUS_OF[notFound().reason]).toBe(404);
    expect(notFound()).not.toBe(notFound());
  });

  it("invalid input names every field in errors, and in the sentence too (ND16)", () => {
    const errors = [
      { field: "steps[0].url", message: "is missing" },
      { field: "", message: "must be an object" },
    ];
    const refusal = invalidInput(errors);
    expect(STATUS_OF[refusal.reason]).toBe(422);
    expect(refusal.extras.errors).toEqual(errors);
    expect(refusal.detail).toBe("steps[0].url: is missing; must be an object");
  });
});
