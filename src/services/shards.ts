/** The shards of a workspace: choosing, finding and calling them. */
import { createHash } from "node:crypto";
import type { Env } from "../config.ts";
import type { Workspace } from "../core/schema/workspace.ts";
import { MAX_SHARD, readSignedId } from "../core/security/signed-id.ts";
import type { Shard } from "../shard/shard.ts";

export const shardStub = (env: Env, number: number) =>
  (env.SHARDS as DurableObjectNamespace<Shard>).getByName(String(number));

/** The shard of a lane, or a random one for a message without a lane. */
export function shardFor({ placement, shards, laneShards }: Workspace, lane: string | null): number {
  const index =
    lane === null
      ? Math.floor(Math.random() * Math.min(shards, placement.length))
      : createHash("sha256").update(lane).digest().readUInt32BE() % laneShards;
  const shard = placement[index];
  if (shard === undefined) throw new Error("a workspace has no shard");
  return shard;
}

/** Random numbers of new shards. Those of other workspaces are avoided where possible, only to spread the load. */
export function drawShards(count: number, taken: ReadonlySet<number>): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) {
    const number = Math.floor(Math.random() * (MAX_SHARD + 1));
    const isCrowded = taken.size + count > MAX_SHARD / 2;
    if (isCrowded || !taken.has(number)) drawn.add(number);
  }
  return [...drawn];
}

/** The address in an execution's id; null for an id that the gateway did not make for the workspace. */
export function locateExecution(keys: readonly string[], workspace: Workspace, id: string) {
  const address = readSignedId(keys, "execution", id);
  return address && workspace.placement.includes(address.shard) ? address : null;
}
