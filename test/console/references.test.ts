import { expect, it } from "vitest";
import { resolveReferences } from "../../src/console/reference/references.ts";

it("references are replaced, members beside them override, and a schema within itself is empty", () => {
  const document = {
    schema: { $ref: "#/components/schemas/Tree", description: "a tree" },
    components: {
      schemas: {
        Tree: { type: "object", description: "any", properties: { left: { $ref: "#/components/schemas/Tree" } } },
      },
    },
  };
  expect(resolveReferences(document).schema).toEqual({
    type: "object",
    description: "a tree",
    properties: { left: {} },
  });
});
