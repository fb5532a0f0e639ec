/**
 * Tables `keys_{day}`: idempotency keys and the executions that they name. A day's table is dropped as a whole when its
 * keys have expired, which costs no written row.
 */
import type { Database, Write } from "./database.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a key is remembered, in ms (ND13). */
const VALID_MS = DAY_MS;

interface KnownKey {
  /** A hash that must be equal where the key is; empty where the key alone decides. */
  readonly fingerprint: string;
  /** The sequence of the execution, or the number of a shard. */
  readonly value: number;
}

export class DedupKeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The entry of a key, unless it is older than a day. */
  find(key: string, now: number): KnownKey | null {
    for (const day of [dayOf(now), dayOf(now) - 1]) {
      const [row] = this.#database.read<{ fingerprint: string; value: number }>(
        `SELECT fingerprint, value FROM ${this.#table(day)} WHERE key = ? AND at > ?`,
        ...[key, now - VALID_MS],
      );
      if (row) return row;
    }
    return null;
  }

  put(write: Write, key: string, { fingerprint, value }: KnownKey, now: number): void {
    write.exec(
      `INSERT OR REPLACE INTO ${this.#table(dayOf(now))} (key, fingerprint, value, at) VALUES (?, ?, ?, ?)`,
      ...[key, fingerprint, value, now],
    );
  }

  get isEmpty(): boolean {
    return this.#tables().length === 0;
  }

  /** Drops the tables of which every key has expired. */
  sweep(now: number): void {
    for (const name of this.#tables()) {
      if (Number(name.slice("keys_".length)) < dayOf(now) - 1) this.#database.define(`DROP TABLE ${name}`);
    }
  }

  #tables(): string[] {
    const query = "SELECT name FROM sqlite_master WHERE name GLOB 'keys_[0-9]*'";
    return this.#database.read<{ name: string }>(query).map(({ name }) => name);
  }

  #table(day: number): string {
    const name = `keys_${day}`;
    this.#database.define(
      `CREATE TABLE IF NOT EXISTS ${name} (
         key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, value INTEGER NOT NULL, at INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID`,
    );
    return name;
  }
}

const dayOf = (now: number) => Math.floor(now / DAY_MS);
