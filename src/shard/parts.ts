/** The parts of a shard, put together. */
import { configOf, type Env } from "../config.ts";
import { mintStateId, type Purpose } from "../protocol/state-id.ts";
import { BoundedMap } from "../storage/bounded-map.ts";
import { Callbacks } from "../storage/callbacks.ts";
import { openConfigStore } from "../storage/config-store.ts";
import { DedupKeys } from "../storage/dedup-keys.ts";
import { Executions } from "../storage/executions.ts";
import { Lanes } from "../storage/lanes.ts";
import { Parked } from "../storage/parked.ts";
import { Plans } from "../storage/plans.ts";
import { Room } from "../storage/room.ts";
import { migrate } from "../storage/schema.ts";
import { Statements } from "../storage/statements.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { CallbackDesk } from "./callback-desk.ts";
import { CallbackUse, type Claim } from "./callback-use.ts";
import { Callers } from "./callers.ts";
import { Changes } from "./changes.ts";
import { Deadlines } from "./deadlines.ts";
import { GroupCommit } from "./group-commit.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Ledger, laneRule } from "./ledger.ts";
import { Meters } from "./meters.ts";
import { observer } from "./observer.ts";
import { OpenExecutions } from "./open-executions.ts";
import { Operations } from "./operations.ts";
import { Outbound } from "./outbound.ts";
import { PlanSweeper } from "./plan-sweeper.ts";
import { Pump } from "./pump.ts";
import { Reader } from "./reader.ts";
import { Runner } from "./runner.ts";
import { discardAttempt } from "./steps/attempt.ts";

/** An id is wanted several times in the life of an execution, and made by a keyed hash; each takes some 100 bytes. */
const IDS_KEPT = 4_000;

export type Parts = ReturnType<typeof assemble>;

/** @param mostBytes at which the database takes no new work; without it, what the platform's limit makes it. */
export function assemble(ctx: DurableObjectState, env: Env, mostBytes?: number) {
  const config = configOf(env);
  const shard = Number(ctx.id.name);
  const bucket = env.BODIES;
  const mint = (purpose: Purpose, sequence: number, run = 0) =>
    mintStateId(config.signingKeys[0], purpose, { shard, sequence, run });
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
  const statements = new Statements(ctx.storage);
  const [executions, callbacks] = [new Executions(sql, statements), new Callbacks(sql, statements)];
  const [lanes, dedupKeys] = [new Lanes(sql, statements), new DedupKeys(sql, statements)];
  const [plans, parked] = [new Plans(ctx.storage), new Parked(ctx.storage, statements)];
  const room = new Room(sql, shard, mostBytes);
  const store = openConfigStore(env.CONFIG, config.encryptionKeys);

  const clock = new AlarmClock(ctx.storage);
  const commit = new GroupCommit(ctx.storage, statements);
  const meters = new Meters();
  const deadlines = new Deadlines();
  const callers = new Callers(deadlines);
  const outbound = new Outbound(deadlines);
  const open = new OpenExecutions((trigger, withinMs) =>
    executions
      .startsSince(Date.now() - withinMs)
      .flatMap(({ planId, startedAt }) => (laneRule(plans.get(planId)).rate?.trigger === trigger ? startedAt : [])),
  );
  const ledger = new Ledger({ executions, plans, parked, lanes, dedupKeys, commit, open, clock, meters, room });
  const reader = new Reader(executions, plans, open, id);
  const isSending = (sequence: number) => reader.isSending(sequence);
  const changes: Changes = new Changes({ ledger, executions, reader, callers, bucket, kick: () => pump.kick() });
  const pump = new Pump({
    ...{ open, deadlines },
    load: (sequence) => reader.load(sequence),
    runner: new Runner({ executions, store, outbound, bucket, config, isSending, id }),
    record: (sequence, decide) => changes.apply(sequence, decide),
    observe: observer(env, config.isLoggingAll, meters, executionIdOf),
    discard: (attempt) => discardAttempt(bucket, attempt),
  });

  const planSweeper = new PlanSweeper(plans, executions);
  const claims = new Map<number, Claim>();
  const { allowPrivateDestinations: allowPrivate, publicUrl } = config;
  return {
    ...{ executions, open, clock, ledger, reader, changes, pump, callers, meters, room, id },
    housekeeping: new Housekeeping({
      ...{ executions, callbacks, parked, dedupKeys, open },
      plans: planSweeper,
    }),
    plans: planSweeper,
    desk: new CallbackDesk({ callbacks, claims, commit, room, stateOf }),
    use: new CallbackUse({
      ...{
        callbacks,
        claims,
        commit,
        stateOf,
        ledger,
        store,
        outbound,
        bucket,
        allowPrivate,
        publicUrl,
        executionIdOf,
      },
    }),
    operations: new Operations({
      ...{ lanes, open, commit, reader, ledger, shard, executionIdOf },
      change: (sequence, decide) => changes.apply(sequence, decide),
    }),
  };
}
