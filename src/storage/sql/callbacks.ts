/** Table `callbacks`: one row from creation to retention's end. */
import type { Callback } from "../../core/callback/callback.ts";
import type { Transaction } from "./transaction.ts";

type Facts = Pick<Callback, "workspaceName" | "origin" | "settings">;
type Used = Pick<Callback, "closedAt" | "calls" | "kept">;

interface Row extends Record<string, SqlStorageValue> {
  id: number;
  workspace: string;
  created_at: number;
  expires_at: number | null;
  closed_at: number | null;
  facts: string;
  calls: string | null;
  kept: string | null;
}

/** What can be told of a callback without reading all of its row. */
export type CallbackHead = Pick<Callback, "sequence" | "workspaceId" | "createdAt" | "expiresAt" | "closedAt">;

const COLUMNS = "id, workspace, created_at, expires_at, closed_at, facts, calls, kept";

export class Callbacks {
  readonly #sql: SqlStorage;
  readonly #statements: Transaction;

  constructor(sql: SqlStorage, statements: Transaction) {
    this.#sql = sql;
    this.#statements = statements;
  }

  /** @param deleteAt when retention ends, epoch ms; null while that is not known. */
  insert(
    { sequence, workspaceId, createdAt, expiresAt, ...rest }: Omit<Callback, keyof Used>,
    deleteAt: number | null,
  ): void {
    this.#statements.exec(
      "INSERT INTO callbacks (id, workspace, created_at, expires_at, delete_at, facts) VALUES (?, ?, ?, ?, ?, ?)",
      ...[sequence, workspaceId, createdAt, expiresAt, deleteAt, factsText(rest)],
    );
  }

  get(sequence: number): Callback | null {
    const row = this.#sql.exec<Row>(`SELECT ${COLUMNS} FROM callbacks WHERE id = ?`, sequence).toArray()[0];
    return row ? fromRow(row) : null;
  }

  update(sequence: number, { closedAt, calls, kept }: Used, deleteAt: number | null): void {
    this.#statements.exec(
      "UPDATE callbacks SET closed_at = ?, calls = ?, kept = ?, delete_at = ? WHERE id = ?",
      ...[closedAt, JSON.stringify(calls), kept && JSON.stringify(kept), deleteAt, sequence],
    );
  }

  /** The highest key in use, 0 when there is none. */
  lastSequence(): number {
    return this.#sql.exec<{ last: number | null }>("SELECT MAX(id) AS last FROM callbacks").one().last ?? 0;
  }

  /** Callbacks before a key, newest first; the caller stops reading when it has enough. */
  before(sequence: number): Iterable<CallbackHead> {
    const columns =
      "id AS sequence, workspace AS workspaceId, created_at AS createdAt, expires_at AS expiresAt, closed_at AS closedAt";
    return this.#sql.exec<Record<keyof CallbackHead, SqlStorageValue> & CallbackHead>(
      `SELECT ${columns} FROM callbacks WHERE id < ? ORDER BY id DESC`,
      sequence,
    );
  }

  /** See {@link Executions.deleteExpired}. */
  deleteExpired(from: number, to: number, now: number, limit: number) {
    const { last } = this.#sql
      .exec<{ last: number | null }>(
        "SELECT MAX(id) AS last FROM (SELECT id FROM callbacks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)",
        ...[from, to, limit],
      )
      .one();
    if (last === null) return { last, keys: [] };
    const rows = this.#sql
      .exec<{ calls: string | null }>(
        "DELETE FROM callbacks WHERE id >= ? AND id <= ? AND delete_at <= ? RETURNING calls",
        ...[from, last, now],
      )
      .toArray();
    return { last, keys: rows.flatMap(({ calls }) => callsOf(calls).flatMap(({ bodyKey }) => bodyKey ?? [])) };
  }
}

function fromRow(row: Row): Callback {
  return {
    sequence: row.id,
    workspaceId: row.workspace,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    closedAt: row.closed_at,
    ...(JSON.parse(row.facts) as Facts),
    calls: callsOf(row.calls),
    kept: row.kept === null ? null : (JSON.parse(row.kept) as Callback["kept"]),
  };
}

const factsText = ({ workspaceName, origin, settings }: Facts) => JSON.stringify({ workspaceName, origin, settings });

const callsOf = (text: string | null) => (text === null ? [] : (JSON.parse(text) as Callback["calls"]));
