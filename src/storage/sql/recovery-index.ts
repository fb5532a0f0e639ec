/**
 * Where a restarted shard looks for unfinished executions: from the checkpoint on, and in table `parked`.
 *
 * Executions that stay open for long are parked, so that the checkpoint can move past them and the look stays short.
 */
import type { Transaction } from "./transaction.ts";

const CHECKPOINT_KEY = "checkpoint";

export class RecoveryIndex {
  readonly #storage: Pick<DurableObjectStorage, "kv">;
  readonly #statements: Transaction;

  constructor(storage: Pick<DurableObjectStorage, "kv">, statements: Transaction) {
    this.#storage = storage;
    this.#statements = statements;
  }

  /** Every unfinished execution that is not parked has this key or a higher one. */
  checkpoint(): number {
    return this.#storage.kv.get<number>(CHECKPOINT_KEY) ?? 0;
  }

  moveCheckpoint(sequence: number): void {
    this.#storage.kv.put(CHECKPOINT_KEY, sequence);
  }

  add(sequence: number): void {
    this.#statements.exec("INSERT OR IGNORE INTO parked (id) VALUES (?)", sequence);
  }

  remove(sequence: number): void {
    this.#statements.exec("DELETE FROM parked WHERE id = ?", sequence);
  }
}
