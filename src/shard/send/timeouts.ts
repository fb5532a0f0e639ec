/**
 * Many timeouts behind one timer. Nearly all are cleared long before they are due, and a timer for each would cost a
 * message more than the rest of its bookkeeping.
 */
import TinyQueue from "tinyqueue";

/** Timeouts of one span of this length run together at its end, never early. */
const SPAN_MS = 25;

export interface Timeout {
  /** Cancels it. */
  clear(): void;
}

type Action = () => void;

export class Timeouts {
  /** The actions of each span, by the number of the span since the epoch. */
  readonly #spans = new Map<number, Set<Action>>();
  /** The numbers of those spans, and some that have no action left. */
  #order = new TinyQueue<number>();
  #live = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The span of the timer. */
  #armedFor = Number.POSITIVE_INFINITY;

  /** Runs an action in `ms`, unless it is cleared before. */
  set(ms: number, action: () => void): Timeout {
    const span = Math.ceil((Date.now() + ms) / SPAN_MS);
    const actions = this.#spans.get(span) ?? this.#open(span);
    // A function of its own, so that the same action may be set twice.
    const entry = () => action();
    actions.add(entry);
    this.#live++;
    if (span < this.#armedFor) this.#arm(span);
    return {
      clear: () => {
        // A timer that nobody needs would keep the object from hibernating.
        if (actions.delete(entry) && --this.#live === 0) this.#stop();
      },
    };
  }

  #open(span: number): Set<Action> {
    const actions = new Set<Action>();
    this.#spans.set(span, actions);
    this.#order.push(span);
    return actions;
  }

  #arm(span: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#armedFor = span;
    this.#timer = setTimeout(() => this.#run(), Math.max(span * SPAN_MS - Date.now(), 0));
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#spans.clear();
    this.#order = new TinyQueue();
  }

  #run(): void {
    const now = Date.now();
    const due: Action[] = [];
    let next = this.#order.peek();
    for (; next !== undefined; next = this.#order.peek()) {
      const actions = this.#spans.get(next);
      if (actions && actions.size > 0 && next * SPAN_MS > now) break;
      this.#order.pop();
      this.#spans.delete(next);
      due.push(...(actions ?? []));
      // An action that runs can no longer be cleared.
      actions?.clear();
    }
    this.#live -= due.length;
    if (next === undefined) this.#stop();
    else this.#arm(next);
    for (const action of due) action();
  }
}
