/**
 * Many deadlines behind one timer. Nearly all are cleared long before their time, and a timer for each costs a message
 * more than the rest of its bookkeeping.
 */
import TinyQueue from "tinyqueue";

/** Deadlines pass up to so much late, in ms; never early. */
const GRAIN_MS = 25;

export interface Deadline {
  /** Nothing happens any more. */
  clear(): void;
}

interface Entry {
  /** Epoch ms. */
  readonly at: number;
  /** Null once it has passed or was cleared. */
  act: (() => void) | null;
}

export class Deadlines {
  /** Cleared ones stay until their time comes, or until there is no other. */
  #entries = byTime();
  #live = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When the timer rings, epoch ms. */
  #ringsAt = Number.POSITIVE_INFINITY;

  /** Does something in `ms`, unless it is cleared before. */
  set(ms: number, act: () => void): Deadline {
    const entry: Entry = { at: Date.now() + ms, act };
    this.#entries.push(entry);
    this.#live++;
    this.#arm();
    return { clear: () => this.#clear(entry) };
  }

  #clear(entry: Entry): void {
    if (entry.act === null) return;
    entry.act = null;
    // A timer that nobody waits for would keep the object from its rest.
    if (--this.#live === 0) this.#disarm();
  }

  #disarm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#ringsAt = Number.POSITIVE_INFINITY;
    if (this.#live === 0 && this.#entries.length > 0) this.#entries = byTime();
  }

  /** Makes sure that the timer rings for the first entry. */
  #arm(): void {
    const next = this.#entries.peek();
    if (!next || this.#ringsAt <= next.at + GRAIN_MS) return;
    this.#disarm();
    this.#ringsAt = next.at + GRAIN_MS;
    this.#timer = setTimeout(() => this.#ring(), Math.max(this.#ringsAt - Date.now(), 0));
  }

  #ring(): void {
    this.#timer = null;
    this.#ringsAt = Number.POSITIVE_INFINITY;
    const now = Date.now();
    const passed: (() => void)[] = [];
    for (let next = this.#entries.peek(); next && (next.act === null || next.at <= now); next = this.#entries.peek()) {
      this.#entries.pop();
      if (next.act === null) continue;
      passed.push(next.act);
      next.act = null;
      this.#live--;
    }
    this.#arm();
    for (const act of passed) act();
  }
}

const byTime = () => new TinyQueue<Entry>([], (a, b) => a.at - b.at);
