/** Adapters are registered, changed, given new secrets, and deleted when no flow uses them (CD8). */
import { type FieldError, invalidInput, notFound, Refusal } from "../../core/refusal.ts";
import {
  type Adapter,
  type AdapterInput,
  checkConfiguration,
  type NewAdapterInput,
} from "../../core/schema/adapter.ts";
import type { AdapterStep } from "../../core/schema/flow.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import { checkDestination } from "../../core/security/destination.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { idsBelow, recordId } from "../../storage/kv/record-id.ts";
import type { RequestContext } from "../request-context.ts";
import { refuseBeyondLimit } from "./limits.ts";
import type { Lookup } from "./lookup.ts";

export async function createAdapter(
  context: RequestContext,
  workspace: Workspace,
  { shared_secret: secret, ...input }: NewAdapterInput,
): Promise<Adapter | Refusal> {
  const { store } = context;
  const refused = await check(context, workspace, input, null);
  if (refused) return refused;
  const id = crypto.randomUUID();
  const secrets = store.adapters.withSecret(workspace.id, id, [], secret);
  const adapter: Adapter = { id, ...input, created_at: new Date().toISOString(), secrets };
  return save(store, workspace, adapter);
}

export async function updateAdapter(
  context: RequestContext,
  workspace: Workspace,
  id: string,
  input: AdapterInput,
): Promise<Adapter | Refusal> {
  const { store } = context;
  const known = await store.adapters.get(recordId(workspace.id, id));
  if (!known) return notFound();
  const refused = await check(context, workspace, input, id);
  if (refused) return refused;
  return save(store, workspace, { id, ...input, created_at: known.created_at, secrets: known.secrets });
}

async function save({ adapters }: ConfigStore, { id }: Workspace, adapter: Adapter): Promise<Adapter | Refusal> {
  const key = recordId(id, adapter.id);
  const full = await refuseBeyondLimit("adapters", adapters, idsBelow(id), key, adapter);
  if (full) return full;
  await adapters.put(key, adapter);
  return adapter;
}

/** New calls are signed with the new secret. Answers to earlier calls are still verified with the secret of the call. */
export async function rotateSecret(
  { store }: RequestContext,
  workspace: Workspace,
  id: string,
  secret: string,
): Promise<Adapter | Refusal> {
  const known = await store.adapters.get(recordId(workspace.id, id));
  if (!known) return notFound();
  const secrets = store.adapters.withSecret(workspace.id, id, known.secrets, secret);
  return save(store, workspace, { ...known, secrets });
}

export async function deleteAdapter(
  { store }: RequestContext,
  workspace: Workspace,
  id: string,
): Promise<Refusal | null> {
  if (!(await store.adapters.get(recordId(workspace.id, id)))) return notFound();
  const flows = await store.flows.all(idsBelow(workspace.id));
  const users = flows.filter(({ steps }) => steps.some((step) => step.type === "adapter" && step.adapter === id));
  if (users.length > 0) {
    return new Refusal("in-use", `The adapter is used by the flows: ${users.map(({ name }) => name).join(", ")}.`);
  }
  await store.adapters.delete(recordId(workspace.id, id));
  return null;
}

/** Checks that a step's adapter exists and that the configuration fits it (CD8). */
export async function checkAdapterStep(
  store: Lookup,
  workspace: Workspace,
  { adapter, configuration }: AdapterStep,
): Promise<FieldError[]> {
  const record = await store.adapters.get(recordId(workspace.id, adapter));
  if (!record) return [{ field: "adapter", message: `the adapter ${adapter} does not exist` }];
  return checkConfiguration(configuration, record.configuration).map(({ field, message }) => ({
    field: `configuration.${field}`,
    message,
  }));
}

/** The reason why an adapter cannot be called at a URL; null when it can. */
export function checkWebhookUrl({ config }: Pick<RequestContext, "config">, webhookUrl: string): string | null {
  const url = checkDestination(webhookUrl, { allowPrivate: config.allowPrivateDestinations });
  return typeof url === "string" ? url : null;
}

async function check(
  context: RequestContext,
  workspace: Workspace,
  { name, webhook_url: webhookUrl }: AdapterInput,
  ownId: string | null,
): Promise<Refusal | null> {
  const refused = checkWebhookUrl(context, webhookUrl);
  if (refused) return invalidInput([{ field: "webhook_url", message: refused }]);
  const others = (await context.store.adapters.all(idsBelow(workspace.id))).filter(({ id }) => id !== ownId);
  if (others.some((other) => other.name === name)) {
    return new Refusal("already-exists", `The workspace has an adapter with the name ${name} already.`);
  }
  return null;
}
