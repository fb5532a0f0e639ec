/** The configuration of a workspace as one document, without secrets: `GET` and `PUT /config`. */
import { z } from "zod";
import { adapterFields } from "./adapter.ts";
import { callbackConfigInput } from "./callback.ts";
import { documentStep } from "./flow.ts";
import { label, objectName, SECRET_NAME } from "./names.ts";
import { triggerInput } from "./trigger.ts";
import { workspaceInput } from "./workspace.ts";

/** An adapter under its name. */
const adapterEntry = adapterFields.omit({ name: true }).extend({
  /** The workspace secret whose value is the shared secret; a new adapter needs one, others are given it. */
  shared_secret_from: z.string().regex(SECRET_NAME, "must be the name of a secret").optional(),
});

/** A section that is absent is left as it is; one that is there is the whole of its kind, and what it lacks is deleted. */
export const configDocument = z.strictObject({
  /** For editors: where the JSON Schema of the document is. */
  $schema: z.string().optional(),
  settings: workspaceInput.optional(),
  adapters: z.record(label, adapterEntry).optional(),
  flows: z.record(objectName, z.strictObject({ steps: z.array(documentStep).max(50) })).optional(),
  triggers: z.record(objectName, triggerInput).optional(),
  callbackConfigs: z.record(objectName, callbackConfigInput).optional(),
});

export type ConfigDocument = z.output<typeof configDocument>;
export type AdapterEntry = z.output<typeof adapterEntry>;
