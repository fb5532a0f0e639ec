/** Table `executions`: one row for each, from its arrival to the end of its retention. */

import type { Progress, Status } from "../../core/execution/execution.ts";
import type { Body } from "../../core/message/body.ts";
import { BoundedMap } from "../bounded-map.ts";
import type { Database, Write } from "./database.ts";
import {
  type BodyFacts,
  bytesOf,
  COLUMNS,
  type Execution,
  factsOf,
  factsText,
  fromRow,
  keysOf,
  type Row,
  trailOf,
  trailText,
} from "./execution-row.ts";
import { inParts, lastInPart } from "./parts.ts";

/** The columns from which a restarted shard goes on with an execution. */
export type OpenRow = Pick<Execution, "sequence" | "snapshotId" | "lane" | "status" | "dueAt">;

interface RecoveredRow extends OpenRow {
  /** True when its key is in the recovery index. */
  readonly isIndexed: boolean;
}

/** Rows read for the starts that happened before a restart. */
const STARTS_SCAN = 10_000;

/** A row in memory: an unfinished execution is read several times within milliseconds of being written. */
interface Known {
  readonly execution: Execution;
  readonly input: Body;
  /** The message as it is now; null while it is still the input. */
  readonly message: Body | null;
}

/** Bytes kept in memory by all shards of one isolate together. */
const REMEMBERED_BYTES = 16 * 1024 * 1024;
/** Rough size of an execution without its bodies. */
const ENTRY_BYTES = 2 * 1024;

const remembered = new BoundedMap<Known>(REMEMBERED_BYTES / ENTRY_BYTES, REMEMBERED_BYTES);
/** Numbers the instances of all shards in the isolate, so that a restarted one finds nothing of its past. */
let instances = 0;

export class Executions {
  readonly #database: Database;
  readonly #instance = ++instances;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param message the flow's first message, where it is not the input. */
  insert(write: Write, execution: Omit<Execution, "input" | "message">, input: Body, message: Body | null): void {
    const { sequence, snapshotId, lane, origin, status, step, run, attempts, dueAt, createdAt } = execution;
    write.exec(
      `INSERT INTO executions (id, plan, lane, origin, status, step, run, attempts, due_at, created_at, trail, input, input_bytes,
         message, message_bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[sequence, snapshotId, lane, origin, status, step, run, attempts, dueAt, createdAt],
      ...[trailText(execution), factsText(input, execution), bytesOf(input)],
      ...[message && factsText(message), message && bytesOf(message)],
    );
    const bodies = { input: factsOf(input), message: message && factsOf(message) };
    write.after(() => this.#remember({ execution: { ...execution, ...bodies }, input, message }));
  }

  get(sequence: number): Execution | null {
    const known = this.#known(sequence);
    if (known) return known.execution;
    const [row] = this.#database.read<Row>(`SELECT ${COLUMNS} FROM executions WHERE id = ?`, sequence);
    return row ? fromRow(row) : null;
  }

  /** Writes progress, and the new message when there is one. `expiresAt` is the end of retention, in epoch ms. */
  update(write: Write, sequence: number, progress: Progress, expiresAt: number | null, message?: Body): void {
    const { status, step, run, attempts, dueAt, startedAt, finishedAt } = progress;
    const values = [status, step, run, attempts, dueAt, startedAt, finishedAt, expiresAt, trailText(progress)];
    const set =
      "status = ?, step = ?, run = ?, attempts = ?, due_at = ?, started_at = ?, finished_at = ?, expires_at = ?, trail = ?";
    if (message) {
      write.exec(
        `UPDATE executions SET ${set}, message = ?, message_bytes = ? WHERE id = ?`,
        ...[...values, factsText(message), bytesOf(message), sequence],
      );
    } else {
      write.exec(`UPDATE executions SET ${set} WHERE id = ?`, ...values, sequence);
    }
    this.#follow(write, sequence, progress, message);
  }

  /** Writes the log alone. */
  note(write: Write, sequence: number, progress: Progress): void {
    write.exec("UPDATE executions SET trail = ? WHERE id = ?", trailText(progress), sequence);
    this.#follow(write, sequence, trailOf(progress));
  }

  /** Drops an execution from memory; its row stays. */
  forget(sequence: number): void {
    remembered.delete(this.#key(sequence));
  }

  /** The message as it is now, or as it came. */
  body(sequence: number, which: "message" | "input"): Body | null {
    const known = this.#known(sequence);
    if (known) return (which === "message" ? known.message : null) ?? known.input;
    const [row] = this.#database.read<{ input: string; message: string | null; bytes: ArrayBuffer | null }>(
      which === "input"
        ? "SELECT input, NULL AS message, input_bytes AS bytes FROM executions WHERE id = ?"
        : `SELECT input, message, CASE WHEN message IS NULL THEN input_bytes ELSE message_bytes END AS bytes
           FROM executions WHERE id = ?`,
      sequence,
    );
    if (!row) return null;
    const { type, size, key, sha256 } = JSON.parse(row.message ?? row.input) as BodyFacts;
    if (key !== undefined && sha256 !== undefined) return { type, size, key, sha256 };
    return { type, size, bytes: new Uint8Array(row.bytes ?? new ArrayBuffer(0)) };
  }

  /** The execution with a submission id among those with keys from `from` on; null when there is none. */
  withSubmissionId(submissionId: string, from: number): number | null {
    const [found] = this.#database.read<{ id: number }>(
      "SELECT id FROM executions WHERE id >= ? AND input ->> 'ticket' = ? LIMIT 1",
      ...[from, submissionId],
    );
    return found?.id ?? null;
  }

  /** The highest key in use, 0 when there is none. */
  lastSequence(): number {
    return this.#database.read<{ last: number | null }>("SELECT MAX(id) AS last FROM executions")[0]?.last ?? 0;
  }

  /** Unfinished executions from a key on, and those before it that are in the recovery index, oldest first. */
  unfinished(from: number): RecoveredRow[] {
    const columns = "executions.id AS sequence, plan AS snapshotId, lane, status, due_at AS dueAt";
    return this.#database
      .read<{
        sequence: number;
        snapshotId: number;
        lane: string | null;
        status: string;
        dueAt: number | null;
        parked: number | null;
      }>(
        `SELECT ${columns}, parked.id AS parked FROM parked JOIN executions USING (id)
           WHERE parked.id < ?1 AND finished_at IS NULL
         UNION ALL SELECT ${columns}, parked.id AS parked FROM executions LEFT JOIN parked USING (id)
           WHERE executions.id >= ?1 AND finished_at IS NULL
         ORDER BY 1`,
        from,
      )
      .map(({ parked, ...row }) => ({ ...row, status: row.status as Status, isIndexed: parked !== null }));
  }

  /** Starts since a time (epoch ms) among the newest executions, oldest first; reads a bounded number of rows. */
  startsSince(since: number): { snapshotId: number; startedAt: number }[] {
    return this.#database.read<{ snapshotId: number; startedAt: number }>(
      `SELECT plan AS snapshotId, started_at AS startedAt FROM (SELECT plan, started_at FROM executions ORDER BY id DESC LIMIT ?)
       WHERE started_at > ? ORDER BY started_at`,
      ...[STARTS_SCAN, since],
    );
  }

  /** Executions before a key, newest first, read in parts; the caller stops when it has enough. */
  *before(sequence: number): Generator<Execution> {
    const query = `SELECT ${COLUMNS} FROM executions WHERE id < ? ORDER BY id DESC LIMIT ?` as const;
    const rows = inParts(
      sequence,
      ({ id }: Row) => id,
      (from, limit) => this.#database.read<Row>(query, from, limit),
    );
    for (const row of rows) yield fromRow(row);
  }

  /** The snapshots of up to `limit` executions from a key on, and the key at which to go on; null when there are no more. */
  snapshotsIn(from: number, limit: number): { used: Set<number>; next: number | null } {
    const query = "SELECT id, plan FROM executions WHERE id >= ? ORDER BY id LIMIT ?";
    const rows = this.#database.read<{ id: number; plan: number }>(query, from, limit);
    const last = rows.at(-1);
    return { used: new Set(rows.map(({ plan }) => plan)), next: last === undefined ? null : last.id + 1 };
  }

  /**
   * Reads up to `limit` executions with keys in [from, to) and deletes those whose retention is over. One that blocks its
   * lane stays, because an operator can still retry or skip it.
   *
   * @returns the last key read, null when there was none, and the R2 keys of the deleted ones' bodies.
   */
  deleteExpired(write: Write, from: number, to: number, now: number, limit: number) {
    const last = lastInPart(this.#database, "executions", from, to, limit);
    if (last === null) return { last, keys: [] };
    const expired = `executions WHERE id >= ? AND id <= ? AND expires_at <= ?
      AND id NOT IN (SELECT blocked_by FROM lanes WHERE blocked_by IS NOT NULL)`;
    const rows = this.#database.read<{ input: string; message: string | null }>(
      `SELECT input, message FROM ${expired}`,
      ...[from, last, now],
    );
    if (rows.length > 0) write.exec(`DELETE FROM ${expired}`, from, last, now);
    return { last, keys: rows.flatMap(({ input, message }) => keysOf(input, message)) };
  }

  /** Memory follows a write of a row that it holds. */
  #follow(write: Write, sequence: number, written: Partial<Progress>, message?: Body): void {
    const known = this.#known(sequence);
    if (!known) return;
    const execution = { ...known.execution, ...written, ...(message && { message: factsOf(message) }) };
    write.after(() => this.#remember({ ...known, execution, ...(message && { message }) }));
  }

  #remember(known: Known): void {
    const { execution, input, message } = known;
    const bytes = ENTRY_BYTES + (bytesOf(input)?.length ?? 0) + ((message && bytesOf(message)?.length) ?? 0);
    remembered.set(this.#key(execution.sequence), known, bytes);
  }

  #known(sequence: number): Known | undefined {
    return remembered.get(this.#key(sequence));
  }

  #key(sequence: number): string {
    return `${this.#instance}/${sequence}`;
  }
}
