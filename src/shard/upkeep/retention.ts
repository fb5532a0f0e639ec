/** Deletes what is past its retention, and moves the checkpoint of recovery. Both are done when the alarm rings. */
import { SEQUENCE_EPOCH_MS } from "../../core/security/signed-id.ts";
import type { Database, Write } from "../../storage/sql/database.ts";
import type { DedupKeys } from "../../storage/sql/dedup-keys.ts";
import type { RecoveryIndex } from "../../storage/sql/recovery-index.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import { Job } from "./job.ts";
import type { SnapshotSweeper } from "./snapshot-sweeper.ts";

const MINUTE_MS = 60_000;
/** No retention is shorter than a day, so younger rows are not read. */
const LEAST_RETENTION_MS = 24 * 60 * MINUTE_MS;
const BATCH_ROWS = 1_000;
const BATCHES = 10;
/** Time between two sweeps of a table, and between two parts of one. */
const SWEEP_EVERY_MS = 60 * MINUTE_MS;
const NEXT_PART_MS = 1_000;
/** Executions that stay unfinished for longer are put into the recovery index. */
const INDEX_AFTER_MS = 2 * MINUTE_MS;

/** A table whose rows have an end of retention. */
interface Expiring {
  /**
   * Reads up to `limit` rows with keys in [from, to) and deletes those whose retention is over.
   *
   * @returns the last key read, and the R2 keys that nothing refers to any more.
   */
  deleteExpired(
    write: Write,
    from: number,
    to: number,
    now: number,
    limit: number,
  ): { last: number | null; keys: string[] };
  /** The highest key in use, 0 when there is none. */
  lastSequence(): number;
}

interface RetentionParts {
  readonly database: Database;
  readonly executions: Expiring;
  readonly callbacks: Expiring;
  readonly snapshots: SnapshotSweeper;
  readonly recoveryIndex: RecoveryIndex;
  readonly dedupKeys: DedupKeys;
  readonly queue: RunQueue;
  /** The newest key of an execution. */
  readonly lastSequence: () => number;
  /** Deletes objects of R2 that nothing refers to; nobody waits for it. */
  readonly deleteBodies: (keys: readonly string[]) => void;
}

export class Retention {
  readonly #parts: RetentionParts;
  /** Deleting comes first: a full database cannot take the writes behind it. */
  readonly #jobs: readonly Job[];
  readonly #checkpoint: Job;
  /** True once a row was seen: then the alarm is needed. */
  #hasRows = false;
  /** The time of the first job. It is read for each message, and changes only when jobs have run. */
  #dueAt = 0;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#jobs = [
      new Job("deleting idempotency keys", (now) => {
        parts.dedupKeys.sweep(now);
        return now + SWEEP_EVERY_MS;
      }),
      new Job("deleting executions", this.#sweeper(parts.executions)),
      new Job("deleting callbacks", this.#sweeper(parts.callbacks)),
      new Job("deleting flow snapshots", (now) => parts.snapshots.run(now)),
    ];
    // It is done when the alarm rings for something else.
    this.#checkpoint = new Job("moving the checkpoint", (now) => this.#moveCheckpoint(now));
  }

  /** The time at which something has to be done, epoch ms; null for a shard without rows. */
  get nextAt(): number | null {
    if (this.#hasRows) return this.#dueAt;
    const { executions, callbacks, snapshots, dedupKeys } = this.#parts;
    this.#hasRows = executions.lastSequence() > 0 || callbacks.lastSequence() > 0;
    this.#hasRows ||= !snapshots.isDone || !dedupKeys.isEmpty;
    return this.#hasRows ? this.#dueAt : null;
  }

  /** Does what is due. Never throws. */
  run(now: number): void {
    for (const job of [...this.#jobs, this.#checkpoint]) job.runIfDue(now);
    this.#dueAt = Math.min(...this.#jobs.map(({ nextAt }) => nextAt));
    this.#hasRows = false;
  }

  /** Sweeps one table, a bounded number of rows at a time, each time from where it stopped. */
  #sweeper(table: Expiring): (now: number) => number {
    let from = 0;
    return (now) => {
      const { database, deleteBodies } = this.#parts;
      const end = now - LEAST_RETENTION_MS - SEQUENCE_EPOCH_MS;
      for (let batch = 0; batch < BATCHES; batch++) {
        const { last, keys } = database.write((write) => table.deleteExpired(write, from, end, now, BATCH_ROWS));
        deleteBodies(keys);
        from = last === null ? 0 : last + 1;
        if (last === null) return now + SWEEP_EVERY_MS;
      }
      return now + NEXT_PART_MS;
    };
  }

  /** Moves the checkpoint up to the oldest execution that a restart has to find without the index. */
  #moveCheckpoint(now: number): number {
    const { database, recoveryIndex, queue, lastSequence } = this.#parts;
    const old = queue.unindexedBefore(now - INDEX_AFTER_MS - SEQUENCE_EPOCH_MS);
    database.write((write) => {
      for (const sequence of old) {
        recoveryIndex.add(write, sequence);
        write.after(() => queue.markIndexed(sequence));
      }
    });
    const [oldest = lastSequence() + 1] = queue.unindexedBefore(Number.POSITIVE_INFINITY);
    if (oldest > recoveryIndex.checkpoint()) database.write((write) => recoveryIndex.moveCheckpoint(write, oldest));
    return now;
  }
}
