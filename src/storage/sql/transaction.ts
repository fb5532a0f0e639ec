/** What a write puts into the tables of a shard. */

type Binding = SqlStorageValue | Uint8Array;

interface Statement {
  readonly query: string;
  readonly bindings: readonly Binding[];
}

/**
 * The statements of a write are gathered while it is decided and carried out behind it, all of them or none. SQLite undoes
 * a statement that fails by itself; only several need a savepoint, and that copies each page that they touch.
 */
export class Transaction {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  #gathered: Statement[] | null = null;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
  }

  /** A statement that changes rows: part of the write that is being decided, and carried out at once where none is. */
  exec(query: string, ...bindings: readonly Binding[]): void {
    const statement = { query, bindings };
    if (this.#gathered) this.#gathered.push(statement);
    else this.#carryOut(statement);
  }

  /**
   * Runs a write. Until it returns, tables are read as they stood before. What it throws, or what one of its statements
   * throws, is thrown on, and nothing has been changed then.
   */
  atomically<T>(write: () => T): T {
    const gathered: Statement[] = [];
    this.#gathered = gathered;
    let value: T;
    try {
      value = write();
    } finally {
      this.#gathered = null;
    }
    const [only] = gathered;
    if (only && gathered.length === 1) this.#carryOut(only);
    else if (only) {
      this.#storage.transactionSync(() => {
        for (const statement of gathered) this.#carryOut(statement);
      });
    }
    return value;
  }

  #carryOut({ query, bindings }: Statement): void {
    this.#storage.sql.exec(query, ...bindings);
  }
}
