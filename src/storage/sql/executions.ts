/** Table `executions`: one row from arrival to retention's end. */

import type { Progress, Status } from "../../core/execution/execution.ts";
import type { Body } from "../../core/message/body.ts";
import { BoundedMap } from "../bounded-map.ts";
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
import type { Transaction } from "./transaction.ts";

/** What the shard needs to know of an execution to carry on with it after a restart. */
export type OpenRow = Pick<Execution, "sequence" | "snapshotId" | "lane" | "status" | "dueAt">;

export interface RecoveredRow extends OpenRow {
  readonly isParked: boolean;
}

/** Rows looked at for the starts of before a restart. */
const STARTS_SCAN = 10_000;

/**
 * An execution in the middle of its life as its row stands, so that what is read several times within milliseconds of
 * being written is not read from the table.
 */
interface Known {
  readonly execution: Execution;
  readonly input: Body;
  /** The message as it is now; null while it is still the input. */
  readonly message: Body | null;
}

/** Most that is remembered, in bytes, by all shards together that share the memory of one isolate. */
const REMEMBERED_BYTES = 16 * 1024 * 1024;
/** What an execution takes beside the bytes of its bodies, roughly. */
const ENTRY_BYTES = 2 * 1024;

const remembered = new BoundedMap<Known>(REMEMBERED_BYTES / ENTRY_BYTES, REMEMBERED_BYTES);
/** Tells shards apart, and one that was started again from what it was before. */
let instances = 0;

/**
 * A write answers what makes memory follow it, to be run once the write stands; until then rows are read as they stood
 * before.
 */
type Follow = () => void;

export class Executions {
  readonly #sql: SqlStorage;
  readonly #statements: Transaction;
  readonly #instance = ++instances;

  constructor(sql: SqlStorage, statements: Transaction) {
    this.#sql = sql;
    this.#statements = statements;
  }

  /** @param message what the flow starts with, where that is not the input. */
  insert(execution: Omit<Execution, "input" | "message">, input: Body, message: Body | null): Follow {
    const { sequence, snapshotId, lane, origin, status, step, run, attempts, dueAt, createdAt } = execution;
    this.#statements.exec(
      `INSERT INTO executions (id, plan, lane, origin, status, step, run, attempts, due_at, created_at, trail, input, input_bytes,
         message, message_bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[sequence, snapshotId, lane, origin, status, step, run, attempts, dueAt, createdAt],
      ...[trailText(execution), factsText(input, execution), bytesOf(input)],
      ...[message && factsText(message), message && bytesOf(message)],
    );
    const bodies = { input: factsOf(input), message: message && factsOf(message) };
    return () => this.#remember({ execution: { ...execution, ...bodies }, input, message });
  }

  get(sequence: number): Execution | null {
    const known = this.#known(sequence);
    if (known) return known.execution;
    const row = this.#sql.exec<Row>(`SELECT ${COLUMNS} FROM executions WHERE id = ?`, sequence).toArray()[0];
    return row ? fromRow(row) : null;
  }

  /** Writes progress, and the new message when there is one. `expiresAt` is when retention ends, in epoch ms. */
  update(sequence: number, progress: Progress, expiresAt: number | null, message?: Body): Follow {
    const { status, step, run, attempts, dueAt, startedAt, finishedAt } = progress;
    const values = [status, step, run, attempts, dueAt, startedAt, finishedAt, expiresAt, trailText(progress)];
    const set =
      "status = ?, step = ?, run = ?, attempts = ?, due_at = ?, started_at = ?, finished_at = ?, expires_at = ?, trail = ?";
    if (message) {
      this.#statements.exec(
        `UPDATE executions SET ${set}, message = ?, message_bytes = ? WHERE id = ?`,
        ...[...values, factsText(message), bytesOf(message), sequence],
      );
    } else {
      this.#statements.exec(`UPDATE executions SET ${set} WHERE id = ?`, ...values, sequence);
    }
    return this.#follow(sequence, progress, message);
  }

  /** Writes the log alone. */
  note(sequence: number, progress: Progress): Follow {
    this.#statements.exec("UPDATE executions SET trail = ? WHERE id = ?", trailText(progress), sequence);
    return this.#follow(sequence, trailOf(progress));
  }

  /** Frees the memory of an execution that nothing more is about to happen to. */
  forget(sequence: number): void {
    remembered.delete(this.#key(sequence));
  }

  /** The message as it is now, or as it came. */
  body(sequence: number, which: "message" | "input"): Body | null {
    const known = this.#known(sequence);
    if (known) return (which === "message" ? known.message : null) ?? known.input;
    const row = this.#sql
      .exec<{ input: string; message: string | null; bytes: ArrayBuffer | null }>(
        which === "input"
          ? "SELECT input, NULL AS message, input_bytes AS bytes FROM executions WHERE id = ?"
          : `SELECT input, message, CASE WHEN message IS NULL THEN input_bytes ELSE message_bytes END AS bytes
             FROM executions WHERE id = ?`,
        sequence,
      )
      .toArray()[0];
    if (!row) return null;
    const { type, size, key, sha256 } = JSON.parse(row.message ?? row.input) as BodyFacts;
    if (key !== undefined && sha256 !== undefined) return { type, size, key, sha256 };
    return { type, size, bytes: new Uint8Array(row.bytes ?? new ArrayBuffer(0)) };
  }

  /** The execution with a submission id among those with keys from `from` on; null when there is none. */
  withSubmissionId(submissionId: string, from: number): number | null {
    const found = this.#sql.exec<{ id: number }>(
      "SELECT id FROM executions WHERE id >= ? AND input ->> 'ticket' = ? LIMIT 1",
      ...[from, submissionId],
    );
    return found.toArray()[0]?.id ?? null;
  }

  /** The highest key in use, 0 when there is none. */
  lastSequence(): number {
    return this.#sql.exec<{ last: number | null }>("SELECT MAX(id) AS last FROM executions").one().last ?? 0;
  }

  /** Unfinished executions from a key on, and the parked ones before it, oldest first. */
  unfinished(from: number): RecoveredRow[] {
    const columns = "executions.id AS sequence, plan AS snapshotId, lane, status, due_at AS dueAt";
    return this.#sql
      .exec<{
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
      .toArray()
      .map(({ parked, ...row }) => ({ ...row, status: row.status as Status, isParked: parked !== null }));
  }

  /** Starts since a time (epoch ms) among the newest executions, oldest first; looks at a bounded number of rows. */
  startsSince(since: number): { snapshotId: number; startedAt: number }[] {
    return this.#sql
      .exec<{ snapshotId: number; startedAt: number }>(
        `SELECT plan AS snapshotId, started_at AS startedAt FROM (SELECT plan, started_at FROM executions ORDER BY id DESC LIMIT ?)
         WHERE started_at > ? ORDER BY started_at`,
        ...[STARTS_SCAN, since],
      )
      .toArray();
  }

  /** Executions before a key, newest first; the caller stops reading when it has enough. */
  *before(sequence: number): Generator<Execution> {
    for (const row of this.#sql.exec<Row>(
      `SELECT ${COLUMNS} FROM executions WHERE id < ? ORDER BY id DESC`,
      sequence,
    )) {
      yield fromRow(row);
    }
  }

  /** The snapshots of up to `limit` executions from a key on, and the key at which to go on; null when there are no more. */
  snapshotsIn(from: number, limit: number): { used: Set<number>; next: number | null } {
    const used = new Set<number>();
    let next: number | null = null;
    const rows = this.#sql.exec("SELECT id, plan FROM executions WHERE id >= ? ORDER BY id LIMIT ?", from, limit);
    for (const [id, snapshot] of rows.raw<[number, number]>()) {
      used.add(snapshot);
      next = id + 1;
    }
    return { used, next };
  }

  /**
   * Looks at up to `limit` executions with keys in [from, to) and deletes those whose retention is over. One that blocks
   * its lane stays: it is to be tried again or skipped.
   *
   * @returns the last key looked at, null when there was none, and the R2 keys that the deleted ones leave behind.
   */
  deleteExpired(from: number, to: number, now: number, limit: number) {
    const { last } = this.#sql
      .exec<{ last: number | null }>(
        "SELECT MAX(id) AS last FROM (SELECT id FROM executions WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)",
        ...[from, to, limit],
      )
      .one();
    if (last === null) return { last, keys: [] };
    const rows = this.#sql
      .exec<{ input: string; message: string | null }>(
        `DELETE FROM executions WHERE id >= ? AND id <= ? AND expires_at <= ?
           AND id NOT IN (SELECT blocked_by FROM lanes WHERE blocked_by IS NOT NULL) RETURNING input, message`,
        ...[from, last, now],
      )
      .toArray();
    return { last, keys: rows.flatMap(({ input, message }) => keysOf(input, message)) };
  }

  #follow(sequence: number, written: Partial<Progress>, message?: Body): Follow {
    const known = this.#known(sequence);
    if (!known) return () => undefined;
    const execution = { ...known.execution, ...written, ...(message && { message: factsOf(message) }) };
    return () => this.#remember({ ...known, execution, ...(message && { message }) });
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
