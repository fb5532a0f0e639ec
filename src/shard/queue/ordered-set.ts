/**
 * A set of numbers that finds its lowest quickly, however many have been deleted before. A small one is a sorted list,
 * because a shard may have 100,000 of them; a larger one is a set with a heap.
 */
import TinyQueue from "tinyqueue";

/** Members of a sorted list, at most. */
const SMALL = 32;
/** Deleted numbers that may stay in the heap before it is built anew. */
const MOST_DELETED = 1_000;
const NONE: readonly number[] = [];

export class OrderedSet {
  #sorted: readonly number[] = NONE;
  #large: { readonly members: Set<number>; heap: TinyQueue<number> } | null = null;

  get size(): number {
    return this.#large?.members.size ?? this.#sorted.length;
  }

  get first(): number | undefined {
    if (!this.#large) return this.#sorted[0];
    for (;;) {
      const first = this.#large.heap.peek();
      if (first === undefined || this.#large.members.has(first)) return first;
      this.#large.heap.pop();
    }
  }

  has(number: number): boolean {
    return this.#large?.members.has(number) ?? this.#sorted.includes(number);
  }

  add(number: number): void {
    if (this.has(number)) return;
    if (this.#large) {
      this.#large.members.add(number);
      this.#large.heap.push(number);
      return;
    }
    const at = this.#sorted.findLastIndex((other) => other < number) + 1;
    // A new list is as long as it must be; one that grows in place reserves memory for 17 more.
    this.#sorted = this.#sorted.toSpliced(at, 0, number);
    if (this.#sorted.length <= SMALL) return;
    this.#large = { members: new Set(this.#sorted), heap: new TinyQueue([...this.#sorted]) };
    this.#sorted = NONE;
  }

  delete(number: number): void {
    const large = this.#large;
    if (!large) {
      const left = this.#sorted.filter((other) => other !== number);
      this.#sorted = left.length > 0 ? left : NONE;
      return;
    }
    if (!large.members.delete(number)) return;
    if (large.members.size === 0) this.#large = null;
    else if (large.heap.length > 2 * large.members.size + MOST_DELETED) large.heap = new TinyQueue([...large.members]);
  }

  [Symbol.iterator](): Iterator<number> {
    return (this.#large?.members ?? this.#sorted)[Symbol.iterator]();
  }
}
