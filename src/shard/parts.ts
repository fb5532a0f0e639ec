/** The parts of a shard, put together. */
import { configOf, type Env } from "../config.ts";
import { mintSignedId, type Purpose } from "../core/security/signed-id.ts";
import { BoundedMap } from "../storage/bounded-map.ts";
import { openConfigStore } from "../storage/kv/config-store.ts";
import { Callbacks } from "../storage/sql/callbacks.ts";
import { DatabaseQuota } from "../storage/sql/database-size.ts";
import { DedupKeys } from "../storage/sql/dedup-keys.ts";
import { Executions } from "../storage/sql/executions.ts";
import { Lanes } from "../storage/sql/lanes.ts";
import { RecoveryIndex } from "../storage/sql/recovery-index.ts";
import { migrate } from "../storage/sql/schema.ts";
import { Snapshots } from "../storage/sql/snapshots.ts";
import { Transaction } from "../storage/sql/transaction.ts";
import { CallbackAdmin } from "./callbacks/admin.ts";
import { CallbackCalls, type Claim } from "./callbacks/calls.ts";
import { Changes } from "./changes.ts";
import { observer } from "./observe/attempts.ts";
import { Counters } from "./observe/counters.ts";
import { Operations } from "./operations.ts";
import { Queries } from "./queries.ts";
import { RunQueue } from "./queue/run-queue.ts";
import { Dispatcher } from "./run/dispatcher.ts";
import { ResultWaiters } from "./run/result-waiters.ts";
import { StepRunner } from "./run/step-runner.ts";
import { discardAttempt } from "./run/steps/attempt.ts";
import { HttpClient } from "./send/http-client.ts";
import { Timeouts } from "./send/timeouts.ts";
import { Alarm } from "./upkeep/alarm.ts";
import { Retention } from "./upkeep/retention.ts";
import { SnapshotSweeper } from "./upkeep/snapshot-sweeper.ts";
import { GroupCommit } from "./write/group-commit.ts";
import { Ledger, laneRule } from "./write/transitions.ts";

/** An id is wanted several times in the life of an execution, and made by a keyed hash; each takes some 100 bytes. */
const IDS_KEPT = 4_000;

export type Parts = ReturnType<typeof assemble>;

/** @param mostBytes at which the database takes no new work; without it, what the platform's limit makes it. */
export function assemble(ctx: DurableObjectState, env: Env, mostBytes?: number) {
  const config = configOf(env);
  const shard = Number(ctx.id.name);
  const bucket = env.BODIES;
  const mint = (purpose: Purpose, sequence: number, run = 0) =>
    mintSignedId(config.signingKeys[0], purpose, { shard, sequence, run });
  const executionIds = new BoundedMap<string, number>(IDS_KEPT, IDS_KEPT);
  const executionIdOf = (sequence: number) => {
    const known = executionIds.get(sequence);
    if (known !== undefined) return known;
    const id = mint("execution", sequence);
    executionIds.set(sequence, id, 1);
    return id;
  };
  const id = (purpose: Purpose, sequence: number, run = 0) =>
    purpose === "execution" ? executionIdOf(sequence) : mint(purpose, sequence, run);
  const stateOf = (sequence: number) => id("callback", sequence);

  migrate(ctx.storage);
  const { sql } = ctx.storage;
  const statements = new Transaction(ctx.storage);
  const [executions, callbacks] = [new Executions(sql, statements), new Callbacks(sql, statements)];
  const [lanes, dedupKeys] = [new Lanes(sql, statements), new DedupKeys(sql, statements)];
  const [snapshots, parked] = [new Snapshots(ctx.storage), new RecoveryIndex(ctx.storage, statements)];
  const quota = new DatabaseQuota(sql, shard, mostBytes);
  const store = openConfigStore(env.CONFIG, config.encryptionKeys);

  const clock = new Alarm(ctx.storage);
  const commit = new GroupCommit(ctx.storage, statements);
  const counters = new Counters();
  const timeouts = new Timeouts();
  const waiters = new ResultWaiters(timeouts);
  const http = new HttpClient(timeouts);
  const open = new RunQueue((trigger, withinMs) =>
    executions
      .startsSince(Date.now() - withinMs)
      .flatMap(({ snapshotId, startedAt }) =>
        laneRule(snapshots.get(snapshotId)).rate?.trigger === trigger ? startedAt : [],
      ),
  );
  const ledger = new Ledger({ executions, snapshots, parked, lanes, dedupKeys, commit, open, clock, counters, quota });
  const queries = new Queries(executions, snapshots, open, id);
  const isSending = (sequence: number) => queries.isSending(sequence);
  const changes: Changes = new Changes({ ledger, executions, queries, waiters, bucket, kick: () => dispatcher.kick() });
  const dispatcher = new Dispatcher({
    ...{ open, timeouts },
    load: (sequence) => queries.load(sequence),
    runner: new StepRunner({ executions, store, http, bucket, config, isSending, id }),
    record: (sequence, decide) => changes.apply(sequence, decide),
    observe: observer(env, config.isLoggingAll, counters, executionIdOf),
    discard: (attempt) => discardAttempt(bucket, attempt),
  });

  const snapshotSweeper = new SnapshotSweeper(snapshots, executions);
  const claims = new Map<number, Claim>();
  const { allowPrivateDestinations: allowPrivate, publicUrl } = config;
  return {
    ...{ executions, open, clock, ledger, queries, changes, dispatcher, waiters, counters, quota, id },
    housekeeping: new Retention({
      ...{ executions, callbacks, parked, dedupKeys, open },
      snapshots: snapshotSweeper,
    }),
    snapshots: snapshotSweeper,
    callbackAdmin: new CallbackAdmin({ callbacks, claims, commit, quota, stateOf }),
    use: new CallbackCalls({
      ...{
        callbacks,
        claims,
        commit,
        stateOf,
        ledger,
        store,
        http,
        bucket,
        allowPrivate,
        publicUrl,
        executionIdOf,
      },
    }),
    operations: new Operations({
      ...{ lanes, open, commit, queries, ledger, shard, executionIdOf },
      change: (sequence, decide) => changes.apply(sequence, decide),
    }),
  };
}
