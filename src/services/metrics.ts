/** What all shards count, gathered for monitoring. */
import type { ShardMeters } from "../shard/meters.ts";
import type { Gateway } from "./intake.ts";
import { shardStub } from "./shards.ts";

/** Shards asked at a time. */
const AT_A_TIME = 32;

export async function gatherMeters({ env, store }: Gateway): Promise<Map<number, ShardMeters>> {
  const shards = [...new Set((await store.workspaces.all("")).flatMap(({ placement }) => placement))];
  const gathered = new Map<number, ShardMeters>();
  for (let start = 0; start < shards.length; start += AT_A_TIME) {
    const some = shards.slice(start, start + AT_A_TIME);
    const answers = await Promise.all(
      some.map(async (shard) => ({ shard, meters: await shardStub(env, shard).meters() })),
    );
    for (const { shard, meters } of answers) gathered.set(shard, meters);
  }
  return gathered;
}
