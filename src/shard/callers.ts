/** Callers that wait for an execution's end. They are told after it is durable, and may ask again by id at any time. */
export class Callers {
  readonly #waiting = new Map<number, Set<() => void>>();

  /** Resolves when the execution has ended, or after `ms`. */
  wait(sequence: number, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const callers = this.#waiting.get(sequence) ?? new Set();
      this.#waiting.set(sequence, callers);
      const leave = () => {
        clearTimeout(timer);
        callers.delete(leave);
        if (callers.size === 0) this.#waiting.delete(sequence);
        resolve();
      };
      const timer = setTimeout(leave, ms);
      callers.add(leave);
    });
  }

  ended(sequence: number): void {
    for (const leave of this.#waiting.get(sequence) ?? []) leave();
  }
}
