/** Reads executions, for callers that wait for one and for the admin API. */

import { isFinished, type Status } from "../core/execution/execution.ts";
import { type FlowSnapshot, type SnapshotText, textOfSnapshot } from "../core/execution/snapshot.ts";
import { detail, summarise } from "../core/execution/view.ts";
import type { Body } from "../core/message/body.ts";
import type { ExecutionDetail, ExecutionSummary } from "../core/schema/views.ts";
import type { Purpose } from "../core/security/signed-id.ts";
import type { Execution } from "../storage/sql/execution-row.ts";
import type { Executions } from "../storage/sql/executions.ts";
import type { Snapshots } from "../storage/sql/snapshots.ts";
import type { RunQueue } from "./queue/run-queue.ts";

/** The state of an execution as its caller gets it: unfinished, or how it ended. */
export interface Outcome {
  readonly status: Status;
  readonly failure?: "error" | "bug";
  readonly detail?: string;
  /** The flow's result when it succeeded. */
  readonly body?: Body;
}

export interface ListFilter {
  readonly workspaceId: string;
  readonly trigger?: string | undefined;
  readonly flow?: string | undefined;
  readonly status?: Status | undefined;
  /** Epoch ms, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The message that started an execution, with what came beside it. */
export interface Source extends Pick<Execution, "lane" | "origin" | "call" | "request"> {
  readonly input: Body;
  readonly trigger: string | null;
  readonly snapshot: SnapshotText;
}

/** Part of a list. */
export interface ListPart {
  readonly items: ExecutionSummary[];
  /** The key before which the next part begins; null when there is no more. */
  readonly before: number | null;
  /** Time of the last row that was read, epoch ms. */
  readonly downTo: number;
}

/** Rows read for one part of a list. */
const LIST_SCAN = 5_000;

export class Queries {
  readonly #executions: Executions;
  readonly #snapshots: Snapshots;
  readonly #queue: RunQueue;
  readonly #id: (purpose: Purpose, sequence: number, run?: number) => string;

  constructor(
    executions: Executions,
    snapshots: Snapshots,
    queue: RunQueue,
    id: (purpose: Purpose, sequence: number, run?: number) => string,
  ) {
    this.#executions = executions;
    this.#snapshots = snapshots;
    this.#queue = queue;
    this.#id = id;
  }

  load(sequence: number): { execution: Execution; snapshot: FlowSnapshot } | null {
    const execution = this.#executions.get(sequence);
    return execution && { execution, snapshot: this.#snapshots.get(execution.snapshotId) };
  }

  /** The message of an execution, for one that repeats it. */
  source(sequence: number, workspaceId: string): Source | null {
    const found = this.loadOf(workspaceId, sequence);
    const input = found && this.#executions.body(sequence, "input");
    if (!found || !input) return null;
    const { lane, origin, call, request } = found.execution;
    return {
      lane,
      origin,
      call,
      request,
      input,
      trigger: found.snapshot.trigger,
      snapshot: textOfSnapshot(found.snapshot),
    };
  }

  /** The same as {@link load}, limited to one workspace: shards may be shared. */
  loadOf(workspaceId: string, sequence: number): { execution: Execution; snapshot: FlowSnapshot } | null {
    const found = this.load(sequence);
    return found?.snapshot.workspace.id === workspaceId ? found : null;
  }

  outcome(sequence: number): Outcome | null {
    const execution = this.#executions.get(sequence);
    if (!execution) return null;
    const { status, end } = execution;
    const body = status === "succeeded" ? this.#executions.body(sequence, "message") : null;
    return {
      status: this.isSending(sequence) && !isFinished(execution) ? "running" : status,
      ...(end.failure && { failure: end.failure }),
      ...(end.detail !== undefined && { detail: end.detail }),
      ...(body && { body }),
    };
  }

  show(sequence: number, workspaceId: string): ExecutionDetail | null {
    const found = this.loadOf(workspaceId, sequence);
    if (!found) return null;
    const correlationOf = (run: number) => this.#id("correlation", sequence, run);
    return detail(
      found.execution,
      found.snapshot,
      this.#id("execution", sequence),
      this.isSending(sequence),
      correlationOf,
    );
  }

  /** Executions that match, newest first, with keys below `before`. Reads a bounded number of rows. */
  list(filter: ListFilter, before: number | null, limit: number): ListPart {
    const items: ExecutionSummary[] = [];
    let rows = 0;
    for (const execution of this.#executions.before(before ?? Number.MAX_SAFE_INTEGER)) {
      const snapshot = this.#snapshots.get(execution.snapshotId);
      const { sequence, createdAt } = execution;
      const summary = summarise(execution, snapshot, this.#id("execution", sequence), this.isSending(sequence));
      if (matches(filter, createdAt, snapshot, summary)) items.push(summary);
      if (filter.from !== undefined && createdAt < filter.from) break;
      if (items.length >= limit || ++rows >= LIST_SCAN) return { items, before: sequence, downTo: createdAt };
    }
    return { items, before: null, downTo: 0 };
  }

  /** True while the attempt that began with this execution is under way, and no later one. */
  isCurrent({ sequence, run, attempts }: Execution): boolean {
    const now = this.#executions.get(sequence);
    return this.isSending(sequence) && now?.run === run && now.attempts === attempts;
  }

  /** True while a request of the execution is under way. */
  isSending(sequence: number): boolean {
    return this.#queue.get(sequence)?.state === "sending";
  }
}

function matches(filter: ListFilter, createdAt: number, snapshot: FlowSnapshot, { status }: ExecutionSummary): boolean {
  return (
    snapshot.workspace.id === filter.workspaceId &&
    (filter.trigger === undefined || snapshot.trigger === filter.trigger) &&
    (filter.flow === undefined || snapshot.flow.name === filter.flow) &&
    (filter.status === undefined || status === filter.status) &&
    (filter.from === undefined || createdAt >= filter.from) &&
    (filter.to === undefined || createdAt <= filter.to)
  );
}
