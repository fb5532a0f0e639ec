/** The descriptions of fields for the console's forms, taken from the schemas at build time: zod stays out of the browser. */
import type { Plugin } from "vite";
import { tokenInput } from "../../../src/core/schema/access.ts";
import { newAdapterInput } from "../../../src/core/schema/adapter.ts";
import { callbackInput } from "../../../src/core/schema/callback.ts";
import { descriptionsOf } from "../../../src/core/schema/descriptions.ts";
import { flowInput } from "../../../src/core/schema/flow.ts";
import { apiKeyInput, triggerInput } from "../../../src/core/schema/trigger.ts";
import { workspaceInput } from "../../../src/core/schema/workspace.ts";

const SCHEMAS = {
  flow: flowInput,
  trigger: triggerInput,
  apiKey: apiKeyInput,
  callback: callbackInput,
  adapter: newAdapterInput,
  workspace: workspaceInput,
  token: tokenInput,
};

/** The description of each field by kind and path. */
export const FIELD_HELP = Object.fromEntries(
  Object.entries(SCHEMAS).map(([kind, schema]) => [kind, descriptionsOf(schema)]),
);

const ID = "virtual:field-help";

export const fieldHelp = (): Plugin => ({
  name: "field-help",
  resolveId: (id) => (id === ID ? `\0${ID}` : null),
  load: (id) => (id === `\0${ID}` ? `export const FIELD_HELP = ${JSON.stringify(FIELD_HELP)};` : null),
});
