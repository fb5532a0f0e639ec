/** A lane: executions in order of arrival, so many of them at work at a time. One at a time is a FIFO (ND7). */
import { OrderedSet } from "./ordered-set.ts";

export class Lane {
  /** Most members at work; 1 for ordered delivery. */
  width: number;
  /** Members at work: running, waiting or about to be retried. */
  readonly active = new Set<number>();
  /** Members that stand behind them, in order of arrival: one that is tried again was there before those that wait. */
  readonly #held = new OrderedSet();
  /** The failed execution that stops the lane (ND8), and since when (epoch ms). */
  blocked: { readonly by: number; readonly at: number } | null = null;
  isPaused = false;

  constructor(width: number) {
    this.width = width;
  }

  /** Members, those at work included; a failed one that blocks counts as well. */
  get depth(): number {
    return this.active.size + this.#held.size + (this.blocked ? 1 : 0);
  }

  /** The first of all: what the others wait for. */
  get head(): number | undefined {
    if (this.blocked) return this.blocked.by;
    const [active] = this.active;
    return active ?? this.#held.first;
  }

  /** Whether there is nothing that would be missed. */
  get isForgettable(): boolean {
    return this.depth === 0 && !this.isPaused;
  }

  join(sequence: number): void {
    this.#held.add(sequence);
  }

  leave(sequence: number): void {
    this.active.delete(sequence);
    this.#held.delete(sequence);
  }

  /** The member that may go to work now; it counts as being at work from here on. */
  admit(): number | undefined {
    if (this.isPaused || this.blocked || this.active.size >= this.width) return undefined;
    const next = this.#held.first;
    if (next !== undefined) this.admitAt(next);
    return next;
  }

  /** A member is at work already, such as one that waited when the object was stopped. */
  admitAt(sequence: number): void {
    this.#held.delete(sequence);
    this.active.add(sequence);
  }
}
