/** What a shard does when its alarm rings, beside executions whose time has come: retention, snapshots and the checkpoint. */
import { SEQUENCE_EPOCH_MS } from "../../core/security/signed-id.ts";
import type { DedupKeys } from "../../storage/sql/dedup-keys.ts";
import type { RecoveryIndex } from "../../storage/sql/recovery-index.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import type { SnapshotSweeper } from "./snapshot-sweeper.ts";

const MINUTE_MS = 60_000;
/** No retention is shorter than a day, so younger rows need no look. */
const LEAST_RETENTION_MS = 24 * 60 * MINUTE_MS;
const BATCH = 1_000;
const BATCHES = 10;
/** How often retention is looked at while rows are there, and when the last look did not get to the end. */
const SWEEP_EVERY_MS = 60 * MINUTE_MS;
const SWEEP_ON_MS = 1_000;
/** Executions open for longer are parked. */
const PARK_AFTER_MS = 2 * MINUTE_MS;

/** A table whose rows have an end of retention. */
interface Expiring {
  /**
   * Looks at up to `limit` rows with keys in [from, to) and deletes those whose retention is over; answers the last key
   * looked at and the R2 keys that nothing refers to any more.
   */
  deleteExpired(from: number, to: number, now: number, limit: number): { last: number | null; keys: string[] };
}

/** Retention of one table: a bounded look at a time, going on where the last one ended. */
class Sweeper {
  readonly #table: Expiring;
  #from = 0;
  /** When the next look is due, epoch ms. */
  nextAt = 0;

  constructor(table: Expiring) {
    this.#table = table;
  }

  sweep(now: number): string[] {
    if (now < this.nextAt) return [];
    const keys: string[] = [];
    const end = now - LEAST_RETENTION_MS - SEQUENCE_EPOCH_MS;
    for (let batch = 0; batch < BATCHES; batch++) {
      const swept = this.#table.deleteExpired(this.#from, end, now, BATCH);
      keys.push(...swept.keys);
      this.#from = swept.last === null ? 0 : swept.last + 1;
      if (swept.last === null) break;
    }
    this.nextAt = now + (this.#from > 0 ? SWEEP_ON_MS : SWEEP_EVERY_MS);
    return keys;
  }
}

interface RetentionParts {
  readonly executions: Expiring;
  readonly callbacks: Expiring;
  readonly snapshots: SnapshotSweeper;
  readonly parked: RecoveryIndex;
  readonly dedupKeys: DedupKeys;
  readonly open: RunQueue;
}

export class Retention {
  readonly #parts: RetentionParts;
  readonly #sweepers: readonly Sweeper[];

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#sweepers = [new Sweeper(parts.executions), new Sweeper(parts.callbacks)];
  }

  /** When there is something to be done again, epoch ms. */
  get nextAt(): number {
    return Math.min(this.#retentionAt, this.#parts.snapshots.nextAt);
  }

  get #retentionAt(): number {
    return Math.min(...this.#sweepers.map(({ nextAt }) => nextAt));
  }

  /**
   * Does what is due; answers the R2 keys that nothing refers to any more.
   *
   * @param lastSequence the newest key of an execution.
   */
  run(now: number, lastSequence: number): string[] {
    // What makes quota comes first: a full database has none for anything else.
    if (now >= this.#retentionAt) this.#parts.dedupKeys.sweep(now);
    const keys = this.#sweepers.flatMap((sweeper) => sweeper.sweep(now));
    this.#parts.snapshots.run(now);
    this.#moveCheckpoint(now, lastSequence);
    return keys;
  }

  /** The checkpoint goes up to the oldest execution that a restart has to look for; what would hold it back is parked. */
  #moveCheckpoint(now: number, lastSequence: number): void {
    const { parked, open } = this.#parts;
    for (const sequence of open.unparkedBefore(now - PARK_AFTER_MS - SEQUENCE_EPOCH_MS)) {
      parked.add(sequence);
      open.markParked(sequence);
    }
    const [oldest = lastSequence + 1] = open.unparkedBefore(Number.POSITIVE_INFINITY);
    if (oldest > parked.checkpoint()) parked.moveCheckpoint(oldest);
  }
}
