/** Callers that wait for an execution's end. They are told after it is durable, and may ask again by id at any time. */
import type { Deadlines } from "./deadlines.ts";
import type { Outcome } from "./reader.ts";

type Leave = (outcome: Outcome | null) => void;

export class Callers {
  readonly #waiting = new Map<number, Set<Leave>>();
  readonly #deadlines: Deadlines;

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /** Resolves to the outcome when the execution has ended, or to null after `ms`. */
  wait(sequence: number, ms: number): Promise<Outcome | null> {
    return new Promise((resolve) => {
      const callers = this.#waiting.get(sequence) ?? new Set();
      this.#waiting.set(sequence, callers);
      const leave = (outcome: Outcome | null) => {
        deadline.clear();
        callers.delete(leave);
        if (callers.size === 0) this.#waiting.delete(sequence);
        resolve(outcome);
      };
      const deadline = this.#deadlines.set(ms, () => leave(null));
      callers.add(leave);
    });
  }

  /** @param look finds out how it ended; only asked if somebody waits for it. */
  ended(sequence: number, look: () => Outcome | null): void {
    const callers = this.#waiting.get(sequence);
    if (!callers) return;
    const outcome = look();
    for (const leave of callers) leave(outcome);
  }
}
