/**
 * A rate limit: at most `limit` starts within any span of `perMs`. It keeps the times of the last starts, so that the
 * limit holds for every span and not only on average.
 */
import type { TurnQueue } from "./turn-queue.ts";

export class RateLimit {
  readonly #starts: number[];
  limit: number;
  perMs: number;
  /** Turns of the executions that wait for the rate. */
  readonly turns: TurnQueue;

  /** @param starts earlier ones, epoch ms, oldest first. */
  constructor(limit: number, perMs: number, turns: TurnQueue, starts: readonly number[]) {
    this.#starts = [...starts];
    this.turns = turns;
    this.limit = limit;
    this.perMs = perMs;
  }

  /** The time at which the next one may start, epoch ms; one in the past means at once. */
  nextStartAt(): number {
    const oldest = this.#starts[this.#starts.length - this.limit];
    return oldest === undefined ? 0 : oldest + this.perMs;
  }

  /** Counts a start. */
  start(now: number): void {
    this.#starts.push(now);
    if (this.#starts.length >= 2 * this.limit) this.#starts.splice(0, this.#starts.length - this.limit);
  }
}
