/**
 * Many timeouts behind one timer. Nearly all are cleared long before their time, and a timer for each costs a message
 * more than the rest of its bookkeeping.
 */
import TinyQueue from "tinyqueue";

/** Deadlines of one span of so many ms pass together, at its end; never early. */
const SPAN_MS = 25;

export interface Deadline {
  /** Nothing happens any more. */
  clear(): void;
}

type Act = () => void;

export class Timeouts {
  /** What passes at the end of each span, by the number of the span since the epoch. */
  readonly #spans = new Map<number, Set<Act>>();
  /** The numbers of those spans, also of such as have nothing left. */
  #order = new TinyQueue<number>();
  #live = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The span that the timer rings for. */
  #ringsFor = Number.POSITIVE_INFINITY;

  /** Does something in `ms`, unless it is cleared before. */
  set(ms: number, act: () => void): Deadline {
    const span = Math.ceil((Date.now() + ms) / SPAN_MS);
    const acts = this.#spans.get(span) ?? this.#open(span);
    // Of its own, so that the same act may be wanted twice.
    const entry = () => act();
    acts.add(entry);
    this.#live++;
    if (span < this.#ringsFor) this.#arm(span);
    return {
      clear: () => {
        // A timer that nobody waits for would keep the object from its rest.
        if (acts.delete(entry) && --this.#live === 0) this.#forget();
      },
    };
  }

  #open(span: number): Set<Act> {
    const acts = new Set<Act>();
    this.#spans.set(span, acts);
    this.#order.push(span);
    return acts;
  }

  #arm(span: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#ringsFor = span;
    this.#timer = setTimeout(() => this.#ring(), Math.max(span * SPAN_MS - Date.now(), 0));
  }

  #forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#ringsFor = Number.POSITIVE_INFINITY;
    this.#spans.clear();
    this.#order = new TinyQueue();
  }

  #ring(): void {
    const now = Date.now();
    const passed: Act[] = [];
    let next = this.#order.peek();
    for (; next !== undefined; next = this.#order.peek()) {
      const acts = this.#spans.get(next);
      if (acts && acts.size > 0 && next * SPAN_MS > now) break;
      this.#order.pop();
      this.#spans.delete(next);
      passed.push(...(acts ?? []));
      // What has passed cannot be cleared any more.
      acts?.clear();
    }
    this.#live -= passed.length;
    if (next === undefined) this.#forget();
    else this.#arm(next);
    for (const act of passed) act();
  }
}
