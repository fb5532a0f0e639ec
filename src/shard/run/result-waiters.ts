/** Callers that wait for the result of an execution. They get it once it is durable, and may poll for it at any time. */

import type { Outcome } from "../queries.ts";
import type { Timeouts } from "../send/timeouts.ts";

type Resolve = (outcome: Outcome | null) => void;

export class ResultWaiters {
  readonly #waiting = new Map<number, Set<Resolve>>();
  readonly #timeouts: Timeouts;

  constructor(timeouts: Timeouts) {
    this.#timeouts = timeouts;
  }

  /** Resolves to the outcome when the execution has ended; to null after `ms`. */
  wait(sequence: number, ms: number): Promise<Outcome | null> {
    return new Promise((resolve) => {
      const waiters = this.#waiting.get(sequence) ?? new Set();
      this.#waiting.set(sequence, waiters);
      const resolveWith = (outcome: Outcome | null) => {
        deadline.clear();
        waiters.delete(resolveWith);
        if (waiters.size === 0) this.#waiting.delete(sequence);
        resolve(outcome);
      };
      const deadline = this.#timeouts.set(ms, () => resolveWith(null));
      waiters.add(resolveWith);
    });
  }

  /** @param read returns the outcome; called only if somebody waits for it. */
  finished(sequence: number, read: () => Outcome | null): void {
    const waiters = this.#waiting.get(sequence);
    if (!waiters) return;
    const outcome = read();
    for (const resolveWith of waiters) resolveWith(outcome);
  }
}
