/**
 * The index by which a restarted shard finds its unfinished executions: those from the checkpoint on, and those whose
 * keys are in table `parked`. An execution that stays unfinished for long is put into the table, so that the checkpoint
 * can move past it and recovery reads few rows.
 */
import type { Database, Write } from "./database.ts";

const CHECKPOINT_KEY = "checkpoint";

export class RecoveryIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every unfinished execution outside the table has this key or a higher one. */
  checkpoint(): number {
    return this.#database.get(CHECKPOINT_KEY) ?? 0;
  }

  moveCheckpoint(write: Write, sequence: number): void {
    write.put(CHECKPOINT_KEY, sequence);
  }

  add(write: Write, sequence: number): void {
    write.exec("INSERT OR IGNORE INTO parked (id) VALUES (?)", sequence);
  }

  remove(write: Write, sequence: number): void {
    write.exec("DELETE FROM parked WHERE id = ?", sequence);
  }
}
