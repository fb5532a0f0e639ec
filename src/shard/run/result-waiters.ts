/** Callers that wait for an execution's end. They are told after it is durable, and may ask again by id at any time. */

import type { Outcome } from "../queries.ts";
import type { Timeouts } from "../send/timeouts.ts";

type Leave = (outcome: Outcome | null) => void;

export class ResultWaiters {
  readonly #waiting = new Map<number, Set<Leave>>();
  readonly #timeouts: Timeouts;

  constructor(timeouts: Timeouts) {
    this.#timeouts = timeouts;
  }

  /** Resolves to the outcome when the execution has ended, or to null after `ms`. */
  wait(sequence: number, ms: number): Promise<Outcome | null> {
    return new Promise((resolve) => {
      const waiters = this.#waiting.get(sequence) ?? new Set();
      this.#waiting.set(sequence, waiters);
      const leave = (outcome: Outcome | null) => {
        deadline.clear();
        waiters.delete(leave);
        if (waiters.size === 0) this.#waiting.delete(sequence);
        resolve(outcome);
      };
      const deadline = this.#timeouts.set(ms, () => leave(null));
      waiters.add(leave);
    });
  }

  /** @param look finds out how it ended; only asked if somebody waits for it. */
  ended(sequence: number, look: () => Outcome | null): void {
    const waiters = this.#waiting.get(sequence);
    if (!waiters) return;
    const outcome = look();
    for (const leave of waiters) leave(outcome);
  }
}
