/** Workspaces are created, changed, and deleted with all of their configuration. */
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

/** Deletes a workspace with all of its configuration. Its executions end as usual and are deleted after their retention. */
export async function deleteWorkspace(
  { env, store }: RequestContext,
  { name, id, placement }: Workspace,
): Promise<void> {
  const { workspaces, tokens, ...ofWorkspace } = store;
  await workspaces.delete(name);
  for (const shard of placement) await shardStub(env, shard).releaseLanes(id);
  for (const records of Object.values(ofWorkspace)) await records.deleteAll(idsBelow(id));
  for (const token of await tokens.all("")) if (token.workspaceId === id) await tokens.delete(token.id);
}
