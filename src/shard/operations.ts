/** What operators do with executions and lanes: try again, take up again, cancel, skip, pause. */
import { createHash } from "node:crypto";
import { cancelled, isFinished, isRetryable, retried } from "../core/execution/execution.ts";
import type { FlowSnapshot } from "../core/execution/snapshot.ts";
import type { LaneView } from "../core/schema/views.ts";
import type { Execution } from "../storage/sql/execution-row.ts";
import type { Lanes } from "../storage/sql/lanes.ts";
import type { Queries } from "./queries.ts";
import type { Lane } from "./queue/lane.ts";
import type { RunQueue } from "./queue/run-queue.ts";
import type { GroupCommit } from "./write/group-commit.ts";
import type { Change, Ledger } from "./write/transitions.ts";

/** `unfit`: the execution or lane is not in a state for this. */
export type Operated = "done" | "unknown" | "unfit";

export type LaneAction = "retry" | "skip" | "pause" | "resume";

interface OperationParts {
  readonly lanes: Lanes;
  readonly open: RunQueue;
  readonly commit: GroupCommit;
  readonly queries: Queries;
  readonly ledger: Ledger;
  readonly shard: number;
  readonly executionIdOf: (sequence: number) => string;
  /** Writes a change, tells those who wait, and goes on. */
  readonly change: (
    sequence: number,
    decide: (execution: Execution, snapshot: FlowSnapshot) => Change | null,
  ) => Promise<unknown>;
}

export class Operations {
  readonly #parts: OperationParts;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  /** Goes on at the step that failed. */
  retry(sequence: number, workspaceId: string, actor: string): Promise<Operated> {
    return this.#change(sequence, workspaceId, (execution, snapshot) => {
      if (!isRetryable(execution, snapshot)) return null;
      const note = { level: "info" as const, message: `Retried by ${actor}` };
      return { progress: retried(execution, snapshot, note, actor, Date.now()) };
    });
  }

  /** Ends an execution before its time; its place in the lane is free. */
  cancel(sequence: number, workspaceId: string, actor: string): Promise<Operated> {
    return this.#change(sequence, workspaceId, (execution, snapshot) => {
      if (isFinished(execution)) return null;
      const isSending = this.#parts.queries.isSending(sequence);
      const message = `Cancelled by ${actor}${isSending ? " while a request was under way: the receiver may have it" : ""}`;
      const happened = { note: { level: "warning" as const, message }, attempted: isSending, by: actor };
      return { progress: cancelled(execution, snapshot, happened, Date.now()) };
    });
  }

  /** Ordered lanes of a workspace in the order of their names, from behind a name on. */
  listLanes(workspaceId: string, after: string, limit: number): { name: string; lane: LaneView }[] {
    const prefix = `${workspaceId}/`;
    const names = [...this.#parts.open.lanes().keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
    const shown: { name: string; lane: LaneView }[] = [];
    for (const name of names) {
      const lane = this.#parts.open.lanes().get(name);
      const view = lane && this.#show(name, lane);
      if (view) shown.push({ name, lane: view });
      if (shown.length >= limit) break;
    }
    return shown;
  }

  async operateLane(id: string, workspaceId: string, action: LaneAction, actor: string): Promise<Operated> {
    const name = this.#find(id, workspaceId);
    if (name === undefined) return "unknown";
    if (action === "retry") {
      const blocker = this.#parts.open.lanes().get(name)?.blocked?.by;
      return blocker === undefined ? "unfit" : this.retry(blocker, workspaceId, actor);
    }
    return this.#parts.commit.run((after) => {
      const { open, lanes, ledger } = this.#parts;
      const lane = open.lane(name);
      if (action === "skip" && !lane.blocked) return "unfit";
      const isPaused = action === "pause" || (action === "skip" && lane.isPaused);
      const blocked = action === "pause" ? lane.blocked : null;
      lanes.put({ lane: name, blocked, isPaused });
      after(() => {
        Object.assign(lane, { blocked, isPaused });
        open.advance(name);
        ledger.arm(Date.now());
      });
      return "done";
    });
  }

  /** Lets everything go that a workspace has stopped; it is about to be deleted, and nobody could do so later. */
  async releaseLanes(workspaceId: string): Promise<void> {
    const { open, lanes, ledger, commit } = this.#parts;
    await commit.run((after) => {
      const names = [...open.lanes().keys()].filter((name) => name.startsWith(`${workspaceId}/`));
      for (const lane of names) lanes.put({ lane, blocked: null, isPaused: false });
      after(() => {
        for (const name of names) {
          Object.assign(open.lane(name), { blocked: null, isPaused: false });
          open.advance(name);
        }
        ledger.arm(Date.now());
      });
    });
  }

  async #change(
    sequence: number,
    workspaceId: string,
    decide: (execution: Execution, snapshot: FlowSnapshot) => Change | null,
  ): Promise<Operated> {
    if (!this.#parts.queries.loadOf(workspaceId, sequence)) return "unknown";
    return (await this.#parts.change(sequence, decide)) ? "done" : "unfit";
  }

  #find(id: string, workspaceId: string): string | undefined {
    for (const name of this.#parts.open.lanes().keys()) {
      if (name.startsWith(`${workspaceId}/`) && laneId(this.#parts.shard, name) === id) return name;
    }
    return undefined;
  }

  #show(name: string, lane: Lane): LaneView | null {
    const { queries, shard, executionIdOf } = this.#parts;
    const found = lane.head === undefined ? null : queries.load(lane.head);
    if (found && !found.snapshot.queue?.isOrdered) return null;
    const [, trigger = "", key = null] = /^[^/]*\/([^/]*)(?:\/(.*))?$/s.exec(name) ?? [];
    return {
      id: laneId(shard, name),
      ...{ trigger, key, depth: lane.depth },
      head: found && {
        executionId: executionIdOf(found.execution.sequence),
        seq: found.execution.sequence,
        status: queries.isSending(found.execution.sequence) ? "running" : found.execution.status,
        createdAt: new Date(found.execution.createdAt).toISOString(),
      },
      blockedSince: lane.blocked && new Date(lane.blocked.at).toISOString(),
      paused: lane.isPaused,
    };
  }
}

/** A lane's id names its shard and, by a hash, the lane: names may hold whatever a message did. */
const laneId = (shard: number, name: string) =>
  `${shard}.${createHash("sha256").update(name).digest("base64url").slice(0, 22)}`;
