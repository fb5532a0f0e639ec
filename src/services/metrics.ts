/** What all shards count, gathered for monitoring. */
import type { ShardCounters } from "../shard/observe/counters.ts";
import type { RequestContext } from "./request-context.ts";
import { shardStub } from "./shards.ts";

/** Shards asked at a time. */
const AT_A_TIME = 32;

export async function gatherMeters({ env, store }: RequestContext): Promise<Map<number, ShardCounters>> {
  const shards = [...new Set((await store.workspaces.all("")).flatMap(({ placement }) => placement))];
  const gathered = new Map<number, ShardCounters>();
  for (let start = 0; start < shards.length; start += AT_A_TIME) {
    const some = shards.slice(start, start + AT_A_TIME);
    const answers = await Promise.all(
      some.map(async (shard) => ({ shard, counters: await shardStub(env, shard).counters() })),
    );
    for (const { shard, counters } of answers) gathered.set(shard, counters);
  }
  return gathered;
}
