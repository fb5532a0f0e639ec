/** The counters of all shards, for monitoring. */
import type { ShardCounters } from "../shard/observe/counters.ts";
import type { RequestContext } from "./request-context.ts";
import { shardStub } from "./shards.ts";

/** Number of shards that are queried at the same time. */
const CONCURRENCY = 32;

export async function readAllCounters({ env, store }: RequestContext): Promise<Map<number, ShardCounters>> {
  const shards = [...new Set((await store.workspaces.all("")).flatMap(({ placement }) => placement))];
  const gathered = new Map<number, ShardCounters>();
  for (let start = 0; start < shards.length; start += CONCURRENCY) {
    const some = shards.slice(start, start + CONCURRENCY);
    const answers = await Promise.all(
      some.map(async (shard) => ({ shard, counters: await shardStub(env, shard).counters() })),
    );
    for (const { shard, counters } of answers) gathered.set(shard, counters);
  }
  return gathered;
}
