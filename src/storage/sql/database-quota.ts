/**
 * The size limit of a shard's database. The platform fails every write of an object beyond 10 GB. New work is refused
 * earlier, so that accepted work can still be finished.
 */
import type { Database } from "./database.ts";

/** Most bytes at which new work is accepted; the rest is for the progress of executions that exist already. */
const MOST_BYTES = 9_000_000_000;
/** How long a reading of the size is used, in ms. One costs microseconds, but there may be a thousand a second. */
const READ_EVERY_MS = 2_000;
/** A shard that stays full logs it no more often than this. */
const LOG_EVERY_MS = 60 * 60_000;

export class DatabaseQuota {
  readonly #database: Pick<Database, "size">;
  readonly #shard: number;
  readonly #mostBytes: number;
  #readAt = Number.NEGATIVE_INFINITY;
  #loggedAt = Number.NEGATIVE_INFINITY;
  #isFull = false;

  constructor(database: Pick<Database, "size">, shard: number, mostBytes = MOST_BYTES) {
    this.#database = database;
    this.#shard = shard;
    this.#mostBytes = mostBytes;
  }

  /** See {@link Database.size}. */
  get bytes(): number {
    return this.#database.size;
  }

  /** True when new work has to be refused, as of at most {@link READ_EVERY_MS} ago. */
  isFull(now: number): boolean {
    if (now - this.#readAt < READ_EVERY_MS) return this.#isFull;
    this.#readAt = now;
    const { bytes } = this;
    this.#isFull = bytes > this.#mostBytes;
    if (this.#isFull && now - this.#loggedAt >= LOG_EVERY_MS) this.#log(bytes, now);
    return this.#isFull;
  }

  #log(bytes: number, now: number): void {
    this.#loggedAt = now;
    const message =
      "the database of a shard is nearly full: it accepts no messages and no callbacks until retention has deleted rows; give its workspaces more shards or a shorter retention";
    console.error({ message, shard: this.#shard, bytes, mostBytes: this.#mostBytes });
  }
}
