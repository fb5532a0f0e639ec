/**
 * A rate: at most `limit` starts within any span of `perMs`. The times of the last starts are remembered, so the bound
 * holds for every span and not only on average.
 */
export class Throttle {
  readonly #starts: number[] = [];
  limit: number;
  perMs: number;
  /** Executions that may start as soon as the rate allows, in order. */
  readonly ready = new Set<number>();

  constructor(limit: number, perMs: number) {
    this.limit = limit;
    this.perMs = perMs;
  }

  /** When the next one may start, epoch ms; `now` or earlier means at once. */
  nextStartAt(): number {
    const oldest = this.#starts[this.#starts.length - this.limit];
    return oldest === undefined ? 0 : oldest + this.perMs;
  }

  /** The next execution if it may start now. */
  take(now: number): number | undefined {
    if (this.nextStartAt() > now) return undefined;
    const [next] = this.ready;
    if (next === undefined) return undefined;
    this.ready.delete(next);
    this.#starts.push(now);
    if (this.#starts.length >= 2 * this.limit) this.#starts.splice(0, this.#starts.length - this.limit);
    return next;
  }

  /**
   * Starts of before a restart are not known. Taking them for evenly spread lets one start after the other at the
   * rate's own pace.
   */
  assumeBusyUntil(now: number): void {
    for (let n = this.limit - 1; n >= 0; n--) this.#starts.push(now - (this.perMs * n) / this.limit);
  }
}
