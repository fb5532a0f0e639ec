/**
 * Tables `keys_{day}`: idempotency keys and what they stand for. A day's table is dropped whole when its keys are over,
 * which costs nothing by the row.
 */
import type { Transaction } from "./transaction.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a key is remembered, in ms (ND13). */
const VALID_MS = DAY_MS;

export interface KnownKey {
  /** What must be the same for the same key; empty where the key alone decides. */
  readonly fingerprint: string;
  /** The execution's key, or whatever else the key stands for. */
  readonly value: number;
}

export class DedupKeys {
  readonly #sql: SqlStorage;
  readonly #statements: Transaction;

  constructor(sql: SqlStorage, statements: Transaction) {
    this.#sql = sql;
    this.#statements = statements;
  }

  /** What a key stands for, when it is not older than a day. */
  find(key: string, now: number): KnownKey | null {
    for (const day of [dayOf(now), dayOf(now) - 1]) {
      const row = this.#sql
        .exec<{ fingerprint: string; value: number }>(
          `SELECT fingerprint, value FROM ${this.#table(day)} WHERE key = ? AND at > ?`,
          ...[key, now - VALID_MS],
        )
        .toArray()[0];
      if (row) return row;
    }
    return null;
  }

  put(key: string, { fingerprint, value }: KnownKey, now: number): void {
    this.#statements.exec(
      `INSERT OR REPLACE INTO ${this.#table(dayOf(now))} (key, fingerprint, value, at) VALUES (?, ?, ?, ?)`,
      ...[key, fingerprint, value, now],
    );
  }

  /** Drops the tables whose keys are all over. */
  sweep(now: number): void {
    const tables = this.#sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name GLOB 'keys_[0-9]*'")
      .toArray();
    for (const { name } of tables) {
      if (Number(name.slice("keys_".length)) < dayOf(now) - 1) this.#sql.exec(`DROP TABLE ${name}`);
    }
  }

  #table(day: number): string {
    const name = `keys_${day}`;
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS ${name} (
         key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, value INTEGER NOT NULL, at INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID`,
    );
    return name;
  }
}

const dayOf = (now: number) => Math.floor(now / DAY_MS);
