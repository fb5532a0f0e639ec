/**
 * The room in a shard's database. The platform fails what an object writes beyond 10 GB, so that new work is refused
 * before: what was taken in has to be ended.
 */

/** Most bytes at which new work is taken; what is left is for the progress of what was taken in before. */
const MOST_BYTES = 9_000_000_000;
/** How long a look is believed, in ms. One costs microseconds and no billed row, but there may be a thousand a second. */
const LOOK_EVERY_MS = 2_000;
/** A shard that stays full says so in the log no oftener. */
const TELL_EVERY_MS = 60 * 60_000;

export class DatabaseQuota {
  readonly #sql: Pick<SqlStorage, "databaseSize">;
  readonly #shard: number;
  readonly #mostBytes: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isFull = false;

  constructor(sql: Pick<SqlStorage, "databaseSize">, shard: number, mostBytes = MOST_BYTES) {
    this.#sql = sql;
    this.#shard = shard;
    this.#mostBytes = mostBytes;
  }

  /** What the rows take; pages that deleted ones have left do not count, for they are written again. */
  get bytes(): number {
    return this.#sql.databaseSize;
  }

  /** Whether new work is to be refused, as of a moment ago. */
  isFull(now: number): boolean {
    if (now - this.#lookedAt < LOOK_EVERY_MS) return this.#isFull;
    this.#lookedAt = now;
    const { bytes } = this;
    this.#isFull = bytes > this.#mostBytes;
    if (this.#isFull && now - this.#toldAt >= TELL_EVERY_MS) this.#tell(bytes, now);
    return this.#isFull;
  }

  #tell(bytes: number, now: number): void {
    this.#toldAt = now;
    const message =
      "the database of a shard is nearly full: no message and no callback is taken until retention has made room; give its workspaces more shards or a shorter retention";
    console.error({ message, shard: this.#shard, bytes, mostBytes: this.#mostBytes });
  }
}
