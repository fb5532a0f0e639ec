/** Counts since the object was started, by workspace. They are for monitoring, so nothing depends on them. */
import type { Status } from "../../core/execution/execution.ts";
import { SEQUENCE_EPOCH_MS } from "../../core/security/signed-id.ts";
import type { DatabaseQuota } from "../../storage/sql/database-quota.ts";
import type { RunQueue } from "../queue/run-queue.ts";

interface WorkspaceCounters {
  accepted: number;
  /** Unfinished ones now. */
  open: number;
  readonly finished: Partial<Record<Status, number>>;
  readonly attempts: Record<string, number>;
}

export interface ShardCounters {
  readonly workspaces: Record<string, WorkspaceCounters>;
  /** Age of the oldest unfinished execution, in seconds; 0 without one. */
  readonly oldestOpenSeconds: number;
  /** Size of its database. */
  readonly databaseBytes: number;
  /** Ordered and limited lanes with members, and those of them that are stopped. */
  readonly lanes: { readonly open: number; readonly blocked: number; readonly paused: number };
}

/** The counts together with the state of the run queue and of the database. */
export function readCounters(
  { workspaces }: Counters,
  queue: RunQueue,
  quota: DatabaseQuota,
  now: number,
): ShardCounters {
  const lanes = [...queue.lanes().values()];
  const { oldest } = queue;
  return {
    workspaces,
    oldestOpenSeconds: oldest === null ? 0 : Math.max(0, Math.round((now - SEQUENCE_EPOCH_MS - oldest) / 1000)),
    databaseBytes: quota.bytes,
    lanes: {
      open: lanes.length,
      blocked: lanes.filter(({ stop }) => stop.blocked !== null).length,
      paused: lanes.filter(({ stop }) => stop.isPaused).length,
    },
  };
}

export class Counters {
  readonly #workspaces = new Map<string, WorkspaceCounters>();

  /** Counts an execution that is unfinished from now on; `isNew` when it was accepted just now. */
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
