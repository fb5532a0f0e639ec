/**
 * Group commit: the price of a write is its commit, not its SQL, so writes that arrive while one commit is under way
 * share the next one.
 */
interface Job {
  readonly write: () => void;
  readonly settle: (error?: unknown) => void;
}

export class GroupCommit {
  readonly #storage: DurableObjectStorage;
  #waiting: Job[] = [];
  #isCommitting = false;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /**
   * Runs a synchronous write and resolves once it is durable. A write that throws is undone and rejects alone; those
   * beside it are not touched. What a write changes in memory it changes last, when nothing can throw any more.
   */
  run<T>(write: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T;
      this.#waiting.push({
        write: () => {
          value = write();
        },
        settle: (error) => (error === undefined ? resolve(value) : reject(error)),
      });
      if (!this.#isCommitting) void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting;
      this.#waiting = [];
      const written = jobs.filter((job) => this.#attempt(job));
      const error = await this.#storage.sync().then(
        () => undefined,
        (reason: unknown) => reason ?? new Error("The storage did not commit."),
      );
      for (const { settle } of written) settle(error);
    }
    this.#isCommitting = false;
  }

  #attempt({ write, settle }: Job): boolean {
    try {
      this.#storage.transactionSync(write);
      return true;
    } catch (error) {
      settle(error);
      return false;
    }
  }
}
