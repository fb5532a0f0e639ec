/** A waiting line: numbers of which the lowest comes first, and any may leave. */
import TinyQueue from "tinyqueue";

/** So many places of those that have left are kept at least before the line closes up. */
const CLOSE_UP = 1_000;

/** Unlike a Set it finds its first in the same time however many have left before. */
export class OrderedSet {
  readonly #members = new Set<number>();
  /** Their places, and some of those that have left. */
  #places = new TinyQueue<number>();

  get size(): number {
    return this.#members.size;
  }

  get first(): number | undefined {
    for (;;) {
      const first = this.#places.peek();
      if (first === undefined || this.#members.has(first)) return first;
      this.#places.pop();
    }
  }

  add(number: number): void {
    if (this.#members.has(number)) return;
    this.#members.add(number);
    this.#places.push(number);
  }

  delete(number: number): void {
    if (!this.#members.delete(number)) return;
    if (this.#places.length > 2 * this.#members.size + CLOSE_UP) this.#places = new TinyQueue([...this.#members]);
  }

  /** The first, which leaves. */
  shift(): number | undefined {
    const { first } = this;
    if (first !== undefined) this.delete(first);
    return first;
  }
}
