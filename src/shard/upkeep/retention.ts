/** Deletes what is past its retention, and moves the checkpoint of recovery. Both are done when the alarm rings. */
import { SEQUENCE_EPOCH_MS } from "../../core/security/signed-id.ts";
import type { Database, Write } from "../../storage/sql/database.ts";
import type { DedupKeys } from "../../storage/sql/dedup-keys.ts";
import type { RecoveryIndex } from "../../storage/sql/recovery-index.ts";
import type { RunQueue } from "../queue/run-queue.ts";
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

/** Sweeps one table, a bounded number of rows at a time, each time from where it stopped. */
class TableSweeper {
  readonly #database: Database;
  readonly #table: Expiring;
  #from = 0;
  /** The time of the next part, epoch ms. */
  nextAt = 0;

  constructor(database: Database, table: Expiring) {
    this.#database = database;
    this.#table = table;
  }

  sweep(now: number): string[] {
    if (now < this.nextAt) return [];
    const keys: string[] = [];
    const end = now - LEAST_RETENTION_MS - SEQUENCE_EPOCH_MS;
    for (let batch = 0; batch < BATCHES; batch++) {
      const swept = this.#database.write((write) => this.#table.deleteExpired(write, this.#from, end, now, BATCH_ROWS));
      keys.push(...swept.keys);
      this.#from = swept.last === null ? 0 : swept.last + 1;
      if (swept.last === null) break;
    }
    this.nextAt = now + (this.#from > 0 ? NEXT_PART_MS : SWEEP_EVERY_MS);
    return keys;
  }
}

interface RetentionParts {
  readonly database: Database;
  readonly executions: Expiring;
  readonly callbacks: Expiring;
  readonly snapshots: SnapshotSweeper;
  readonly recoveryIndex: RecoveryIndex;
  readonly dedupKeys: DedupKeys;
  readonly queue: RunQueue;
}

export class Retention {
  readonly #parts: RetentionParts;
  readonly #sweepers: readonly TableSweeper[];
  /** True once a row was seen: it takes an alarm until the object starts anew without any. */
  #hasRows = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#sweepers = [parts.executions, parts.callbacks].map((table) => new TableSweeper(parts.database, table));
  }

  /** The time at which something has to be done, epoch ms; null for a shard without rows. */
  get nextAt(): number | null {
    const { executions, callbacks, snapshots } = this.#parts;
    this.#hasRows ||= executions.lastSequence() > 0 || callbacks.lastSequence() > 0 || !snapshots.isDone;
    return this.#hasRows ? Math.min(this.#sweepAt, snapshots.nextAt) : null;
  }

  get #sweepAt(): number {
    return Math.min(...this.#sweepers.map(({ nextAt }) => nextAt));
  }

  /**
   * Does what is due.
   *
   * @param lastSequence the newest key of an execution.
   * @returns the R2 keys that nothing refers to any more.
   */
  run(now: number, lastSequence: number): string[] {
    // Deleting comes first: a full database cannot take the writes behind it.
    if (now >= this.#sweepAt) this.#parts.dedupKeys.sweep(now);
    const keys = this.#sweepers.flatMap((sweeper) => sweeper.sweep(now));
    this.#parts.snapshots.run(now);
    this.#moveCheckpoint(now, lastSequence);
    this.#hasRows = false;
    return keys;
  }

  /** Moves the checkpoint up to the oldest execution that a restart has to find without the index. */
  #moveCheckpoint(now: number, lastSequence: number): void {
    const { database, recoveryIndex, queue } = this.#parts;
    const old = queue.unindexedBefore(now - INDEX_AFTER_MS - SEQUENCE_EPOCH_MS);
    database.write((write) => {
      for (const sequence of old) {
        recoveryIndex.add(write, sequence);
        write.after(() => queue.markIndexed(sequence));
      }
    });
    const [oldest = lastSequence + 1] = queue.unindexedBefore(Number.POSITIVE_INFINITY);
    if (oldest > recoveryIndex.checkpoint()) database.write((write) => recoveryIndex.moveCheckpoint(write, oldest));
  }
}
