/**
 * The transitions of an execution, as pure functions from one progress to the next.
 *
 *   queued -> running -> (retrying | waiting)* -> succeeded | failed | cancelled
 *
 * Every step run has a number, `run`, that is never reused, so that a result for an earlier run is recognized as late (LD11).
 */

import { MAX_RUN } from "../security/signed-id.ts";
import { append, type LogEntry, type Note } from "./log.ts";
import type { FlowSnapshot } from "./snapshot.ts";

export const STATUSES = ["queued", "running", "waiting", "retrying", "succeeded", "failed", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

/** Causes of failure: `error` lies with the message or the receiver, `bug` with the flow or its systems. */
export type Failure = "error" | "bug";

/** One request of a step and its response, for troubleshooting. */
export interface Exchange {
  /** Epoch ms at which the attempt began. */
  readonly at: number;
  /** Duration in ms. */
  readonly ms: number;
  /** Status of the response; absent without one. */
  readonly status?: number;
  /** The beginning of an unsuccessful response, as text. */
  readonly reply?: string;
}

/** A step that was reached; `run` is the number of its newest run. */
export interface StepRun {
  readonly status: "running" | "waiting" | "succeeded" | "failed" | "skipped";
  readonly run: number;
  readonly attempts: number;
  /** Epoch ms at which the run ended. */
  readonly until?: number;
  /** The newest exchanges of the run. */
  readonly exchanges?: readonly Exchange[];
}

/** The outcome of an execution, in addition to its status. */
export interface End {
  readonly failure?: Failure;
  readonly documentStatus?: string;
  readonly technicalStatus?: string;
  readonly errorCode?: string;
  /** `skipped`: a step ended the flow early (CD15). */
  readonly result?: "skipped";
  /** The actor that set the document status; absent for the gateway itself. */
  readonly by?: string;
  /** The text of that actor. */
  readonly text?: string;
  /** The reason for a caller that waits for the result. */
  readonly detail?: string;
}

/** An earlier outcome of an execution that was retried. */
interface PastEnd extends Pick<End, "documentStatus" | "technicalStatus" | "errorCode" | "by" | "text"> {
  /** Epoch ms. */
  readonly at: number;
  readonly retriedAt: number;
  readonly retriedBy: string;
}

export interface Progress {
  readonly status: Status;
  /** Index of the current step; the number of steps once all are done. */
  readonly step: number;
  /** Number of the current step run, from 1. */
  readonly run: number;
  /** Attempts finished in the current run. */
  readonly attempts: number;
  /** Epoch ms of the next attempt or of a timeout; null when there is none. */
  readonly dueAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly end: End;
  /** The newest earlier outcomes, oldest first. */
  readonly past?: readonly PastEnd[];
  readonly steps: readonly StepRun[];
  readonly log: readonly LogEntry[];
}

/** Earlier outcomes stored. */
const PAST_LIMIT = 20;
/** Exchanges stored per step run, and how many of them with the reply. */
const EXCHANGES_LIMIT = 20;
const REPLIES_LIMIT = 2;

export function newProgress(): Progress {
  const times = { dueAt: null, startedAt: null, finishedAt: null };
  return { status: "queued", step: 0, run: 1, attempts: 0, ...times, end: {}, steps: [], log: [] };
}

/** For each status whether it is final, and the document status as long as none is set (LD13). */
const RULES: Readonly<Record<Status, { readonly isFinal: boolean; readonly documentStatus: string }>> = {
  queued: { isFinal: false, documentStatus: "Inbox" },
  running: { isFinal: false, documentStatus: "Processing" },
  waiting: { isFinal: false, documentStatus: "Processing" },
  retrying: { isFinal: false, documentStatus: "Processing" },
  succeeded: { isFinal: true, documentStatus: "Processing" },
  failed: { isFinal: true, documentStatus: "Processing" },
  cancelled: { isFinal: true, documentStatus: "Processing" },
};

export const isFinished = ({ status }: Pick<Progress, "status">) => RULES[status].isFinal;

/** An event of the current step. `attempted` is true during an attempt, false during a wait. */
interface StepEvent {
  readonly note: Note;
  readonly attempted: boolean;
}

/** The current step succeeded: the next one follows, or the end. */
export function stepSucceeded(progress: Progress, snapshot: FlowSnapshot, event: StepEvent, now: number): Progress {
  const done = recordStep(progress, snapshot, "succeeded", event, now);
  return advance({ ...done, step: done.step + 1 }, snapshot, now);
}

/** The current step ended the flow early: the steps after it are skipped, and the execution succeeds (CD15). */
export function restSkipped(progress: Progress, snapshot: FlowSnapshot, event: StepEvent, now: number): Progress {
  const done = recordStep(progress, snapshot, "succeeded", event, now);
  const skipped = { status: "skipped", run: done.run, attempts: 0 } as const;
  const steps = [...done.steps, ...snapshot.steps.slice(done.step + 1).map(() => skipped)];
  return advance({ ...done, steps, end: { result: "skipped" }, step: snapshot.steps.length }, snapshot, now);
}

function advance(progress: Progress, snapshot: FlowSnapshot, now: number): Progress {
  const next = { ...progress, run: progress.run + 1, attempts: 0, dueAt: null };
  const isOver = next.step >= snapshot.steps.length && snapshot.output === undefined;
  return isOver ? succeeded(next, now) : { ...next, status: "running" };
}

/** All steps are done, and the result is made. */
export function succeeded(progress: Progress, now: number): Progress {
  const end = { documentStatus: "Completed", ...resultOf(progress) };
  return { ...progress, status: "succeeded", startedAt: progress.startedAt ?? now, finishedAt: now, dueAt: null, end };
}

/** The request of the current step was accepted; its callback must arrive before `dueAt`. */
export const awaitCallback = pausing("waiting", "waiting");

/** An attempt failed and is retried at `dueAt`. */
export const retryLater = pausing("running", "retrying");

function pausing(stepStatus: StepRun["status"], status: Status) {
  return (progress: Progress, snapshot: FlowSnapshot, note: Note, dueAt: number, now: number): Progress => {
    const recorded = recordStep(progress, snapshot, stepStatus, { note, attempted: true }, now);
    return { ...recorded, status, attempts: progress.attempts + 1, dueAt };
  };
}

/** The current step failed finally, and the execution with it; the steps after it are skipped (L13). */
export function stepFailed(
  progress: Progress,
  snapshot: FlowSnapshot,
  { end, ...event }: StepEvent & { readonly end: End },
  now: number,
): Progress {
  return {
    ...recordStep(progress, snapshot, "failed", event, now),
    status: "failed",
    finishedAt: now,
    dueAt: null,
    end: { documentStatus: "Failed", ...resultOf(progress), ...end },
  };
}

/** An actor cancels an execution: a step that was reached has failed, those after it are skipped. */
export function cancelled(
  progress: Progress,
  snapshot: FlowSnapshot,
  { by, ...event }: StepEvent & { readonly by: string },
  now: number,
): Progress {
  const isReached = event.attempted || progress.steps.length > progress.step;
  const recorded = isReached
    ? recordStep(progress, snapshot, "failed", event, now)
    : noted(progress, snapshot, [event.note], now);
  return { ...recorded, status: "cancelled", finishedAt: now, dueAt: null, end: { documentStatus: "Ignored", by } };
}

/** True when a failed execution has enough run numbers left, which are never reused: each remaining step needs one. */
export const isRetryable = ({ status, run, step }: Progress, snapshot: FlowSnapshot) =>
  status === "failed" && run + 1 + (snapshot.steps.length - step) <= MAX_RUN;

/** A failed execution continues with a new run of the step that failed (LD14). */
export function retried(progress: Progress, snapshot: FlowSnapshot, note: Note, by: string, now: number): Progress {
  const { failure: _, detail: __, result: ___, ...ended } = progress.end;
  const past = { ...ended, at: progress.finishedAt ?? now, retriedAt: now, retriedBy: by };
  return {
    ...noted(progress, snapshot, [note], now),
    status: "queued",
    run: progress.run + 1,
    attempts: 0,
    finishedAt: null,
    end: resultOf(progress),
    past: [...(progress.past ?? []), past].slice(-PAST_LIMIT),
    steps: progress.steps.slice(0, progress.step),
  };
}

export const documentStatusOf = ({ status, end }: Pick<Progress, "status" | "end">) =>
  end.documentStatus ?? RULES[status].documentStatus;

const resultOf = ({ end }: Pick<Progress, "end">) => (end.result ? { result: end.result } : {});

/** Appends entries to the log, about the current step by default. */
export function noted<P extends Progress>(
  progress: P,
  snapshot: FlowSnapshot,
  notes: readonly Note[],
  now: number,
  step = snapshot.steps[progress.step]?.name,
): P {
  return { ...progress, log: notes.reduce((log, note) => append(log, note, step, now), progress.log) };
}

/** Adds an exchange to the current step. Its consequence for the step is another transition. */
export function exchanged<P extends Progress>(progress: P, exchange: Exchange): P {
  const { steps, step, run, attempts } = progress;
  const known = current(progress);
  const exchanges = [...(known?.exchanges ?? []), exchange].slice(-EXCHANGES_LIMIT);
  const withReply = exchanges.filter(({ reply }) => reply !== undefined).slice(-REPLIES_LIMIT);
  const bounded = exchanges.map(({ reply, ...rest }) =>
    withReply.some(({ at }) => at === rest.at) && reply !== undefined ? { ...rest, reply } : rest,
  );
  const reached = { status: "running" as const, run, attempts, ...known, exchanges: bounded };
  return { ...progress, steps: [...steps.slice(0, step), reached] };
}

/** The current step, if anything of its current run is recorded. */
function current({ steps, step, run }: Progress): StepRun | undefined {
  return steps[step]?.run === run ? steps[step] : undefined;
}

/** Records the state of the current step, and logs the event. */
function recordStep(
  progress: Progress,
  snapshot: FlowSnapshot,
  status: StepRun["status"],
  { note, attempted }: StepEvent,
  now: number,
): Progress {
  const { run, steps, step, startedAt } = progress;
  const attempts = progress.attempts + (attempted ? 1 : 0);
  const isOver = status === "succeeded" || status === "failed";
  const recorded = { ...current(progress), status, run, attempts, ...(isOver && { until: now }) };
  const started = { ...progress, steps: [...steps.slice(0, step), recorded], startedAt: startedAt ?? now };
  return noted(started, snapshot, [note], now);
}
