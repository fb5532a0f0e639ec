/** Every change of an execution: decided on its row, written, then followed by memory and by those who wait for it. */
import { isFinished, type Progress } from "../../core/execution/execution.ts";
import { retentionEnd } from "../../core/execution/retention.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import { dropBodies } from "../../storage/bodies/bodies.ts";
import type { Write } from "../../storage/sql/database.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Executions } from "../../storage/sql/executions.ts";
import type { Lanes } from "../../storage/sql/lanes.ts";
import type { RecoveryIndex } from "../../storage/sql/recovery-index.ts";
import type { Snapshots } from "../../storage/sql/snapshots.ts";
import type { Counters } from "../observe/counters.ts";
import type { Queries } from "../queries.ts";
import type { LaneStop } from "../queue/lane.ts";
import { laneRule } from "../queue/lane-rule.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import type { ResultWaiters } from "../run/result-waiters.ts";
import type { Change, Decide } from "./change.ts";
import type { GroupCommit } from "./group-commit.ts";

interface TransitionsParts {
  readonly executions: Executions;
  readonly snapshots: Snapshots;
  readonly recoveryIndex: RecoveryIndex;
  readonly lanes: Lanes;
  readonly commit: GroupCommit;
  readonly queue: RunQueue;
  readonly counters: Counters;
  readonly queries: Queries;
  readonly waiters: ResultWaiters;
  readonly bucket: R2Bucket;
}

export class Transitions {
  readonly #parts: TransitionsParts;

  constructor(parts: TransitionsParts) {
    this.#parts = parts;
  }

  /**
   * Changes an execution if `decide` wants to when it sees the row: anything can have happened since the caller last
   * looked.
   *
   * @returns the change, once durable; null when nothing was changed.
   */
  async apply(sequence: number, decide: Decide): Promise<Change | null> {
    const { executions, snapshots, commit, queries, waiters, bucket } = this.#parts;
    const changed = await commit.run((write) => {
      const before = executions.get(sequence);
      const snapshot = before && snapshots.get(before.snapshotId);
      const change = before && snapshot && decide(before, snapshot);
      if (!change) return null;
      if (change.isNoteOnly) executions.note(write, sequence, change.progress);
      else this.#write(write, before, change, snapshot);
      return { before, change };
    });
    if (!changed) return null;
    const { before, change } = changed;
    if (change.isNoteOnly) return change;
    if (isFinished(change.progress)) {
      waiters.finished(sequence, () => queries.outcome(sequence));
      executions.forget(sequence);
    }
    const replaced = change.message && before.message?.key;
    if (replaced) await dropBodies(bucket, [replaced]);
    return change;
  }

  /** Stops lanes or lets them go on, once that is durable. */
  setStop(write: Write, lane: string, stop: LaneStop): void {
    const { lanes, queue } = this.#parts;
    lanes.put(write, { lane, ...stop });
    write.after(() => queue.setStop(lane, stop));
  }

  #write(write: Write, before: Execution, { progress, message }: Change, snapshot: FlowSnapshot): void {
    const { executions, queue } = this.#parts;
    const { sequence } = before;
    const now = Date.now();
    const expiresAt = isFinished(progress) ? retentionEnd(now, snapshot.workspace) : null;
    executions.update(write, sequence, progress, expiresAt, message);
    if (isFinished(progress)) this.#finish(write, before, progress, snapshot, now);
    else if (!queue.get(sequence)) this.#reopen(write, before, progress, snapshot);
    else if (progress.dueAt === null) write.after(() => queue.resume(sequence));
    else {
      const { dueAt } = progress;
      write.after(() => queue.postpone(sequence, dueAt));
    }
  }

  #finish(
    write: Write,
    { sequence, lane }: Execution,
    { status }: Progress,
    snapshot: FlowSnapshot,
    now: number,
  ): void {
    const { recoveryIndex, lanes, queue, counters } = this.#parts;
    if (queue.get(sequence)?.isIndexed) recoveryIndex.remove(write, sequence);
    const isBlocking = lane !== null && status === "failed" && snapshot.queue?.onFailure === "block";
    const stop = isBlocking ? { ...queue.stopOf(lane), blocked: { by: sequence, at: now } } : undefined;
    if (isBlocking && stop) lanes.put(write, { lane, ...stop });
    write.after(() => {
      queue.finish(sequence, stop);
      counters.finished(snapshot.workspace.name, status);
    });
  }

  /** An execution that had ended runs again. It is indexed, because the checkpoint may have passed it. */
  #reopen(write: Write, before: Execution, progress: Progress, snapshot: FlowSnapshot): void {
    const { recoveryIndex, queue, counters } = this.#parts;
    const { sequence, lane } = before;
    recoveryIndex.add(write, sequence);
    write.after(() => {
      queue.add({ ...before, ...progress }, laneRule(snapshot), true);
      queue.markIndexed(sequence);
      counters.opened(snapshot.workspace.name, false);
    });
    // Added first, the retried execution is the one that its lane lets run.
    const stop = lane === null ? null : queue.stopOf(lane);
    if (lane !== null && stop?.blocked?.by === sequence) this.setStop(write, lane, { ...stop, blocked: null });
  }
}
