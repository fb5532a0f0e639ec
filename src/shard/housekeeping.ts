/** What a shard does when its alarm rings, beside executions whose time has come: retention and the checkpoint. */
import { SEQUENCE_EPOCH_MS } from "../protocol/state-id.ts";
import type { Executions } from "../storage/executions.ts";
import type { Parked } from "../storage/parked.ts";
import type { OpenExecutions } from "./open-executions.ts";

const MINUTE_MS = 60_000;
/** No retention is shorter than a day, so younger executions need no look. */
const LEAST_RETENTION_MS = 24 * 60 * MINUTE_MS;
const BATCH = 1_000;
const BATCHES = 10;
/** How often retention is looked at while rows are there, and when the last look did not get to the end. */
const SWEEP_EVERY_MS = 60 * MINUTE_MS;
const SWEEP_ON_MS = 1_000;
/** Executions open for longer are parked. */
const PARK_AFTER_MS = 2 * MINUTE_MS;

export class Housekeeping {
  readonly #executions: Executions;
  readonly #parked: Parked;
  readonly #open: OpenExecutions;
  /** Where the next look at retention begins. */
  #from = 0;
  #nextSweepAt = 0;

  constructor(executions: Executions, parked: Parked, open: OpenExecutions) {
    this.#executions = executions;
    this.#parked = parked;
    this.#open = open;
  }

  /** When the next look at retention is due, epoch ms. */
  get nextSweepAt(): number {
    return this.#nextSweepAt;
  }

  /** Deletes what is past its retention, a bounded part of it; answers the R2 keys that nothing refers to any more. */
  sweep(now: number): string[] {
    if (now < this.#nextSweepAt) return [];
    const keys: string[] = [];
    const end = now - LEAST_RETENTION_MS - SEQUENCE_EPOCH_MS;
    for (let batch = 0; batch < BATCHES; batch++) {
      const swept = this.#executions.deleteExpired(this.#from, end, now, BATCH);
      keys.push(...swept.keys);
      this.#from = swept.last === null ? 0 : swept.last + 1;
      if (swept.last === null) break;
    }
    this.#nextSweepAt = now + (this.#from > 0 ? SWEEP_ON_MS : SWEEP_EVERY_MS);
    return keys;
  }

  /**
   * Moves the checkpoint up to the oldest execution that a restart has to look for, parking those that would hold it
   * back.
   *
   * @param last the newest key in use.
   */
  moveCheckpoint(now: number, last: number): void {
    for (const sequence of this.#open.unparkedBefore(now - PARK_AFTER_MS - SEQUENCE_EPOCH_MS)) {
      this.#parked.add(sequence);
      this.#open.markParked(sequence);
    }
    const [oldest = last + 1] = this.#open.unparkedBefore(Number.POSITIVE_INFINITY);
    if (oldest > this.#parked.checkpoint()) this.#parked.moveCheckpoint(oldest);
  }
}
