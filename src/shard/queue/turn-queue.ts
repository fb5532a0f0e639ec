/** A queue of executions by turns, which count up. One that leaves before its turn stays as a stale entry until then. */

/** Passed entries that may stay at the front. */
const MOST_PASSED = 1_000;

export class TurnQueue {
  readonly #isCurrent: (sequence: number, turn: number) => boolean;
  #turns: number[] = [];
  #sequences: number[] = [];
  #head = 0;

  /** @param isCurrent false for an entry that is stale. */
  constructor(isCurrent: (sequence: number, turn: number) => boolean) {
    this.#isCurrent = isCurrent;
  }

  /** @param turn higher than all before it. */
  push(turn: number, sequence: number): void {
    this.#turns.push(turn);
    this.#sequences.push(sequence);
  }

  /** The entry whose turn is next; undefined without one. */
  get first(): { readonly turn: number; readonly sequence: number } | undefined {
    for (; this.#head < this.#turns.length; this.#head++) {
      const turn = this.#turns[this.#head] ?? 0;
      const sequence = this.#sequences[this.#head] ?? 0;
      if (this.#isCurrent(sequence, turn)) return { turn, sequence };
    }
    this.#drop();
    return undefined;
  }

  /** Removes the entry whose turn is next. */
  shift(): void {
    this.#head++;
    if (this.#head > MOST_PASSED && 2 * this.#head > this.#turns.length) this.#drop();
  }

  #drop(): void {
    this.#turns = this.#turns.slice(this.#head);
    this.#sequences = this.#sequences.slice(this.#head);
    this.#head = 0;
  }
}
