import { describe, expect, it } from "vitest";
import { isWorkspaceName, OBJECT_NAME, RESERVED_SEGMENTS, SECRET_NAME } from "../../../src/core/schema/names.ts";
import { workspaceInput } from "../../../src/core/schema/workspace.ts";
import { problemsOf } from "../../support/core/schema.ts";

describe("names", () => {
  it("a workspace's has 1 to 39 lower-case letters, digits and hyphens, no hyphen first (ND1)", () => {
    for (const name of ["a", "0", "acme", "acme-2", "a--b-", "x".repeat(39)]) expect(isWorkspaceName(name)).toBe(true);
    for (const name of ["", "-a", "Acme", "a_b", "a.b", "a b", "a/b", "ä", "acme\n", "x".repeat(40)]) {
      expect(isWorkspaceName(name)).toBe(false);
    }
  });

  it("the gateway's own first segments are reserved, and only they (ND1)", () => {
    expect(RESERVED_SEGMENTS.toSorted()).toEqual(["adapter", "api", "cb", "cbq", "console", "healthz"]);
    for (const name of RESERVED_SEGMENTS) expect(isWorkspaceName(name)).toBe(false);
    for (const name of ["cb-2", "apis", "cbs"]) expect(isWorkspaceName(name)).toBe(true);
  });

  it("of triggers and flows need no escaping in URLs and keys; those of secrets are such that templates read them", () => {
    for (const name of ["CreateCustomerRecord", "orders.v2", "a_b-c", "7"]) expect(OBJECT_NAME.test(name)).toBe(true);
    for (const name of ["", ".", "..", ".x", "-x", "a/b", "a:b", "a%b", "a b", "é", "x\n", "x".repeat(65)]) {
      expect(OBJECT_NAME.test(name)).toBe(false);
    }
    for (const name of ["erp", "erp-signing", "ERP_2"]) expect(SECRET_NAME.test(name)).toBe(true);
    for (const name of ["", "2erp", "a.b", "a b", "_a", "a:b", "x\n"]) expect(SECRET_NAME.test(name)).toBe(false);
  });
});

describe("a workspace", () => {
  it("has four shards by default, and no document statuses of its own", () => {
    expect(workspaceInput.parse({})).toMatchObject({ shards: 4, documentStatuses: [] });
    expect(workspaceInput.parse({}).platformUrl).toBeUndefined();
    expect(workspaceInput.parse({}).retentionDays).toBeGreaterThanOrEqual(7);
  });

  it("takes what the contract names (LD5)", () => {
    const full = {
      shards: 1,
      platformUrl: "https://platform.test/app",
      documentStatuses: ["In Customs"],
      retentionDays: 7,
    };
    expect(workspaceInput.parse(full)).toEqual(full);
  });

  it("names the field of everything that is wrong (ND16)", () => {
    const wrong = { shards: 0, platformUrl: "ftp://x", documentStatuses: ["ok", " "], retentionDays: 0.5, colour: 1 };
    expect(problemsOf(workspaceInput, wrong)).toEqual([
      "colour",
      "documentStatuses[1]",
      "platformUrl",
      "retentionDays",
      "shards",
    ]);
    for (const platformUrl of ["/relative", "javascript:alert(1)", "", 5]) {
      expect(problemsOf(workspaceInput, { platformUrl })).toEqual(["platformUrl"]);
    }
    expect(problemsOf(workspaceInput, { name: "x", id: "y" })).toEqual(["id", "name"]);
    for (const value of [null, [], "x", 5]) expect(problemsOf(workspaceInput, value)).toEqual([""]);
  });
});
