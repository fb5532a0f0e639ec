/** The parts of a shard, put together. */
import { configOf, type Env } from "../config.ts";
import { mintSignedId, type Purpose } from "../core/security/signed-id.ts";
import { dropBodies } from "../storage/bodies/bodies.ts";
import { ownBodies } from "../storage/bodies/owned-bodies.ts";
import { BoundedMap } from "../storage/bounded-map.ts";
import { openConfigStore } from "../storage/kv/config-store.ts";
import { Callbacks } from "../storage/sql/callbacks.ts";
import { Database } from "../storage/sql/database.ts";
import { DatabaseQuota } from "../storage/sql/database-quota.ts";
import { DedupKeys } from "../storage/sql/dedup-keys.ts";
import { Executions } from "../storage/sql/executions.ts";
import { Lanes } from "../storage/sql/lanes.ts";
import { RecoveryIndex } from "../storage/sql/recovery-index.ts";
import { migrate } from "../storage/sql/schema.ts";
import { Snapshots } from "../storage/sql/snapshots.ts";
import { CallbackAdmin } from "./callbacks/admin.ts";
import { CallbackCalls, type Claim } from "./callbacks/calls.ts";
import { observer } from "./observe/attempts.ts";
import { Counters } from "./observe/counters.ts";
import { Operations } from "./operations.ts";
import { Queries } from "./queries.ts";
import { laneRule } from "./queue/lane-rule.ts";
import { RunQueue } from "./queue/run-queue.ts";
import { Dispatcher } from "./run/dispatcher.ts";
import { ResultWaiters } from "./run/result-waiters.ts";
import { StepRunner } from "./run/step-runner.ts";
import { HttpClient } from "./send/http-client.ts";
import { Timeouts } from "./send/timeouts.ts";
import { Alarm } from "./upkeep/alarm.ts";
import { Retention } from "./upkeep/retention.ts";
import { SnapshotSweeper } from "./upkeep/snapshot-sweeper.ts";
import { WakeUp } from "./upkeep/wake-up.ts";
import { Admitter } from "./write/admission.ts";
import { GroupCommit } from "./write/group-commit.ts";
import { Transitions } from "./write/transitions.ts";

/** An id is needed several times in the life of an execution, and is made by a keyed hash; each takes some 100 bytes. */
const IDS_KEPT = 4_000;

export type Parts = ReturnType<typeof assemble>;

/** @param mostBytes size at which the database accepts no new work; the default follows the platform's limit. */
export function assemble(ctx: DurableObjectState, env: Env, mostBytes?: number) {
  const config = configOf(env);
  const shard = Number(ctx.id.name);
  const bucket = env.BODIES;
  const id = idMaker(config.signingKeys[0], shard);
  const executionIdOf = (sequence: number) => id("execution", sequence);
  const stateOf = (sequence: number) => id("callback", sequence);

  migrate(ctx.storage);
  const database = new Database(ctx.storage);
  const [executions, callbacks] = [new Executions(database), new Callbacks(database)];
  const [lanes, dedupKeys] = [new Lanes(database), new DedupKeys(database)];
  const [snapshots, recoveryIndex] = [new Snapshots(database), new RecoveryIndex(database)];
  const quota = new DatabaseQuota(database, shard, mostBytes);
  const store = openConfigStore(env.CONFIG, config.encryptionKeys);

  const alarm = new Alarm(ctx.storage);
  const commit = new GroupCommit(ctx.storage, database);
  const counters = new Counters();
  const timeouts = new Timeouts();
  const waiters = new ResultWaiters(timeouts);
  const http = new HttpClient(timeouts);

  let isStarting = false;
  /** The run queue has changed: the alarm is set at once, and what may run starts when the change is durable. */
  const onChange = () => {
    wakeUp.arm(Date.now());
    if (isStarting) return;
    isStarting = true;
    commit.whenDurable(() => {
      isStarting = false;
      dispatcher.start();
    });
  };
  const startsOf = (trigger: string, withinMs: number) =>
    executions
      .startsSince(Date.now() - withinMs)
      .filter(({ snapshotId }) => laneRule(snapshots.get(snapshotId)).rate?.trigger === trigger)
      .map(({ startedAt }) => startedAt);
  const queue = new RunQueue({ onChange, startsOf });
  const snapshotSweeper = new SnapshotSweeper(database, snapshots, executions);
  const retention = new Retention({
    ...{ database, executions, callbacks, recoveryIndex, dedupKeys, queue },
    snapshots: snapshotSweeper,
    lastSequence: () => admitter.lastSequence,
    deleteBodies: (keys) => void dropBodies(bucket, keys),
  });
  const wakeUp = new WakeUp({ alarm, queue, retention });

  const written = { executions, snapshots, recoveryIndex, commit, queue, counters };
  const queries = new Queries(executions, snapshots, queue, id);
  const admitter = new Admitter({ ...written, dedupKeys, quota, onWrite: onChange });
  const transitions = new Transitions({ ...written, lanes, queries, waiters, bucket });
  const dispatcher = new Dispatcher({
    ...{ queue, timeouts, queries, transitions },
    runner: new StepRunner({ executions, queries, store, bucket, http, config, id }),
    observe: observer(env, config.isLoggingAll, counters, executionIdOf),
    ownBodies: () => ownBodies(bucket),
  });

  const claims = new Map<number, Claim>();
  const { allowPrivateDestinations: allowPrivate, publicUrl } = config;
  return {
    ...{ executions, snapshots, recoveryIndex, lanes, queue, counters, quota, alarm, retention, wakeUp, waiters },
    ...{ queries, admitter, transitions, id },
    callbackAdmin: new CallbackAdmin({ callbacks, claims, commit, quota, stateOf, onWrite: onChange }),
    callbackCalls: new CallbackCalls({
      ...{ callbacks, claims, commit, stateOf, admitter, store, http, bucket, allowPrivate, publicUrl, executionIdOf },
    }),
    operations: new Operations({ queue, commit, queries, transitions, shard, executionIdOf }),
  };
}

/** Makes ids of this shard, and remembers those of executions. */
function idMaker(key: string, shard: number) {
  const known = new BoundedMap<string, number>(IDS_KEPT, IDS_KEPT);
  const mint = (purpose: Purpose, sequence: number, run: number) =>
    mintSignedId(key, purpose, { shard, sequence, run });
  return (purpose: Purpose, sequence: number, run = 0) => {
    if (purpose !== "execution") return mint(purpose, sequence, run);
    const id = known.get(sequence) ?? mint(purpose, sequence, run);
    known.set(sequence, id, 1);
    return id;
  };
}
