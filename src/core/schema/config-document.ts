/** The configuration of a workspace as one document, without secrets: `GET` and `PUT /config`. */
import { z } from "zod";
import { adapterFields } from "./adapter.ts";
import { callbackConfigInput } from "./callback.ts";
import { documentFlow } from "./flow.ts";
import { label, objectName, secretName } from "./names.ts";
import { triggerInput } from "./trigger.ts";
import { workspaceInput } from "./workspace.ts";

/** An adapter under its name. */
const adapterEntry = adapterFields
  .omit({ name: true })
  .extend({
    shared_secret_from: secretName
      .optional()
      .describe("Name of the workspace secret whose value is the shared secret. A new adapter needs it."),
  })
  .meta({ id: "AdapterEntry" });

const section = <T extends z.ZodType>(kind: string, name: z.ZodType<string>, entry: T) =>
  z
    .record(name, entry)
    .optional()
    .describe(
      `All ${kind}, by name; those that are not named are deleted. Without this section they stay as they are.`,
    );

export const configDocument = z
  .strictObject({
    $schema: z.string().optional().describe("Address of the JSON Schema of the document, for editors."),
    settings: workspaceInput.optional().describe("Settings of the workspace."),
    adapters: section("adapters", label, adapterEntry),
    flows: section("flows", objectName, documentFlow),
    triggers: section("triggers", objectName, triggerInput),
    callbackConfigs: section("stored callback configurations", objectName, callbackConfigInput),
  })
  .meta({ id: "ConfigDocument" });

export type ConfigDocument = z.output<typeof configDocument>;
export type AdapterEntry = z.output<typeof adapterEntry>;
