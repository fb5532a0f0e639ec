/** Tables are looked through in parts, so that no look holds the object for long and no cursor stays open. */
import type { Database } from "./database.ts";

/** Rows read at once for a list. */
const PART_ROWS = 100;

/**
 * Rows before a key, newest first.
 *
 * @param read up to `limit` rows with keys below `from`, newest first.
 */
export function* inParts<T>(
  before: number,
  keyOf: (row: T) => number,
  read: (from: number, limit: number) => readonly T[],
): Generator<T> {
  for (let from: number | null = before; from !== null; ) {
    const rows = read(from, PART_ROWS);
    yield* rows;
    const last = rows.at(-1);
    from = last === undefined || rows.length < PART_ROWS ? null : keyOf(last);
  }
}

/** The last of up to `limit` keys of a table in [from, to); null when there is none. */
export function lastInPart(
  database: Database,
  table: "executions" | "callbacks",
  from: number,
  to: number,
  limit: number,
): number | null {
  const [row] = database.read<{ last: number | null }>(
    `SELECT MAX(id) AS last FROM (SELECT id FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)`,
    ...[from, to, limit],
  );
  return row?.last ?? null;
}
