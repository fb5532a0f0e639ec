import { describe, expect, it } from "vitest";
import { PERMISSIONS, secretInput, showToken, tokenInput } from "../../../src/core/schema/access.ts";
import { problemsOf } from "../../support/core/schema.ts";

const token = (more: object = {}) => ({ label: "ci", permissions: ["config.read"], ...more });
const problems = (more: object) => problemsOf(tokenInput, token(more));

describe("a personal access token", () => {
  it("has permissions of the contract's list, and no others (L19)", () => {
    expect(PERMISSIONS.toSorted()).toEqual([
      "admin",
      "asyncflow.callback.send",
      "callbacks.read",
      "callbacks.write",
      "config.read",
      "config.write",
      "executions.read",
      "executions.write",
    ]);
    expect(problems({ permissions: [...PERMISSIONS] })).toEqual([]);
  });

  it("may be bound to a workspace and may expire", () => {
    const full = token({ workspace: "acme", expiresAt: "2027-01-31T12:00:00+01:00" });
    expect(tokenInput.parse(full)).toEqual(full);
    expect(tokenInput.parse(token())).toEqual(token());
  });

  it("names the field of everything that is wrong (ND16)", () => {
    expect(problemsOf(tokenInput, {})).toEqual(["label", "permissions"]);
    expect(problems({ label: " " })).toEqual(["label"]);
    expect(problems({ permissions: [] })).toEqual(["permissions"]);
    expect(problems({ permissions: "admin" })).toEqual(["permissions"]);
    expect(problems({ permissions: ["config.read", "root"] })).toEqual(["permissions[1]"]);
    expect(problems({ workspace: "No Name" })).toEqual(["workspace"]);
    for (const expiresAt of ["tomorrow", "2027-01-31", "2027-13-31T12:00:00Z", 1_800_000_000, ""]) {
      expect(problems({ expiresAt })).toEqual(["expiresAt"]);
    }
    expect(problems({ token: "mine", id: "x" })).toEqual(["id", "token"]);
  });

  it("is shown without its hash (LD3)", () => {
    const shown = showToken({
      ...tokenInput.parse(token()),
      id: "11111111-2222-4333-8444-555555555555",
      hash: "secret",
      createdAt: "2027-01-31T12:00:00Z",
    });
    expect(Object.keys(shown).toSorted()).toEqual(["createdAt", "id", "label", "permissions"]);
  });
});

describe("a secret", () => {
  it("is a text that is not empty", () => {
    expect(secretInput.parse({ value: " kept as it is \n" })).toEqual({ value: " kept as it is \n" });
    for (const value of [undefined, "", 5, null, "x".repeat(100_000)]) {
      expect(problemsOf(secretInput, { value })).toEqual(["value"]);
    }
    expect(problemsOf(secretInput, { value: "x", name: "erp" })).toEqual(["name"]);
  });
});
