/** Executions as the API shows them (contract.md, Execution). */
import { documentStatusOf, isFinished, type Progress, type Status, type StepRun } from "./execution.ts";
import type { Plan } from "./plan.ts";
import { isAsync } from "./schema/flow.ts";

export interface ExecutionSummary {
  readonly id: string;
  readonly workspace: string;
  /** Absent when a callback started it. */
  readonly trigger?: string;
  readonly flow: string;
  readonly lane?: string;
  readonly seq: number;
  readonly status: Status;
  readonly failure?: "error" | "bug";
  readonly documentStatus: string;
  readonly technicalStatus?: string;
  readonly errorCode?: string;
  readonly result?: "success" | "skipped";
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly resubmittedFrom?: string;
}

export interface StepView {
  readonly name: string;
  readonly type: string;
  readonly status: StepRun["status"] | "pending";
  readonly attempts: number;
  /** Of an async http step: what its callback names (L7). */
  readonly correlationId?: string;
  /** Of an adapter step: the `x-chainio-execution-id` of its request (CD9). */
  readonly invocationId?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** The request as it is configured; templates stand as they are, because what they make may hold secrets. */
  readonly request?: { readonly method: string; readonly url: string };
  /** The newest attempts, oldest first. */
  readonly exchanges?: readonly ExchangeView[];
}

export interface ExchangeView {
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Status of the answer; absent when none came. */
  readonly status?: number;
  /** The beginning of an answer that was no success. */
  readonly reply?: string;
}

/** One entry of the document status log (L17, L20): who set what, when, with code and text. */
export interface StatusEntry {
  readonly at: string;
  readonly documentStatus: string;
  readonly technicalStatus?: string;
  readonly errorCode?: string;
  /** Who set it, where it was not the gateway itself. */
  readonly by?: string;
  readonly text?: string;
}

export interface ExecutionDetail extends ExecutionSummary {
  /** The call of a callback that started it. */
  readonly call?: object;
  readonly steps: readonly StepView[];
  readonly statusLog: readonly StatusEntry[];
  readonly log: readonly {
    readonly at: string;
    readonly level: string;
    readonly step?: string;
    readonly message: string;
  }[];
}

interface Viewed extends Progress {
  readonly sequence: number;
  readonly call: object | null;
  readonly resubmittedFrom: string | null;
  readonly lane: string | null;
  readonly createdAt: number;
}

/** @param isSending whether a request of it is under way: nothing is written before that, so the row does not know. */
export function summarise(execution: Viewed, plan: Plan, id: string, isSending: boolean): ExecutionSummary {
  const { status, startedAt, finishedAt, end } = execution;
  const shownStatus = isSending && !isFinished(execution) ? "running" : status;
  return {
    id,
    workspace: plan.workspace.name,
    ...(plan.trigger !== null && { trigger: plan.trigger }),
    flow: plan.flow.name,
    ...(execution.lane !== null && { lane: execution.lane.slice(execution.lane.indexOf("/") + 1) }),
    seq: execution.sequence,
    status: shownStatus,
    ...(end.failure && { failure: end.failure }),
    documentStatus: documentStatusOf({ status: shownStatus, end }),
    ...(end.technicalStatus && { technicalStatus: end.technicalStatus }),
    ...(end.errorCode && { errorCode: end.errorCode }),
    ...(status === "succeeded" && { result: end.result ?? "success" }),
    createdAt: iso(execution.createdAt),
    ...(startedAt !== null && { startedAt: iso(startedAt) }),
    ...(finishedAt !== null && { finishedAt: iso(finishedAt) }),
    ...(execution.resubmittedFrom !== null && { resubmittedFrom: execution.resubmittedFrom }),
  };
}

/** @param correlationOf the correlation id of a step run. */
export function detail(
  execution: Viewed,
  plan: Plan,
  id: string,
  isSending: boolean,
  correlationOf: (run: number) => string,
): ExecutionDetail {
  const steps = plan.steps.map((step, index): StepView => {
    const reached = execution.steps[index];
    const isCurrent = index === execution.step && !isFinished(execution);
    const run = reached?.run ?? (isCurrent && isSending ? execution.run : null);
    const unreached = isFinished(execution) ? "skipped" : isCurrent && isSending ? "running" : "pending";
    const status = reached?.status ?? unreached;
    const id = run === null || status === "skipped" ? null : correlationOf(run);
    return {
      name: step.name,
      type: step.type,
      status,
      attempts: (reached?.attempts ?? 0) + (isCurrent && isSending ? 1 : 0),
      ...(id !== null && isAsync(step) && { correlationId: id }),
      ...(id !== null && step.type === "adapter" && { invocationId: id }),
      ...(reached && timesOf(reached)),
      ...(step.type === "http" && { request: { method: step.method, url: step.url } }),
    };
  });
  const log = execution.log.map(({ at, level, step, message }) => ({
    at: iso(at),
    level,
    ...(step !== undefined && { step }),
    message,
  }));
  return {
    ...summarise(execution, plan, id, isSending),
    ...(execution.call && { call: execution.call }),
    steps,
    statusLog: statusLogOf(execution),
    log,
  };
}

function timesOf({ until, exchanges }: StepRun): Partial<StepView> {
  return {
    ...(exchanges?.[0] && { startedAt: iso(exchanges[0].at) }),
    ...(until !== undefined && { finishedAt: iso(until) }),
    ...(exchanges && {
      exchanges: exchanges.map(({ at, ms, ...answer }) => ({
        startedAt: iso(at),
        finishedAt: iso(at + ms),
        ...answer,
      })),
    }),
  };
}

function statusLogOf({ createdAt, startedAt, finishedAt, end }: Viewed): StatusEntry[] {
  const { documentStatus = "Processing", technicalStatus, errorCode, by, text } = end;
  const said = {
    ...(technicalStatus !== undefined && { technicalStatus }),
    ...(errorCode !== undefined && { errorCode }),
    ...(by !== undefined && { by }),
    ...(text !== undefined && { text }),
  };
  return [
    { at: iso(createdAt), documentStatus: "Inbox" },
    ...(startedAt === null ? [] : [{ at: iso(startedAt), documentStatus: "Processing" }]),
    ...(finishedAt === null ? [] : [{ at: iso(finishedAt), documentStatus, ...said }]),
  ];
}

const iso = (ms: number) => new Date(ms).toISOString();
