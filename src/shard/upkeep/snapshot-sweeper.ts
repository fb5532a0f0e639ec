/**
 * Deletes flow snapshots that no execution refers to. Only a look at every execution tells which those are, so there is
 * one a day at most, in parts. A snapshot that is interned meanwhile is in use again.
 */
import type { Database } from "../../storage/sql/database.ts";
import type { Executions } from "../../storage/sql/executions.ts";
import type { Snapshots } from "../../storage/sql/snapshots.ts";

/** So few snapshots are not worth a sweep. */
const FEW = 50;
/** Snapshots of one sweep, lowest ids first: the ids are in memory. */
const MOST = 10_000;
const SWEEP_EVERY_MS = 24 * 60 * 60_000;
/** Time between two parts of a sweep. */
const NEXT_PART_MS = 1_000;
/** Executions read in one part, or snapshots deleted: a snapshot may fill 170 pages. */
const PART = { look: 5_000, delete: 50 };

interface Sweep {
  /** Snapshots that no execution read so far refers to. */
  readonly unused: Set<number>;
  /** Key of the execution at which to go on; null when all have been read. */
  from: number | null;
}

export class SnapshotSweeper {
  readonly #database: Database;
  readonly #snapshots: Snapshots;
  readonly #executions: Pick<Executions, "snapshotsIn">;
  readonly #part: typeof PART;
  #sweep: Sweep | null = null;

  constructor(database: Database, snapshots: Snapshots, executions: Pick<Executions, "snapshotsIn">, part = PART) {
    this.#database = database;
    this.#snapshots = snapshots;
    this.#executions = executions;
    this.#part = part;
    snapshots.watch((id) => void this.#sweep?.unused.delete(id));
  }

  /** True when nothing has to be done until more snapshots are stored. */
  get isDone(): boolean {
    return this.#sweep === null && this.#areFew;
  }

  get #areFew(): boolean {
    return this.#snapshots.ids(FEW + 1).length <= FEW;
  }

  /** Does a part of a sweep, or begins one; returns the time of the next part, epoch ms. */
  run(now: number): number {
    this.#sweep ??= this.#begin(now);
    if (this.#sweep) this.#sweep = this.#goOn(this.#sweep);
    return this.#sweep ? now + NEXT_PART_MS : this.#dueAfter(now);
  }

  /** The beginning is written at once, so that an object that starts often does not sweep more often. */
  #begin(now: number): Sweep | null {
    if (this.#areFew || now - this.#snapshots.sweptAt() < SWEEP_EVERY_MS) return null;
    this.#database.write((write) => this.#snapshots.markSwept(write, now));
    return { unused: new Set(this.#snapshots.ids(MOST)), from: 0 };
  }

  #dueAfter(now: number): number {
    const due = this.#snapshots.sweptAt() + SWEEP_EVERY_MS;
    return due > now ? due : now + SWEEP_EVERY_MS;
  }

  /** One part: first executions are read, then snapshots are deleted. */
  #goOn({ unused, from }: Sweep): Sweep | null {
    if (from !== null) {
      const { used, next } = this.#executions.snapshotsIn(from, this.#part.look);
      for (const id of used) unused.delete(id);
      return unused.size > 0 ? { unused, from: next } : null;
    }
    const part = [...unused].slice(0, this.#part.delete);
    this.#database.write((write) => {
      for (const id of part) this.#snapshots.delete(write, id);
    });
    for (const id of part) unused.delete(id);
    return unused.size > 0 ? { unused, from } : null;
  }
}
