import { expect, it } from "vitest";
import { callbackSettings } from "../../../src/core/schema/callback.ts";
import { descriptionsOf } from "../../../src/core/schema/descriptions.ts";
import { triggerInput } from "../../../src/core/schema/trigger.ts";

it("each field has the description of its schema, through lists, defaults and alternatives", () => {
  const texts = { ...descriptionsOf(triggerInput), ...descriptionsOf(callbackSettings) };
  expect(texts["query[].name"]).toBe("Name of the parameter.");
  expect(texts["rate.limit"]).toBe("Number of executions.");
  expect(texts.responseCode).toBe("HTTP status of the answer; 200 by default.");
  expect(texts["auth.type"]).toMatch(/`none`: .*`apiKeys`: .*`basic`: .*`signature`: /);
});
