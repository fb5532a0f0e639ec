/** Triggers are saved and deleted, after checks across records. */
import { type FieldError, invalidInput, notFound, type Refusal } from "../../core/refusal.ts";
import type { Trigger, TriggerInput } from "../../core/schema/trigger.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { idsBelow, recordId } from "../../storage/kv/record-id.ts";
import { checkTriggerSecrets } from "../intake/trigger-auth.ts";
import { refuseBeyondLimit } from "./limits.ts";
import type { Lookup } from "./lookup.ts";

export async function putTrigger(
  store: ConfigStore,
  workspace: Workspace,
  name: string,
  input: TriggerInput,
): Promise<Trigger | Refusal> {
  const errors = await checkTrigger(store, workspace, name, input);
  if (errors.length > 0) return invalidInput(errors);
  const key = recordId(workspace.id, name);
  const trigger: Trigger = { name, ...input };
  const full = await refuseBeyondLimit("triggers", store.triggers, idsBelow(workspace.id), key, trigger);
  if (full) return full;
  await store.triggers.put(key, trigger);
  return trigger;
}

/** Checks a trigger beyond its schema: the flow and the secrets that it names exist and fit (ND16). */
export async function checkTrigger(
  store: Lookup,
  workspace: Workspace,
  name: string,
  input: TriggerInput,
): Promise<FieldError[]> {
  const errors = await checkTriggerSecrets(store, workspace, input);
  if (!(await store.flows.get(recordId(workspace.id, input.flow)))) {
    errors.push({ field: "flow", message: `the flow ${input.flow} does not exist` });
  }
  const known = await store.triggers.get(recordId(workspace.id, name));
  if (known && hasKeyedLanes(known) && hasKeyedLanes(input) && !known.rate !== !input.rate) {
    const message = "cannot come or go while lanes have keys: they would move to other shards; make a new trigger";
    errors.push({ field: "rate", message });
  }
  return errors;
}

/** Lanes by key are spread over the shards; with a rate, all lanes of a trigger are in one shard. */
const hasKeyedLanes = ({ orderedDelivery }: TriggerInput) =>
  typeof orderedDelivery === "object" && orderedDelivery.key !== undefined;

export async function deleteTrigger(store: ConfigStore, workspace: Workspace, name: string): Promise<Refusal | null> {
  const key = recordId(workspace.id, name);
  if (!(await store.triggers.get(key))) return notFound();
  await store.triggers.delete(key);
  await store.apiKeys.deleteAll(idsBelow(key));
  return null;
}
