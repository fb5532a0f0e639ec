/**
 * Snapshots that no execution refers to any more. Nothing but a look at every execution tells which those are, so there is
 * one a day at most, in parts: what is interned meanwhile is in use again.
 */
import type { Executions } from "../../storage/sql/executions.ts";
import type { Snapshots } from "../../storage/sql/snapshots.ts";

/** So few snapshots are not worth the look. */
const FEW = 50;
/** Snapshots that one sweep is about, lowest ids first: their ids are held in memory. */
const MOST = 10_000;
const SWEEP_EVERY_MS = 24 * 60 * 60_000;
/** When the next part of a sweep is due. */
const GO_ON_MS = 1_000;
/** Executions looked at in one part, or snapshots deleted: a snapshot may fill 170 pages. */
const PART = { look: 5_000, delete: 50 };

interface Sweep {
  /** Snapshots that no execution looked at so far refers to. */
  readonly unused: Set<number>;
  /** Key of the execution at which to go on; null when all are looked at. */
  from: number | null;
}

export class SnapshotSweeper {
  readonly #snapshots: Snapshots;
  readonly #executions: Pick<Executions, "snapshotsIn">;
  readonly #part: typeof PART;
  #sweep: Sweep | null = null;
  /** When there is something to be done again, epoch ms. */
  nextAt = 0;

  constructor(snapshots: Snapshots, executions: Pick<Executions, "snapshotsIn">, part = PART) {
    this.#snapshots = snapshots;
    this.#executions = executions;
    this.#part = part;
    snapshots.watch((id) => void this.#sweep?.unused.delete(id));
  }

  /** Whether nothing needs to be done about the snapshots unless more come. */
  get isDone(): boolean {
    return this.#sweep === null && this.#areFew;
  }

  get #areFew(): boolean {
    return this.#snapshots.ids(FEW + 1).length <= FEW;
  }

  run(now: number): void {
    if (now < this.nextAt) return;
    this.#sweep ??= this.#begin(now);
    if (this.#sweep) this.#sweep = this.#goOn(this.#sweep);
    this.nextAt = this.#sweep ? now + GO_ON_MS : this.#dueAfter(now);
  }

  /** That it began is written at once, so that an object which is started often does not look more often. */
  #begin(now: number): Sweep | null {
    if (this.#areFew || now - this.#snapshots.sweptAt() < SWEEP_EVERY_MS) return null;
    this.#snapshots.markSwept(now);
    return { unused: new Set(this.#snapshots.ids(MOST)), from: 0 };
  }

  #dueAfter(now: number): number {
    const due = this.#snapshots.sweptAt() + SWEEP_EVERY_MS;
    return due > now ? due : now + SWEEP_EVERY_MS;
  }

  /** One part: first the executions are looked at, then snapshots are deleted. */
  #goOn({ unused, from }: Sweep): Sweep | null {
    if (from !== null) {
      const { used, next } = this.#executions.snapshotsIn(from, this.#part.look);
      for (const id of used) unused.delete(id);
      return unused.size > 0 ? { unused, from: next } : null;
    }
    for (const id of [...unused].slice(0, this.#part.delete)) {
      this.#snapshots.delete(id);
      unused.delete(id);
    }
    return unused.size > 0 ? { unused, from } : null;
  }
}
