/**
 * Fills shards fast: while the gateway is down, each shard's database gets copies of the newest finished row
 * with earlier keys. The tables are those of `src/storage/sql/schema.ts`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type Filled = "executions" | "callbacks";

const FINISHED: Record<Filled, string> = {
  executions: "finished_at IS NOT NULL",
  callbacks: "TRUE",
};

/** @param rows number of rows per shard. */
export function fillShards(folder: string, table: Filled, rows: number): void {
  const databases = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /Shard.*\.sqlite$/.test(name),
  );
  for (const name of databases) fill(join(folder, name), table, rows);
}

function fill(file: string, table: Filled, rows: number): void {
  using database = new Disposable(file);
  const { db } = database;
  const has = db.prepare("SELECT COUNT(*) AS tables FROM sqlite_master WHERE name = ?").get(table);
  if (has?.tables !== 1) return;
  const columns = db
    .prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name <> 'id'`)
    .all()
    .map(({ name }) => String(name))
    .join(", ");
  db.exec(`
    WITH RECURSIVE
      sample AS (SELECT * FROM ${table} WHERE ${FINISHED[table]} ORDER BY id DESC LIMIT 1),
      first AS (SELECT MIN(id) AS id FROM ${table}),
      back(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM back WHERE n < ${Math.floor(rows)})
    INSERT INTO ${table} (id, ${columns})
    SELECT first.id - n, ${columns} FROM back, first, sample ORDER BY n DESC`);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

class Disposable {
  readonly db: DatabaseSync;

  constructor(file: string) {
    this.db = new DatabaseSync(file);
  }

  [Symbol.dispose](): void {
    this.db.close();
  }
}
