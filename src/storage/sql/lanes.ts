/** Table `lanes`: only lanes that are blocked or paused have a row; every other one follows from its executions. */
import type { Database, Write } from "./database.ts";

interface LaneRow {
  readonly lane: string;
  /** The failed execution that stops the lane, and since when (epoch ms). */
  readonly blocked: { readonly by: number; readonly at: number } | null;
  readonly isPaused: boolean;
}

interface Row extends Record<string, SqlStorageValue> {
  lane: string;
  blocked_by: number | null;
  blocked_at: number | null;
  paused: number;
}

export class Lanes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): LaneRow[] {
    return this.#database
      .read<Row>("SELECT lane, blocked_by, blocked_at, paused FROM lanes")
      .map(({ lane, blocked_by: by, blocked_at: at, paused }) => ({
        lane,
        blocked: by !== null && at !== null ? { by, at } : null,
        isPaused: paused === 1,
      }));
  }

  /** Writes a lane's state; one that is neither blocked nor paused needs no row. */
  put(write: Write, { lane, blocked, isPaused }: LaneRow): void {
    if (!blocked && !isPaused) {
      write.exec("DELETE FROM lanes WHERE lane = ?", lane);
      return;
    }
    write.exec(
      "INSERT OR REPLACE INTO lanes (lane, blocked_by, blocked_at, paused) VALUES (?, ?, ?, ?)",
      ...[lane, blocked?.by ?? null, blocked?.at ?? null, isPaused ? 1 : 0],
    );
  }
}
