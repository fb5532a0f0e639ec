/** Workspaces come and go with all that is configured in them. */
import type { Refusal } from "../../core/refusal.ts";
import type { Workspace, WorkspaceInput } from "../../core/schema/workspace.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { idsBelow } from "../../storage/kv/record-id.ts";
import type { RequestContext } from "../request-context.ts";
import { drawShards, shardStub } from "../shards.ts";
import { refuseBeyondLimit } from "./limits.ts";

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
export async function deleteWorkspace(
  { env, store }: RequestContext,
  { name, id, placement }: Workspace,
): Promise<void> {
  await store.workspaces.delete(name);
  for (const shard of placement) await shardStub(env, shard).releaseLanes(id);
  const kinds = [store.triggers, store.apiKeys, store.flows, store.callbackConfigs, store.adapters];
  for (const records of kinds) await records.deleteAll(idsBelow(id));
  await store.secrets.deleteAll(id);
  for (const token of await store.tokens.all("")) if (token.workspaceId === id) await store.tokens.delete(token.id);
}
