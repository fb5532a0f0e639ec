/** A lane: executions in order of arrival, of which a limited number runs at a time. A limit of one is a FIFO (ND7). */
import { OrderedSet } from "./ordered-set.ts";

/** The reasons for which a lane starts nothing. */
export interface LaneStop {
  /** The failed execution that stops the lane (ND8), and since when (epoch ms). */
  readonly blocked: { readonly by: number; readonly at: number } | null;
  readonly isPaused: boolean;
}

const GOES_ON: LaneStop = { blocked: null, isPaused: false };

/** There may be 100,000 of them, most with one member: what is empty takes no memory. */
export class Lane {
  /** Most members that run at a time; 1 for ordered delivery. */
  width: number;
  /** Members with a place: they run, wait for a callback or are about to be retried. */
  readonly active = new OrderedSet();
  /** Members without a place that have begun, such as one whose callback came when a restart had taken its place away. */
  #begun: OrderedSet | null = null;
  /** The members behind them, in order of arrival: a retried one arrived before those that wait. */
  #held: OrderedSet | null = null;
  stop: LaneStop = GOES_ON;

  constructor(width: number) {
    this.width = width;
  }

  /** Number of members, active ones included; a failed one that blocks the lane counts as well. */
  get depth(): number {
    return this.active.size + (this.#begun?.size ?? 0) + (this.#held?.size ?? 0) + (this.stop.blocked ? 1 : 0);
  }

  /** The member that the others wait for. */
  get head(): number | undefined {
    if (this.stop.blocked) return this.stop.blocked.by;
    return this.active.first ?? this.#begun?.first ?? this.#held?.first;
  }

  /** True when the lane can be deleted from memory without losing anything. */
  get isForgettable(): boolean {
    return this.depth === 0 && !this.stop.isPaused;
  }

  join(sequence: number): void {
    this.#held ??= new OrderedSet();
    this.#held.add(sequence);
  }

  /** A member turns out to have begun: it is the next to get a place, in a paused lane too (ND17). */
  begin(sequence: number): void {
    if (this.active.has(sequence)) return;
    this.#held?.delete(sequence);
    this.#begun ??= new OrderedSet();
    this.#begun.add(sequence);
  }

  leave(sequence: number): void {
    this.active.delete(sequence);
    this.#release(sequence);
  }

  /** Gives a place to the next member, if there is one and the lane is not stopped. */
  admit(): number | undefined {
    if (this.stop.blocked || this.active.size >= this.width) return undefined;
    const next = this.#begun?.first ?? (this.stop.isPaused ? undefined : this.#held?.first);
    if (next !== undefined) this.activate(next);
    return next;
  }

  /** Takes the place of a member that has not begun. */
  deactivate(sequence: number): void {
    this.active.delete(sequence);
    this.join(sequence);
  }

  /** Gives a member a place; after a restart also one that had begun before. */
  activate(sequence: number): void {
    this.#release(sequence);
    this.active.add(sequence);
  }

  #release(sequence: number): void {
    this.#begun?.delete(sequence);
    if (this.#begun?.size === 0) this.#begun = null;
    this.#held?.delete(sequence);
    if (this.#held?.size === 0) this.#held = null;
  }
}
