/**
 * Group commit: the price of a write is its commit and not its SQL, so writes that arrive while one commit is under way
 * share the next one.
 */
import type { Database, Write } from "../../storage/sql/database.ts";

/** How long a commit waits for others where the last one was shared, in ms. */
const GATHER_MS = 2;

interface Job {
  readonly decide: (write: Write) => void;
  readonly settle: (error?: unknown) => void;
}

export class GroupCommit {
  readonly #storage: Pick<DurableObjectStorage, "sync">;
  readonly #database: Database;
  #waiting: Job[] = [];
  #isCommitting = false;
  /** Number of writes that shared the last commit. */
  #lastGroup = 0;
  /** Work that waits for the commit under way; null without one. */
  #onDurable: (() => void)[] | null = null;

  constructor(storage: Pick<DurableObjectStorage, "sync">, database: Database) {
    this.#storage = storage;
    this.#database = database;
  }

  /**
   * Runs a synchronous write and resolves once it is durable. A write that throws has changed nothing and rejects alone;
   * those beside it are not affected. See {@link Database.write}.
   */
  run<T>(decide: (write: Write) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T;
      this.#waiting.push({
        decide: (write) => {
          value = decide(write);
        },
        settle: (error) => (error === undefined ? resolve(value) : reject(error)),
      });
      if (!this.#isCommitting) void this.#commit();
    });
  }

  /** Runs a job once everything that is written so far is durable, never within the call. */
  whenDurable(job: () => void): void {
    if (this.#onDurable) this.#onDurable.push(job);
    else queueMicrotask(job);
  }

  async #commit(): Promise<void> {
    this.#isCommitting = true;
    try {
      while (this.#waiting.length > 0) {
        // Callers that the last commit answered write again soon, and the first of them shall not commit alone.
        if (this.#lastGroup > 1) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
        const jobs = this.#waiting;
        this.#waiting = [];
        this.#lastGroup = jobs.length;
        const onDurable: (() => void)[] = [];
        this.#onDurable = onDurable;
        const written = jobs.filter((job) => this.#attempt(job));
        const error = await this.#sync();
        this.#onDurable = null;
        for (const { settle } of written) settle(error);
        for (const job of onDurable) queueMicrotask(job);
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

  #attempt({ decide, settle }: Job): boolean {
    try {
      this.#database.write(decide);
      return true;
    } catch (error) {
      settle(error);
      return false;
    }
  }
}
