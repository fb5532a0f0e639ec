import { describe, expect, it } from "vitest";
import { RESERVED_SEGMENTS } from "../../../src/core/schema/names.ts";
import { PUBLIC_PATHS } from "../../../src/routes/openapi/public-paths.ts";
import { findPath, nameOf, type PublicPath, TABLE } from "../../../src/routes/router.ts";

const rows = Object.entries<PublicPath>(TABLE);

describe("the table of public paths", () => {
  it("its first segments are those that no workspace can be named", () => {
    const first = rows.map(([pattern]) => pattern.split("/")[1] ?? "").filter((segment) => /^[^:]/.test(segment));
    expect([...new Set(first)].toSorted()).toEqual(RESERVED_SEGMENTS.toSorted());
  });

  it("its methods are those of the API description", () => {
    for (const [path, item] of Object.entries(PUBLIC_PATHS)) {
      const { methods } = Object.fromEntries(rows)[path.replaceAll(/\{(\w+)\}/g, ":$1")] ?? {};
      if (!methods) continue;
      const described = Object.keys(item).filter((key) => key !== "parameters");
      expect(
        described.map((method) => method.toUpperCase()),
        path,
      ).toEqual(methods.filter((name) => name !== "HEAD"));
    }
  });

  it.each([
    ["/", "/", undefined],
    ["/cb/", "/cb", undefined],
    ["/cb/secret-state", "/cb/:state", undefined],
    ["/cb/secret-state/more", "unknown", undefined],
    ["/console/demo/flows", "/console", undefined],
    ["/api/v1/workspaces/demo/executions/1/retry", "/api/v1/workspaces/:ws/executions", "demo"],
    ["/api/v1/workspaces/demo", "/api/v1/workspaces", undefined],
    ["/demo/orders", "/:workspace/orders", "demo"],
    ["/demo/orders/executions/1", "/:workspace/orders/executions/:id", "demo"],
    ["/demo/%20", "unknown", undefined],
    ["//demo", "unknown", undefined],
  ])("%s is logged as %s", (path, what, workspace) => {
    expect(nameOf(findPath(path))).toEqual({ what, ...(workspace && { workspace }) });
  });
});
