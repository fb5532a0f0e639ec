/** A set of numbers that finds its lowest in the same time however many have been deleted before, unlike a Set. */
import TinyQueue from "tinyqueue";

/** Deleted numbers that may stay in the heap before it is built anew. */
const MOST_DELETED = 1_000;

export class OrderedSet {
  readonly #members = new Set<number>();
  /** The members, and some that were deleted. */
  #heap = new TinyQueue<number>();

  get size(): number {
    return this.#members.size;
  }

  get first(): number | undefined {
    for (;;) {
      const first = this.#heap.peek();
      if (first === undefined || this.#members.has(first)) return first;
      this.#heap.pop();
    }
  }

  add(number: number): void {
    if (this.#members.has(number)) return;
    this.#members.add(number);
    this.#heap.push(number);
  }

  delete(number: number): void {
    if (!this.#members.delete(number)) return;
    if (this.#heap.length > 2 * this.#members.size + MOST_DELETED) this.#heap = new TinyQueue([...this.#members]);
  }

  /** Deletes the lowest and returns it. */
  shift(): number | undefined {
    const { first } = this;
    if (first !== undefined) this.delete(first);
    return first;
  }
}
