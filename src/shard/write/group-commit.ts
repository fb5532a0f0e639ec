/**
 * Group commit: the price of a write is its commit, not its SQL, so writes that arrive while one commit is under way
 * share the next one.
 */
import type { Transaction } from "../../storage/sql/transaction.ts";

/** Puts off what a write changes in memory until the write stands. */
export type After = (effect: () => void) => void;

/** So long a commit waits for others where the last one was shared, in ms. */
const GATHER_MS = 2;

interface Job {
  readonly write: (after: After) => void;
  readonly settle: (error?: unknown) => void;
}

export class GroupCommit {
  readonly #storage: Pick<DurableObjectStorage, "sync">;
  readonly #statements: Transaction;
  #waiting: Job[] = [];
  #isCommitting = false;
  /** Writes that shared the last commit. */
  #lastGroup = 0;

  constructor(storage: Pick<DurableObjectStorage, "sync">, statements: Transaction) {
    this.#storage = storage;
    this.#statements = statements;
  }

  /**
   * Runs a synchronous write and resolves once it is durable. A write that throws has changed nothing and rejects alone;
   * those beside it are not touched. What it changes in the tables goes through {@link Transaction}; what it changes in
   * memory it hands to `after`, which runs it when nothing of the write can be undone any more.
   */
  run<T>(write: (after: After) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T;
      this.#waiting.push({
        write: (after) => {
          value = write(after);
        },
        settle: (error) => (error === undefined ? resolve(value) : reject(error)),
      });
      if (!this.#isCommitting) void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    this.#isCommitting = true;
    try {
      while (this.#waiting.length > 0) {
        // Those who were told by the last commit write again soon, and the first of them is not to commit alone.
        if (this.#lastGroup > 1) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
        const jobs = this.#waiting;
        this.#waiting = [];
        this.#lastGroup = jobs.length;
        const written = jobs.filter((job) => this.#attempt(job));
        const error = await this.#sync();
        for (const { settle } of written) settle(error);
      }
    } finally {
      this.#isCommitting = false;
    }
  }

  async #sync(): Promise<unknown> {
    try {
      await this.#storage.sync();
      return undefined;
    } catch (error) {
      return error ?? new Error("The storage did not commit.");
    }
  }

  #attempt({ write, settle }: Job): boolean {
    const effects: (() => void)[] = [];
    try {
      this.#statements.atomically(() => write((effect) => void effects.push(effect)));
    } catch (error) {
      settle(error);
      return false;
    }
    for (const effect of effects) effect();
    return true;
  }
}
