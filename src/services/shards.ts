/** Which shard holds what, and the way to it. */
import { createHash } from "node:crypto";
import type { Env } from "../config.ts";
import type { Workspace } from "../core/schema/workspace.ts";
import { MAX_SHARD, readSignedId } from "../core/security/signed-id.ts";
import type { Shard } from "../shard/shard.ts";

export const shardStub = (env: Env, number: number) =>
  (env.SHARDS as DurableObjectNamespace<Shard>).getByName(String(number));

/** The shard for a message: the lane's own, or any for one without a lane. */
export function shardFor({ placement, shards, laneShards }: Workspace, lane: string | null): number {
  const index =
    lane === null
      ? Math.floor(Math.random() * Math.min(shards, placement.length))
      : createHash("sha256").update(lane).digest().readUInt32BE() % laneShards;
  const shard = placement[index];
  if (shard === undefined) throw new Error("a workspace has no shard");
  return shard;
}

/** Numbers for shards that a workspace lacks, away from those that others have. Two that meet would only share load. */
export function drawShards(count: number, taken: ReadonlySet<number>): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) {
    const number = Math.floor(Math.random() * (MAX_SHARD + 1));
    const isCrowded = taken.size + count > MAX_SHARD / 2;
    if (isCrowded || !taken.has(number)) drawn.add(number);
  }
  return [...drawn];
}

/** Where an execution of a workspace is, by its id; null for an id that the gateway did not make for it. */
export function locateExecution(keys: readonly string[], workspace: Workspace, id: string) {
  const address = readSignedId(keys, "execution", id);
  return address && workspace.placement.includes(address.shard) ? address : null;
}
