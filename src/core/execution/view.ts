/** Executions as the API shows them. */

import type { ExecutionDetail, ExecutionSummary, StatusEntry, StepView } from "../schema/views.ts";
import { documentStatusOf, type End, isFinished, type Progress, type StepRun } from "./execution.ts";
import type { FlowSnapshot } from "./snapshot.ts";
import { traitsOf } from "./step-types.ts";

interface Viewed extends Progress {
  readonly sequence: number;
  readonly call: NonNullable<ExecutionDetail["call"]> | null;
  readonly resubmittedFrom: string | null;
  readonly lane: string | null;
  readonly createdAt: number;
}

/** @param isSending true while a request of the execution is in progress, which is not stored in its row. */
export function summarise(execution: Viewed, snapshot: FlowSnapshot, id: string, isSending: boolean): ExecutionSummary {
  const { status, startedAt, finishedAt, end } = execution;
  const shownStatus = isSending && !isFinished(execution) ? "running" : status;
  return {
    id,
    workspace: snapshot.workspace.name,
    ...(snapshot.trigger !== null && { trigger: snapshot.trigger }),
    flow: snapshot.flow.name,
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

/** @param correlationOf returns the correlation id of a step run. */
export function detail(
  execution: Viewed,
  snapshot: FlowSnapshot,
  id: string,
  isSending: boolean,
  correlationOf: (run: number) => string,
): ExecutionDetail {
  const steps = snapshot.steps.map((step, index): StepView => {
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
      ...traitsOf(step).show(step, id),
      ...(reached && timesOf(reached)),
    };
  });
  return {
    ...summarise(execution, snapshot, id, isSending),
    ...(execution.call && { call: execution.call }),
    steps,
    statusLog: statusLogOf(execution),
    log: execution.log.map(({ at, ...entry }) => ({ at: iso(at), ...entry })),
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

function statusLogOf({ createdAt, startedAt, finishedAt, end, past = [] }: Viewed): StatusEntry[] {
  return [
    { at: iso(createdAt), documentStatus: "Inbox" },
    ...(startedAt === null ? [] : [{ at: iso(startedAt), documentStatus: "Processing" }]),
    ...past.flatMap(({ at, retriedAt, retriedBy, ...ended }) => [
      entryOf(at, ended),
      { at: iso(retriedAt), documentStatus: "Inbox", by: retriedBy },
    ]),
    ...(finishedAt === null ? [] : [entryOf(finishedAt, end)]),
  ];
}

function entryOf(at: number, { failure: _, result: __, detail: ___, documentStatus, ...entry }: End): StatusEntry {
  return { at: iso(at), documentStatus: documentStatus ?? "Processing", ...entry };
}

const iso = (ms: number) => new Date(ms).toISOString();
