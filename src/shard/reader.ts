/** Looking at executions: for those who wait for one, and for the admin API. Nothing here changes anything. */
import type { Body } from "../protocol/body.ts";
import { isFinished, type Status } from "../protocol/execution.ts";
import { detail, summarise } from "../protocol/execution-view.ts";
import { type Plan, type PlanText, textOfPlan } from "../protocol/plan.ts";
import type { ExecutionDetail, ExecutionSummary } from "../protocol/schema/views.ts";
import type { Purpose } from "../protocol/state-id.ts";
import type { Execution } from "../storage/execution-row.ts";
import type { Executions } from "../storage/executions.ts";
import type { Plans } from "../storage/plans.ts";
import type { OpenExecutions } from "./open-executions.ts";

/** What a caller learns of an execution: that it goes on, or how it ended. */
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

/** What an execution started from. */
export interface Source extends Pick<Execution, "lane" | "origin" | "call" | "request"> {
  readonly input: Body;
  readonly trigger: string | null;
  readonly plan: PlanText;
}

/** Part of a list. */
export interface ListPart {
  readonly items: ExecutionSummary[];
  /** The key before which to go on; null when there is no more. */
  readonly before: number | null;
  /** Time of the last row looked at, epoch ms. */
  readonly downTo: number;
}

/** Rows looked at for one part of a list. */
const LIST_SCAN = 5_000;

export class Reader {
  readonly #executions: Executions;
  readonly #plans: Plans;
  readonly #open: OpenExecutions;
  readonly #id: (purpose: Purpose, sequence: number, run?: number) => string;

  constructor(
    executions: Executions,
    plans: Plans,
    open: OpenExecutions,
    id: (purpose: Purpose, sequence: number, run?: number) => string,
  ) {
    this.#executions = executions;
    this.#plans = plans;
    this.#open = open;
    this.#id = id;
  }

  load(sequence: number): { execution: Execution; plan: Plan } | null {
    const execution = this.#executions.get(sequence);
    return execution && { execution, plan: this.#plans.get(execution.planId) };
  }

  /** What an execution started from, for one that takes its message up again. */
  source(sequence: number, workspaceId: string): Source | null {
    const found = this.loadOf(workspaceId, sequence);
    const input = found && this.#executions.body(sequence, "input");
    if (!found || !input) return null;
    const { lane, origin, call, request } = found.execution;
    return { lane, origin, call, request, input, trigger: found.plan.trigger, plan: textOfPlan(found.plan) };
  }

  /** The same as {@link load}, of one workspace only: shards may be shared. */
  loadOf(workspaceId: string, sequence: number): { execution: Execution; plan: Plan } | null {
    const found = this.load(sequence);
    return found?.plan.workspace.id === workspaceId ? found : null;
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
      found.plan,
      this.#id("execution", sequence),
      this.isSending(sequence),
      correlationOf,
    );
  }

  /** Executions that match, newest first, from before a key on. Looks at a bounded number of rows. */
  list(filter: ListFilter, before: number | null, limit: number): ListPart {
    const items: ExecutionSummary[] = [];
    let looked = 0;
    for (const execution of this.#executions.before(before ?? Number.MAX_SAFE_INTEGER)) {
      const plan = this.#plans.get(execution.planId);
      const { sequence, createdAt } = execution;
      const summary = summarise(execution, plan, this.#id("execution", sequence), this.isSending(sequence));
      if (matches(filter, createdAt, plan, summary)) items.push(summary);
      if (filter.from !== undefined && createdAt < filter.from) break;
      if (items.length >= limit || ++looked >= LIST_SCAN) return { items, before: sequence, downTo: createdAt };
    }
    return { items, before: null, downTo: 0 };
  }

  /** Whether a request of the execution is under way. */
  isSending(sequence: number): boolean {
    return this.#open.get(sequence)?.state === "sending";
  }
}

function matches(filter: ListFilter, createdAt: number, plan: Plan, { status }: ExecutionSummary): boolean {
  return (
    plan.workspace.id === filter.workspaceId &&
    (filter.trigger === undefined || plan.trigger === filter.trigger) &&
    (filter.flow === undefined || plan.flow.name === filter.flow) &&
    (filter.status === undefined || status === filter.status) &&
    (filter.from === undefined || createdAt >= filter.from) &&
    (filter.to === undefined || createdAt <= filter.to)
  );
}
