/** The SQLite database of a shard. It is read at once and changed by writes; the types of the queries hold that. */

type Binding = SqlStorageValue | Uint8Array;
type ReadQuery = `SELECT ${string}`;
type ChangeQuery = `${"INSERT" | "UPDATE" | "DELETE"} ${string}`;
type Definition = `${"CREATE TABLE IF NOT EXISTS" | "DROP TABLE"} ${string}`;

/** Most bytes of a row: the platform's limit, which the local runtime does not enforce. */
const ROW_LIMIT_BYTES = 2_000_000;

/** One write, while it is decided. Its changes are applied behind the decision, all of them or none. */
export interface Write {
  /** Adds a statement that changes rows; throws for a row that is larger than the platform takes. Until the write is decided, rows read as they were before it. */
  exec(query: ChangeQuery, ...bindings: readonly Binding[]): void;
  /** Adds a change of a value outside the tables. */
  put(key: string, value: number): void;
  /** Adds an effect on memory, which runs once the write can no longer be undone. It must not throw. */
  after(effect: () => void): void;
}

export class Database {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "kv" | "transactionSync">;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "kv" | "transactionSync">) {
    this.#storage = storage;
  }

  /** Bytes of the rows; pages that deleted rows have left are free and do not count. */
  get size(): number {
    return this.#storage.sql.databaseSize;
  }

  /** All rows of a query. A cursor that is left open locks the database, so none leaves this method. */
  read<T extends Record<string, SqlStorageValue>>(query: ReadQuery, ...bindings: readonly Binding[]): T[] {
    return this.#storage.sql.exec<T>(query, ...bindings).toArray();
  }

  /** A value outside the tables. */
  get(key: string): number | undefined {
    return this.#storage.kv.get<number>(key);
  }

  /** Creates or drops a table at once; no write undoes it. */
  define(query: Definition): void {
    this.#storage.sql.exec(query);
  }

  /**
   * Runs a write. What `decide` or a statement throws is thrown on, and nothing has been changed then. SQLite undoes a
   * failed statement by itself; only several need a savepoint, which copies each page that they touch.
   */
  write<T>(decide: (write: Write) => T): T {
    const changes: (() => void)[] = [];
    const effects: (() => void)[] = [];
    const value = decide({
      exec: (query, ...bindings) => {
        refuseLargeRow(bindings);
        changes.push(() => void this.#storage.sql.exec(query, ...bindings));
      },
      put: (key, number) => void changes.push(() => this.#storage.kv.put(key, number)),
      after: (effect) => void effects.push(effect),
    });
    const apply = () => {
      for (const change of changes) change();
    };
    if (changes.length > 1) this.#storage.transactionSync(apply);
    else apply();
    for (const effect of effects) effect();
    return value;
  }
}

function refuseLargeRow(bindings: readonly Binding[]): void {
  let bytes = 0;
  for (const value of bindings) {
    // A character takes three bytes at most; only large texts are measured.
    if (typeof value === "string")
      bytes += 3 * value.length > ROW_LIMIT_BYTES ? Buffer.byteLength(value) : value.length;
    else if (value !== null && typeof value === "object") bytes += value.byteLength;
  }
  if (bytes > ROW_LIMIT_BYTES) throw new Error(`a row of ${bytes} bytes exceeds ${ROW_LIMIT_BYTES}`);
}
