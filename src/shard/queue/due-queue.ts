/** Executions by the times at which they are due. One that gets another time stays as a stale entry until then. */
import TinyQueue from "tinyqueue";

interface Due {
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
}

export class DueQueue {
  readonly #isCurrent: (due: Due) => boolean;
  readonly #queue = new TinyQueue<Due>([], (a, b) => a.at - b.at);

  /** @param isCurrent false for an entry that is stale. */
  constructor(isCurrent: (due: Due) => boolean) {
    this.#isCurrent = isCurrent;
  }

  push(due: Due): void {
    this.#queue.push(due);
  }

  /** The entry that is due first. */
  get first(): Due | undefined {
    for (;;) {
      const first = this.#queue.peek();
      if (!first || this.#isCurrent(first)) return first;
      this.#queue.pop();
    }
  }

  /** Removes and returns the sequences that are due by `now` (epoch ms). */
  take(now: number): number[] {
    const taken: number[] = [];
    for (let { first } = this; first && first.at <= now; { first } = this) {
      this.#queue.pop();
      taken.push(first.sequence);
    }
    return taken;
  }
}
