/** Configuration changes: what is checked across records before one is written. */
import { createHash, randomBytes } from "node:crypto";
import { hashCredential, makeApiKey, makeToken, prefixOf, SECRET_BYTES } from "../protocol/credential.ts";
import { type FieldError, invalidInput, notFound, Refusal } from "../protocol/refusal.ts";
import type { Token } from "../protocol/schema/access.ts";
import type { CallbackConfig } from "../protocol/schema/callback.ts";
import { type Flow, type FlowInput, templatesOf } from "../protocol/schema/flow.ts";
import type { ApiKey, Trigger, TriggerInput } from "../protocol/schema/trigger.ts";
import type { Workspace, WorkspaceInput } from "../protocol/schema/workspace.ts";
import { signingKey } from "../protocol/standard-webhooks.ts";
import { membersUsed } from "../protocol/template.ts";
import type { ConfigStore } from "../storage/config-store.ts";
import { checkAdapterStep } from "./adapters.ts";
import type { Gateway } from "./intake.ts";
import { refuseBeyondLimit } from "./limits.ts";
import { drawShards, shardStub } from "./shards.ts";
import { checkTriggerSecrets } from "./trigger-auth.ts";

/** Most API keys of one trigger: they are read together. */
const KEYS_PER_TRIGGER = 500;

/** Creates a workspace or changes its settings; its id stays. */
export async function putWorkspace(
  store: ConfigStore,
  name: string,
  input: WorkspaceInput,
): Promise<Workspace | Refusal> {
  const full = await refuseBeyondLimit("workspaces", store.workspaces, "", name);
  if (full) return full;
  const known = await store.workspaces.get(name);
  const placement = known?.placement ?? [];
  const missing = input.shards - placement.length;
  const taken =
    missing > 0 ? new Set((await store.workspaces.all("")).flatMap((other) => other.placement)) : new Set<number>();
  const workspace: Workspace = {
    name,
    id: known?.id ?? crypto.randomUUID(),
    ...input,
    placement: [...placement, ...drawShards(Math.max(missing, 0), taken)],
    laneShards: known?.laneShards ?? input.shards,
  };
  await store.workspaces.put(name, workspace);
  return workspace;
}

/** Deletes a workspace with all of its configuration. Its executions run to their end and leave with their retention. */
export async function deleteWorkspace({ env, store }: Gateway, { name, id, placement }: Workspace): Promise<void> {
  await store.workspaces.delete(name);
  for (const shard of placement) await shardStub(env, shard).releaseLanes(id);
  const kinds = [store.triggers, store.apiKeys, store.flows, store.callbackConfigs, store.adapters];
  for (const records of kinds) await records.deleteAll(`${id}:`);
  await store.secrets.deleteAll(id);
  for (const token of await store.tokens.all("")) if (token.workspaceId === id) await store.tokens.delete(token.id);
}

/** Saves a flow; its id stays. The secrets that its templates name must exist (ND16). */
export async function putFlow(
  store: ConfigStore,
  workspace: Workspace,
  name: string,
  input: FlowInput,
): Promise<Flow | Refusal> {
  const errors: FieldError[] = [];
  for (const [index, step] of input.steps.entries()) {
    const signingSecret = step.type === "http" ? step.signingSecret : undefined;
    errors.push(...(await checkSigningSecret(store, workspace, signingSecret, `steps[${index}].signingSecret`)));
    const misfits = step.type === "adapter" ? await checkAdapterStep(store, workspace, step) : [];
    errors.push(...misfits.map(({ field, message }) => ({ field: `steps[${index}].${field}`, message })));
    for (const { field, source } of templatesOf(step)) {
      for (const secret of new Set(membersUsed(source, "secrets"))) {
        const at = `steps[${index}].${field}`;
        if (secret === null) errors.push({ field: at, message: "name the secret, as in {{ secrets.name }}" });
        else if (!(await store.secrets.exists(workspace.id, secret))) {
          errors.push({ field: at, message: `the secret ${secret} does not exist` });
        }
      }
    }
  }
  if (errors.length > 0) return invalidInput(errors);
  const key = `${workspace.id}:${name}`;
  const full = await refuseBeyondLimit("flows", store.flows, `${workspace.id}:`, key);
  if (full) return full;
  const flow: Flow = { name, id: (await store.flows.get(key))?.id ?? crypto.randomUUID(), ...input };
  await store.flows.put(key, flow);
  return flow;
}

/** A secret that is to sign must exist and be of the form that Standard Webhooks prescribes. */
export async function checkSigningSecret(
  store: ConfigStore,
  workspace: Workspace,
  name: string | undefined,
  field: string,
): Promise<FieldError[]> {
  if (name === undefined) return [];
  const secret = await store.secrets.value(workspace.id, name);
  if (secret === null) return [{ field, message: `the secret ${name} does not exist` }];
  return signingKey(secret) ? [] : [{ field, message: `the secret ${name} is not of the form whsec_ and base64` }];
}

/** Deletes a flow that no trigger uses. */
export async function deleteFlow(store: ConfigStore, workspace: Workspace, name: string): Promise<Refusal | null> {
  const key = `${workspace.id}:${name}`;
  if (!(await store.flows.get(key))) return notFound();
  const [triggers, configs] = await Promise.all([
    store.triggers.all(`${workspace.id}:`),
    store.callbackConfigs.all(`${workspace.id}:`),
  ]);
  const calls = ({ callbackActivity: activity }: CallbackConfig) => activity?.type === "flow" && activity.flow === name;
  const users = [...triggers.filter(({ flow }) => flow === name), ...configs.filter(calls)].map((user) => user.name);
  if (users.length > 0) return new Refusal("in-use", `The flow is used by: ${users.join(", ")}.`);
  await store.flows.delete(key);
  return null;
}

export async function putTrigger(
  store: ConfigStore,
  workspace: Workspace,
  name: string,
  input: TriggerInput,
): Promise<Trigger | Refusal> {
  const errors = await checkTriggerSecrets(store, workspace, input);
  if (!(await store.flows.get(`${workspace.id}:${input.flow}`))) {
    errors.push({ field: "flow", message: `the flow ${input.flow} does not exist` });
  }
  if (errors.length > 0) return invalidInput(errors);
  const key = `${workspace.id}:${name}`;
  const full = await refuseBeyondLimit("triggers", store.triggers, `${workspace.id}:`, key);
  if (full) return full;
  const known = await store.triggers.get(key);
  if (known && hasKeyedLanes(known) && hasKeyedLanes(input) && !known.rate !== !input.rate) {
    const message = "cannot come or go while lanes have keys: they would move to other shards; make a new trigger";
    return invalidInput([{ field: "rate", message }]);
  }
  const trigger: Trigger = { name, ...input };
  await store.triggers.put(key, trigger);
  return trigger;
}

/** Lanes by key stand in shards of their own; with a rate, all stand in that of the trigger. */
const hasKeyedLanes = ({ orderedDelivery }: TriggerInput) =>
  typeof orderedDelivery === "object" && orderedDelivery.key !== undefined;

export async function deleteTrigger(store: ConfigStore, workspace: Workspace, name: string): Promise<Refusal | null> {
  const key = `${workspace.id}:${name}`;
  if (!(await store.triggers.get(key))) return notFound();
  await store.triggers.delete(key);
  await store.apiKeys.deleteAll(`${key}:`);
  return null;
}

/** Adds a key to a trigger, a generated one unless one is pasted. The key itself is in this answer and nowhere else. */
export async function addApiKey(
  store: ConfigStore,
  path: string,
  { label, key = makeApiKey(randomBytes(SECRET_BYTES)) }: { label: string; key?: string | undefined },
): Promise<(ApiKey & { key: string }) | Refusal> {
  const hash = hashCredential(key);
  const known = await store.apiKeys.all(`${path}:`);
  if (known.some((other) => other.hash === hash))
    return new Refusal("already-exists", "The trigger has this key already.");
  if (known.length >= KEYS_PER_TRIGGER) {
    return invalidInput([{ field: "", message: `a trigger has at most ${KEYS_PER_TRIGGER} keys` }]);
  }
  // Two that add one key at the same time write one record.
  const record = {
    id: uuidOf(`${path}\n${hash}`),
    label,
    prefix: prefixOf(key),
    hash,
    createdAt: new Date().toISOString(),
  };
  await store.apiKeys.put(`${path}:${record.id}`, record);
  return { ...record, key };
}

/** A UUID (version 8) that stands for a text. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Issues a personal access token. The token itself is in this answer and nowhere else. */
export async function issueToken(
  store: ConfigStore,
  input: Pick<Token, "label" | "permissions" | "workspace" | "expiresAt">,
): Promise<(Token & { token: string }) | Refusal> {
  const expiresAt = input.expiresAt === undefined ? undefined : Date.parse(input.expiresAt);
  if (expiresAt !== undefined && expiresAt <= Date.now()) {
    return invalidInput([{ field: "expiresAt", message: "must be in the future" }]);
  }
  const workspace = input.workspace === undefined ? null : await store.workspaces.get(input.workspace);
  if (input.workspace !== undefined && !workspace) {
    return invalidInput([{ field: "workspace", message: `the workspace ${input.workspace} does not exist` }]);
  }
  const id = crypto.randomUUID();
  const full = await refuseBeyondLimit("tokens", store.tokens, "", id);
  if (full) return full;
  const token = makeToken(id, randomBytes(SECRET_BYTES));
  const createdAt = new Date().toISOString();
  const record: Token = {
    id,
    ...input,
    ...(workspace && { workspaceId: workspace.id }),
    hash: hashCredential(token),
    createdAt,
  };
  await store.tokens.put(id, record);
  return { ...record, token };
}
