/** Counts of what a shard has done since its object was started, by workspace: for monitoring, so nothing depends on them. */
import type { Status } from "../../core/execution/execution.ts";
import { SEQUENCE_EPOCH_MS } from "../../core/security/signed-id.ts";
import type { DatabaseQuota } from "../../storage/sql/database-size.ts";
import type { RunQueue } from "../queue/run-queue.ts";

export interface WorkspaceCounters {
  accepted: number;
  /** Unfinished ones now. */
  open: number;
  readonly finished: Partial<Record<Status, number>>;
  readonly attempts: Record<string, number>;
}

export interface ShardCounters {
  readonly workspaces: Record<string, WorkspaceCounters>;
  /** Seconds since the oldest unfinished execution came in; 0 without one. */
  readonly oldestOpenSeconds: number;
  /** What its database takes. */
  readonly databaseBytes: number;
  /** Ordered and limited lanes that hold something, and those of them that stand still. */
  readonly lanes: { readonly open: number; readonly blocked: number; readonly paused: number };
}

/** The counts together with what is seen of the open executions and of the database. */
export function readCounters(
  { workspaces }: Counters,
  open: RunQueue,
  quota: DatabaseQuota,
  now: number,
): ShardCounters {
  const lanes = [...open.lanes().values()];
  const { oldest } = open;
  return {
    workspaces,
    oldestOpenSeconds: oldest === null ? 0 : Math.max(0, Math.round((now - SEQUENCE_EPOCH_MS - oldest) / 1000)),
    databaseBytes: quota.bytes,
    lanes: {
      open: lanes.length,
      blocked: lanes.filter(({ blocked }) => blocked !== null).length,
      paused: lanes.filter(({ isPaused }) => isPaused).length,
    },
  };
}

export class Counters {
  readonly #workspaces = new Map<string, WorkspaceCounters>();

  /** An execution is open from now on; `isNew` when it has just come in. */
  opened(workspace: string, isNew: boolean): void {
    const counters = this.#of(workspace);
    counters.open++;
    if (isNew) counters.accepted++;
  }

  finished(workspace: string, status: Status): void {
    const counters = this.#of(workspace);
    counters.open--;
    counters.finished[status] = (counters.finished[status] ?? 0) + 1;
  }

  attempted(workspace: string, outcome: string): void {
    const { attempts } = this.#of(workspace);
    attempts[outcome] = (attempts[outcome] ?? 0) + 1;
  }

  get workspaces(): Record<string, WorkspaceCounters> {
    return Object.fromEntries(this.#workspaces);
  }

  #of(workspace: string): WorkspaceCounters {
    const known = this.#workspaces.get(workspace) ?? { accepted: 0, open: 0, finished: {}, attempts: {} };
    this.#workspaces.set(workspace, known);
    return known;
  }
}
