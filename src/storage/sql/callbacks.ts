/** Table `callbacks`: one row from creation to retention's end. */
import type { Callback } from "../../core/callback/callback.ts";
import type { Database, Write } from "./database.ts";
import { inParts, lastInPart } from "./parts.ts";

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

/** The columns of a callback that lists filter by; reading them touches no page of its answer or its calls. */
type CallbackHead = Pick<Callback, "sequence" | "workspaceId" | "createdAt" | "expiresAt" | "closedAt">;

const COLUMNS = "id, workspace, created_at, expires_at, closed_at, facts, calls, kept";

export class Callbacks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param deleteAt when retention ends, epoch ms; null while that is not known. */
  insert(
    write: Write,
    { sequence, workspaceId, createdAt, expiresAt, ...rest }: Omit<Callback, keyof Used>,
    deleteAt: number | null,
  ): void {
    write.exec(
      "INSERT INTO callbacks (id, workspace, created_at, expires_at, delete_at, facts) VALUES (?, ?, ?, ?, ?, ?)",
      ...[sequence, workspaceId, createdAt, expiresAt, deleteAt, factsText(rest)],
    );
  }

  get(sequence: number): Callback | null {
    const [row] = this.#database.read<Row>(`SELECT ${COLUMNS} FROM callbacks WHERE id = ?`, sequence);
    return row ? fromRow(row) : null;
  }

  update(write: Write, sequence: number, { closedAt, calls, kept }: Used, deleteAt: number | null): void {
    write.exec(
      "UPDATE callbacks SET closed_at = ?, calls = ?, kept = ?, delete_at = ? WHERE id = ?",
      ...[closedAt, JSON.stringify(calls), kept && JSON.stringify(kept), deleteAt, sequence],
    );
  }

  /** The highest key in use, 0 when there is none. */
  lastSequence(): number {
    return this.#database.read<{ last: number | null }>("SELECT MAX(id) AS last FROM callbacks")[0]?.last ?? 0;
  }

  /** Callbacks before a key, newest first, read in parts; the caller stops when it has enough. */
  before(sequence: number): Iterable<CallbackHead> {
    const columns =
      "id AS sequence, workspace AS workspaceId, created_at AS createdAt, expires_at AS expiresAt, closed_at AS closedAt";
    return inParts(
      sequence,
      ({ sequence: last }) => last,
      (from, limit) =>
        this.#database.read<Record<keyof CallbackHead, SqlStorageValue> & CallbackHead>(
          `SELECT ${columns} FROM callbacks WHERE id < ? ORDER BY id DESC LIMIT ?`,
          ...[from, limit],
        ),
    );
  }

  /** See {@link Executions.deleteExpired}. */
  deleteExpired(write: Write, from: number, to: number, now: number, limit: number) {
    const last = lastInPart(this.#database, "callbacks", from, to, limit);
    if (last === null) return { last, keys: [] };
    const expired = "callbacks WHERE id >= ? AND id <= ? AND delete_at <= ?";
    const rows = this.#database.read<{ calls: string | null }>(`SELECT calls FROM ${expired}`, from, last, now);
    if (rows.length > 0) write.exec(`DELETE FROM ${expired}`, from, last, now);
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
