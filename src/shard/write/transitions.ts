/** Where every change of an execution is written: one row, one commit, then memory and those who wait for it. */

import { isFinished, newProgress, type Progress } from "../../core/execution/execution.ts";
import { retentionEnd } from "../../core/execution/retention.ts";
import type { FlowSnapshot, SnapshotText } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import type { RequestMetadata } from "../../core/message/request-values.ts";
import { NO_TRACE_CONTEXT, type TraceContext } from "../../core/message/trace-context.ts";
import { nextSequence, SEQUENCE_EPOCH_MS } from "../../core/security/signed-id.ts";
import type { DatabaseQuota } from "../../storage/sql/database-size.ts";
import type { DedupKeys } from "../../storage/sql/dedup-keys.ts";
import type { Execution, SourceCall } from "../../storage/sql/execution-row.ts";
import type { Executions } from "../../storage/sql/executions.ts";
import type { Lanes } from "../../storage/sql/lanes.ts";
import type { RecoveryIndex } from "../../storage/sql/recovery-index.ts";
import type { Snapshots } from "../../storage/sql/snapshots.ts";
import type { Counters } from "../observe/counters.ts";
import type { LaneRule, RunQueue } from "../queue/run-queue.ts";
import type { Alarm } from "../upkeep/alarm.ts";
import type { After, GroupCommit } from "./group-commit.ts";

/** While anything could be running, an alarm rings at least so often: it wakes the object if it was stopped. */
const WATCHDOG_MS = 30_000;
/** Most unfinished executions of one shard: what its memory holds with quota to spare. */
const OPEN_LIMIT = 100_000;
/** The clocks of a Worker and of an object are no further apart. */
const CLOCKS_DIFFER_MS = 10_000;

/** A message that is to be taken in. */
export interface Arrival {
  readonly snapshot: SnapshotText;
  readonly lane: string | null;
  readonly origin: string;
  readonly input: Body;
  /** What the flow starts with, where that is not the input. */
  readonly message?: Body;
  /** The request beside its body, where the trigger's output template will want it. */
  readonly request?: RequestMetadata | null;
  /** A key under which a repeated message is recognised (ND13). */
  readonly dedup?: { readonly key: string; readonly fingerprint: string };
  /** The call of a callback that brought it, if none of a trigger did. */
  readonly call?: SourceCall;
  readonly traceContext?: TraceContext;
  /** Chosen by the Worker, to find the message again if the shard breaks off before it answers. */
  readonly submissionId?: string;
  /** Id of the execution whose message it is once more. */
  readonly resubmittedFrom?: string;
}

/**
 * The key of the message's execution. `new`: it begins; `known`: the same arrival was taken in before, and its answer was
 * lost; `replayed`: it is another message's, whose idempotency key this one has.
 *
 * `conflict`: the key stands for a message with another body.
 */
export type Acceptance = { readonly sequence: number; readonly as: "new" | "known" | "replayed" } | Full | "conflict";

/** Why a shard takes no more: too many executions are unfinished, or its database is nearly full. */
export type Full = "full" | "database-full";

export type Accepted = Omit<Execution, "input" | "message">;

/** What becomes of an execution; without `message` it keeps the one it has. */
export interface Change {
  readonly progress: Progress;
  readonly message?: Body;
  /** Only the log is longer; the execution stands where it stood, whatever is under way. */
  readonly isNoteOnly?: boolean;
}

export interface LedgerParts {
  readonly executions: Executions;
  readonly snapshots: Snapshots;
  readonly parked: RecoveryIndex;
  readonly lanes: Lanes;
  readonly dedupKeys: DedupKeys;
  readonly commit: GroupCommit;
  readonly open: RunQueue;
  readonly counters: Counters;
  readonly clock: Alarm;
  readonly quota: DatabaseQuota;
}

export class Ledger {
  readonly #parts: LedgerParts;
  #lastSequence: number;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.#lastSequence = Math.max(parts.executions.lastSequence(), parts.parked.checkpoint());
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Finds the unfinished executions and the stopped lanes again after a restart. */
  recover(): void {
    const { executions, snapshots, parked, lanes, open, counters } = this.#parts;
    for (const { lane, blocked, isPaused } of lanes.all()) Object.assign(open.lane(lane), { blocked, isPaused });
    const checkpoint = parked.checkpoint();
    const rows = executions.unfinished(checkpoint);
    // Those at work keep their places in the lanes; the others stand behind them in order.
    const atWork = rows.filter(({ status }) => status !== "queued");
    for (const row of [...atWork, ...rows.filter(({ status }) => status === "queued")]) {
      const snapshot = snapshots.get(row.snapshotId);
      open.add(row, laneRule(snapshot));
      counters.opened(snapshot.workspace.name, false);
      if (row.isParked) open.markParked(row.sequence);
    }
    if (open.size > 0) this.arm(Date.now());
  }

  /**
   * Takes a message in. Resolves once it is durable with the key of its execution, which is an earlier one's where the
   * message is a repeated one.
   *
   * @param sentBefore when the arrival was sent for the first time, epoch ms, if that was before.
   */
  accept(arrival: Arrival, sentBefore?: number): Promise<Acceptance> {
    const { dedup } = arrival;
    const { dedupKeys } = this.#parts;
    return this.#parts.commit.run((after) => {
      const now = Date.now();
      const before = sentBefore === undefined ? null : this.#taken(arrival, sentBefore);
      if (before !== null) return { sequence: before, as: "known" };
      const known = dedup && dedupKeys.find(dedup.key, now);
      if (known && known.fingerprint !== dedup.fingerprint) return "conflict";
      if (known) return { sequence: known.value, as: "replayed" };
      const accepted = this.take(arrival, after);
      if (typeof accepted === "string") return accepted;
      const { sequence } = accepted;
      if (dedup) dedupKeys.put(dedup.key, { fingerprint: dedup.fingerprint, value: sequence }, now);
      return { sequence, as: "new" };
    });
  }

  /** The key under which an arrival was taken in when it was sent before, if it was. */
  #taken({ submissionId }: Arrival, sentAt: number): number | null {
    if (submissionId === undefined) return null;
    return this.#parts.executions.withSubmissionId(submissionId, sentAt - CLOCKS_DIFFER_MS - SEQUENCE_EPOCH_MS);
  }

  /**
   * Decides for a key which shard its messages go to: the first answer stays. Needed where the same key could lead to
   * two shards.
   */
  claimRoute(
    { key, fingerprint }: { key: string; fingerprint: string },
    shard: number,
  ): Promise<number | "database-full" | "conflict"> {
    const { dedupKeys, quota } = this.#parts;
    return this.#parts.commit.run(() => {
      const now = Date.now();
      const known = dedupKeys.find(`route ${key}`, now);
      if (known) return known.fingerprint === fingerprint ? known.value : "conflict";
      if (quota.isFull(now)) return "database-full";
      dedupKeys.put(`route ${key}`, { fingerprint, value: shard }, now);
      return shard;
    });
  }

  /** The same as part of a write that is under way. */
  take(arrival: Arrival, after: After): Accepted | Full {
    const {
      snapshot,
      lane,
      origin,
      input,
      message = null,
      call = null,
      resubmittedFrom = null,
      request = null,
      traceContext = NO_TRACE_CONTEXT,
      submissionId = null,
    } = arrival;
    const { executions, snapshots, open, counters, quota } = this.#parts;
    const createdAt = Date.now();
    if (open.size >= OPEN_LIMIT) return "full";
    if (quota.isFull(createdAt)) return "database-full";
    const snapshotId = snapshots.intern(snapshot);
    const sequence = nextSequence(this.#lastSequence, createdAt);
    const source = { call, resubmittedFrom, request, traceContext, submissionId };
    const execution = { ...newProgress(), sequence, snapshotId, lane, origin, createdAt, ...source };
    after(executions.insert(execution, input, message));
    after(() => {
      snapshots.remember(snapshot, snapshotId);
      this.#lastSequence = sequence;
      const kept = snapshots.get(snapshotId);
      open.add(execution, laneRule(kept));
      counters.opened(kept.workspace.name, true);
      this.arm(createdAt);
    });
    return execution;
  }

  /**
   * Changes an execution if `decide` still wants to when it sees the row: anything can have happened since the caller
   * last looked.
   *
   * @returns the execution as it was, and the change, once durable; null when nothing was changed.
   */
  change(
    sequence: number,
    decide: (execution: Execution, snapshot: FlowSnapshot) => Change | null,
  ): Promise<{ before: Execution; change: Change } | null> {
    const { executions, snapshots, commit } = this.#parts;
    return commit.run((after) => {
      const before = executions.get(sequence);
      const snapshot = before && snapshots.get(before.snapshotId);
      const change = before && snapshot && decide(before, snapshot);
      if (!change) return null;
      const { progress, message, isNoteOnly } = change;
      if (isNoteOnly) {
        after(executions.note(sequence, progress));
        return { before, change };
      }
      const now = Date.now();
      const expiresAt = isFinished(progress) ? retentionEnd(now, snapshot.workspace) : null;
      after(executions.update(sequence, progress, expiresAt, message));
      this.#follow(before, progress, snapshot, now, after);
      after(() => this.arm(now));
      return { before, change };
    });
  }

  /** Makes sure of the alarm that the open executions need. */
  arm(now: number): void {
    const { open, clock } = this.#parts;
    const times = [open.nextDueAt(), open.nextStartAt(), open.isBusy ? now + WATCHDOG_MS : null];
    for (const at of times) if (at !== null) clock.arm(at, now);
  }

  /** Lanes, and then memory, follow a change. */
  #follow(before: Execution, progress: Progress, snapshot: FlowSnapshot, now: number, after: After): void {
    const { parked, lanes, open, counters } = this.#parts;
    const { sequence, lane } = before;
    const known = open.get(sequence);
    if (isFinished(progress)) {
      const isBlocking = lane !== null && progress.status === "failed" && snapshot.queue?.onFailure === "block";
      if (known?.isParked) parked.remove(sequence);
      if (isBlocking) lanes.put({ lane, blocked: { by: sequence, at: now }, isPaused: open.lane(lane).isPaused });
      after(() => {
        open.finish(sequence, isBlocking ? now : null);
        counters.finished(snapshot.workspace.name, progress.status);
      });
    } else if (!known) {
      const isBlocker = lane !== null && open.lane(lane).blocked?.by === sequence;
      if (isBlocker) lanes.put({ lane, blocked: null, isPaused: open.lane(lane).isPaused });
      // An execution that is tried again is older than the checkpoint may be by now.
      parked.add(sequence);
      after(() => {
        if (isBlocker) open.lane(lane).blocked = null;
        open.add({ ...before, ...progress }, laneRule(snapshot), true);
        open.markParked(sequence);
        counters.opened(snapshot.workspace.name, false);
      });
    } else if (progress.dueAt !== null) {
      const { dueAt } = progress;
      after(() => open.postpone(sequence, dueAt));
    } else after(() => open.resume(sequence));
  }
}

/** What a snapshot says of its executions beside each other. */
export function laneRule({ queue, workspace, trigger }: FlowSnapshot): LaneRule {
  const width = queue?.width ?? Number.POSITIVE_INFINITY;
  const rate = queue?.rate;
  return {
    width,
    rate: rate ? { trigger: `${workspace.id}/${trigger}`, limit: rate.limit, perMs: rate.perSeconds * 1000 } : null,
  };
}
