/** The tables of a shard. */

/**
 * Append-only: a shard runs the steps that it has not run yet. No table has an index: each would be a billed row per
 * write, and the open executions are known in memory (docs/storage.md).
 */
const MIGRATIONS = [
  `CREATE TABLE plans (
     id INTEGER PRIMARY KEY,
     hash TEXT NOT NULL UNIQUE,
     plan TEXT NOT NULL
   ) STRICT;

   -- The bytes stand last, so that reading the columns before them touches none of their pages.
   CREATE TABLE executions (
     id INTEGER PRIMARY KEY,
     plan INTEGER NOT NULL,
     lane TEXT,
     origin TEXT NOT NULL,
     status TEXT NOT NULL,
     step INTEGER NOT NULL,
     run INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     due_at INTEGER,
     created_at INTEGER NOT NULL,
     started_at INTEGER,
     finished_at INTEGER,
     expires_at INTEGER,
     trail TEXT NOT NULL,
     input TEXT NOT NULL,
     message TEXT,
     input_bytes BLOB,
     message_bytes BLOB
   ) STRICT;

   CREATE TABLE parked (
     id INTEGER PRIMARY KEY
   ) STRICT;`,

  `CREATE TABLE callbacks (
     id INTEGER PRIMARY KEY,
     workspace TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER,
     closed_at INTEGER,
     delete_at INTEGER,
     facts TEXT NOT NULL,
     calls TEXT,
     kept TEXT
   ) STRICT;`,

  `CREATE TABLE lanes (
     lane TEXT PRIMARY KEY,
     blocked_by INTEGER,
     blocked_at INTEGER,
     paused INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];

const VERSION_KEY = "schema";

export function migrate(storage: DurableObjectStorage): void {
  const done = storage.kv.get<number>(VERSION_KEY) ?? 0;
  if (done >= MIGRATIONS.length) return;
  storage.transactionSync(() => {
    for (const step of MIGRATIONS.slice(done)) storage.sql.exec(step);
    storage.kv.put(VERSION_KEY, MIGRATIONS.length);
  });
}
