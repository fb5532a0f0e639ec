/** Operations on executions and lanes: retry, cancel, skip, pause, resume. */
import { cancelled, isFinished, isRetryable, retried } from "../core/execution/execution.ts";
import { isLaneOf, laneId, readLaneName } from "../core/execution/lane-name.ts";
import type { LaneView } from "../core/schema/views.ts";
import type { Queries } from "./queries.ts";
import type { Lane, LaneStop } from "./queue/lane.ts";
import type { RunQueue } from "./queue/run-queue.ts";
import type { Decide } from "./write/change.ts";
import type { GroupCommit } from "./write/group-commit.ts";
import type { Transitions } from "./write/transitions.ts";

/** `unfit`: the state of the execution or lane does not allow it. */
export type Operated = "done" | "unknown" | "unfit";

export type LaneAction = "retry" | "skip" | "pause" | "resume";

/** The stop of a lane after an action; null where its present stop does not allow it. */
const STOP_AFTER: Readonly<Record<Exclude<LaneAction, "retry">, (stop: LaneStop) => LaneStop | null>> = {
  skip: ({ blocked, isPaused }) => (blocked ? { blocked: null, isPaused } : null),
  pause: ({ blocked }) => ({ blocked, isPaused: true }),
  resume: () => ({ blocked: null, isPaused: false }),
};

interface OperationParts {
  readonly queue: RunQueue;
  readonly commit: GroupCommit;
  readonly queries: Queries;
  readonly transitions: Transitions;
  readonly shard: number;
  readonly executionIdOf: (sequence: number) => string;
}

export class Operations {
  readonly #parts: OperationParts;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  /** Runs a failed execution again from the step that failed. */
  retry(sequence: number, workspaceId: string, actor: string): Promise<Operated> {
    return this.#change(sequence, workspaceId, (execution, snapshot) => {
      if (!isRetryable(execution, snapshot)) return null;
      const note = { level: "info" as const, message: `Retried by ${actor}` };
      return { progress: retried(execution, snapshot, note, actor, Date.now()) };
    });
  }

  /** Ends an execution before its time, which frees its place in the lane. */
  cancel(sequence: number, workspaceId: string, actor: string): Promise<Operated> {
    return this.#change(sequence, workspaceId, (execution, snapshot) => {
      if (isFinished(execution)) return null;
      const isSending = this.#parts.queries.isSending(sequence);
      const message = `Cancelled by ${actor}${isSending ? " while a request was under way: the receiver may have it" : ""}`;
      const happened = { note: { level: "warning" as const, message }, attempted: isSending, by: actor };
      return { progress: cancelled(execution, snapshot, happened, Date.now()) };
    });
  }

  /** Ordered lanes of a workspace in the order of their names, after the name `after`. */
  listLanes(workspaceId: string, after: string, limit: number): { name: string; lane: LaneView }[] {
    const lanes = this.#parts.queue.lanes();
    const names = [...lanes.keys()].filter((name) => isLaneOf(workspaceId, name) && name > after).sort();
    const shown: { name: string; lane: LaneView }[] = [];
    for (const name of names) {
      const lane = lanes.get(name);
      const view = lane && this.#show(name, lane);
      if (view) shown.push({ name, lane: view });
      if (shown.length >= limit) break;
    }
    return shown;
  }

  async operateLane(id: string, workspaceId: string, action: LaneAction, actor: string): Promise<Operated> {
    const { queue, commit, transitions } = this.#parts;
    const name = this.#find(id, workspaceId);
    if (name === undefined) return "unknown";
    if (action === "retry") {
      const blocker = queue.stopOf(name).blocked?.by;
      return blocker === undefined ? "unfit" : this.retry(blocker, workspaceId, actor);
    }
    return commit.run((write) => {
      const stop = STOP_AFTER[action](queue.stopOf(name));
      if (!stop) return "unfit";
      transitions.setStop(write, name, stop);
      return "done";
    });
  }

  /** Lets all lanes of a workspace go on. It is about to be deleted, and nobody could do so later. */
  async releaseLanes(workspaceId: string): Promise<void> {
    const { queue, transitions, commit } = this.#parts;
    await commit.run((write) => {
      for (const name of queue.lanes().keys()) {
        if (isLaneOf(workspaceId, name)) transitions.setStop(write, name, { blocked: null, isPaused: false });
      }
    });
  }

  async #change(sequence: number, workspaceId: string, decide: Decide): Promise<Operated> {
    if (!this.#parts.queries.loadOf(workspaceId, sequence)) return "unknown";
    return (await this.#parts.transitions.apply(sequence, decide)) ? "done" : "unfit";
  }

  #find(id: string, workspaceId: string): string | undefined {
    for (const name of this.#parts.queue.lanes().keys()) {
      if (isLaneOf(workspaceId, name) && laneId(this.#parts.shard, name) === id) return name;
    }
    return undefined;
  }

  #show(name: string, lane: Readonly<Lane>): LaneView | null {
    const { queries, shard, executionIdOf } = this.#parts;
    const found = lane.head === undefined ? null : queries.load(lane.head);
    if (found && !found.snapshot.queue?.isOrdered) return null;
    const { trigger, key } = readLaneName(name);
    const { blocked, isPaused } = lane.stop;
    return {
      id: laneId(shard, name),
      ...{ trigger, key, depth: lane.depth },
      head: found && {
        executionId: executionIdOf(found.execution.sequence),
        seq: found.execution.sequence,
        status: queries.isSending(found.execution.sequence) ? "running" : found.execution.status,
        createdAt: new Date(found.execution.createdAt).toISOString(),
      },
      blockedSince: blocked && new Date(blocked.at).toISOString(),
      paused: isPaused,
    };
  }
}
