/**
 * The life of an execution, as pure transitions from one progress to the next.
 *
 *   queued -> running -> (retrying | waiting)* -> succeeded | failed | cancelled
 *
 * Every step run has a number, `run`, that is never used again: a signal for an earlier run is recognisably late (LD11).
 */

import { MAX_RUN } from "../security/signed-id.ts";
import { append, type LogEntry, type Note } from "./log.ts";
import type { FlowSnapshot } from "./snapshot.ts";

export const STATUSES = ["queued", "running", "waiting", "retrying", "succeeded", "failed", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

/** One request of a step and what came back, for whoever looks into it later. */
export interface Exchange {
  /** Epoch ms at which the attempt began. */
  readonly at: number;
  /** How long it took, in ms. */
  readonly ms: number;
  /** Status of the answer; absent when none came. */
  readonly status?: number;
  /** The beginning of an answer that was no success, as text. */
  readonly reply?: string;
}

/** One reached step; `run` is the number of its newest run. */
export interface StepRun {
  readonly status: "running" | "waiting" | "succeeded" | "failed" | "skipped";
  readonly run: number;
  readonly attempts: number;
  /** Epoch ms at which the run ended. */
  readonly until?: number;
  /** The newest exchanges of the run. */
  readonly exchanges?: readonly Exchange[];
}

/** How an execution ended, beyond its status. */
export interface End {
  readonly failure?: "error" | "bug";
  readonly documentStatus?: string;
  readonly technicalStatus?: string;
  readonly errorCode?: string;
  /** `skipped`: a step found that there is nothing more to do (CD15). */
  readonly result?: "skipped";
  /** Who set the document status, where it was not the gateway itself. */
  readonly by?: string;
  /** What they said of it. */
  readonly text?: string;
  /** What to tell a caller who waits for the result. */
  readonly detail?: string;
}

/** An earlier end of an execution that was tried again. */
export interface PastEnd extends Pick<End, "documentStatus" | "technicalStatus" | "errorCode" | "by" | "text"> {
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
  /** Epoch ms at which a retry is made or a wait is over; null when nothing is timed. */
  readonly dueAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly end: End;
  /** The newest of its earlier ends, oldest first. */
  readonly past?: readonly PastEnd[];
  readonly steps: readonly StepRun[];
  readonly log: readonly LogEntry[];
}

/** Earlier ends kept. */
const PAST_KEPT = 20;
/** Exchanges kept per step run, and how many of them with the reply. */
const EXCHANGES_KEPT = 20;
const REPLIES_KEPT = 2;

export function newProgress(): Progress {
  return {
    status: "queued",
    step: 0,
    run: 1,
    attempts: 0,
    dueAt: null,
    startedAt: null,
    finishedAt: null,
    end: {},
    steps: [],
    log: [],
  };
}

export const isFinished = ({ status }: Pick<Progress, "status">) =>
  status === "succeeded" || status === "failed" || status === "cancelled";

/** What happened to the current step; `attempted` says whether an attempt was under way, rather than a wait. */
export interface Happening {
  readonly note: Note;
  readonly attempted: boolean;
}

/** The current step is done: on to the next one, or the end. */
export function stepSucceeded(
  progress: Progress,
  snapshot: FlowSnapshot,
  { note, attempted }: Happening,
  now: number,
): Progress {
  const attempts = progress.attempts + (attempted ? 1 : 0);
  const done = { ...settle(progress, "succeeded", attempts, now), log: logged(progress, snapshot, note, now) };
  return goOn({ ...done, step: done.step + 1 }, snapshot, now);
}

/** The current step found that there is nothing more to do: the steps after it are skipped, and the execution succeeds (CD15). */
export function restSkipped(
  progress: Progress,
  snapshot: FlowSnapshot,
  { note, attempted }: Happening,
  now: number,
): Progress {
  const attempts = progress.attempts + (attempted ? 1 : 0);
  const done = { ...settle(progress, "succeeded", attempts, now), log: logged(progress, snapshot, note, now) };
  const left = snapshot.steps
    .slice(done.step + 1)
    .map(() => ({ status: "skipped" as const, run: done.run, attempts: 0 }));
  const skipped = { ...done, steps: [...done.steps, ...left], end: { result: "skipped" as const } };
  return goOn({ ...skipped, step: snapshot.steps.length }, snapshot, now);
}

function goOn(progress: Progress, snapshot: FlowSnapshot, now: number): Progress {
  const next = { ...progress, run: progress.run + 1, attempts: 0, dueAt: null };
  const isOver = next.step >= snapshot.steps.length && snapshot.output === undefined;
  return isOver ? succeeded(next, now) : { ...next, status: "running" };
}

/** All steps are done, or there were none, and the result is made. */
export function succeeded(progress: Progress, now: number): Progress {
  const end = { documentStatus: "Completed", ...resultOf(progress) };
  return { ...progress, status: "succeeded", startedAt: progress.startedAt ?? now, finishedAt: now, dueAt: null, end };
}

/** The current step's request was taken; its callback is awaited until `dueAt`. */
export function awaitCallback(
  progress: Progress,
  snapshot: FlowSnapshot,
  note: Note,
  dueAt: number,
  now: number,
): Progress {
  const attempts = progress.attempts + 1;
  const log = logged(progress, snapshot, note, now);
  return { ...settle(progress, "waiting", attempts, now), status: "waiting", attempts, dueAt, log };
}

/** An attempt failed and is made again at `dueAt`. */
export function retryLater(
  progress: Progress,
  snapshot: FlowSnapshot,
  note: Note,
  dueAt: number,
  now: number,
): Progress {
  const attempts = progress.attempts + 1;
  const log = logged(progress, snapshot, note, now);
  return { ...settle(progress, "running", attempts, now), status: "retrying", attempts, dueAt, log };
}

/** The current step failed for good, and with it the execution; the steps after it are skipped (L13). */
export function stepFailed(
  progress: Progress,
  snapshot: FlowSnapshot,
  { end, note, attempted }: Happening & { readonly end: End },
  now: number,
): Progress {
  const failed = settle(progress, "failed", progress.attempts + (attempted ? 1 : 0), now);
  return {
    ...failed,
    status: "failed",
    finishedAt: now,
    dueAt: null,
    end: { documentStatus: "Failed", ...resultOf(progress), ...end },
    log: logged(progress, snapshot, note, now),
  };
}

/** Somebody ends an execution before its time: a step that was reached has failed, those after it are skipped. */
export function cancelled(
  progress: Progress,
  snapshot: FlowSnapshot,
  { note, attempted, by }: Happening & { readonly by: string },
  now: number,
): Progress {
  const log = logged(progress, snapshot, note, now);
  const isReached = attempted || progress.steps.length > progress.step;
  const settled = isReached ? settle(progress, "failed", progress.attempts + (attempted ? 1 : 0), now) : progress;
  return { ...settled, status: "cancelled", finishedAt: now, dueAt: null, end: { documentStatus: "Ignored", by }, log };
}

/** Whether a failed execution can be tried again: run numbers are never used twice, and each step left needs one. */
export const isRetryable = ({ status, run, step }: Progress, snapshot: FlowSnapshot) =>
  status === "failed" && run + 1 + (snapshot.steps.length - step) <= MAX_RUN;

/** A failed execution goes on at the step that failed, as a new run of it (LD14). */
export function retried(progress: Progress, snapshot: FlowSnapshot, note: Note, by: string, now: number): Progress {
  const { failure: _, detail: __, result: ___, ...ended } = progress.end;
  const past = { ...ended, at: progress.finishedAt ?? now, retriedAt: now, retriedBy: by };
  const again = {
    status: "queued" as const,
    run: progress.run + 1,
    attempts: 0,
    finishedAt: null,
    end: resultOf(progress),
  };
  return {
    ...progress,
    ...again,
    past: [...(progress.past ?? []), past].slice(-PAST_KEPT),
    steps: progress.steps.slice(0, progress.step),
    log: logged(progress, snapshot, note, now),
  };
}

/** The document status (LD13): of an unfinished execution by its state, of a finished one as it was set. */
export function documentStatusOf({ status, end }: Pick<Progress, "status" | "end">): string {
  return end.documentStatus ?? (status === "queued" ? "Inbox" : "Processing");
}

const resultOf = ({ end }: Pick<Progress, "end">) => (end.result ? { result: end.result } : {});

/** The execution with further entries in its log, about its current step unless another is named; nothing else changes. */
export function noted<P extends Progress>(
  progress: P,
  snapshot: FlowSnapshot,
  notes: readonly Note[],
  now: number,
  step = snapshot.steps[progress.step]?.name,
): P {
  return { ...progress, log: notes.reduce((log, note) => append(log, note, step, now), progress.log) };
}

/** The current step's request was answered, or not; what that means for the step is another transition. */
export function exchanged<P extends Progress>(progress: P, exchange: Exchange): P {
  const { steps, step, run, attempts } = progress;
  const known = current(progress);
  const exchanges = [...(known?.exchanges ?? []), exchange].slice(-EXCHANGES_KEPT);
  const withReply = exchanges.filter(({ reply }) => reply !== undefined).slice(-REPLIES_KEPT);
  const bounded = exchanges.map(({ reply, ...facts }) =>
    withReply.some(({ at }) => at === facts.at) && reply !== undefined ? { ...facts, reply } : facts,
  );
  const reached = { status: "running" as const, run, attempts, ...known, exchanges: bounded };
  return { ...progress, steps: [...steps.slice(0, step), reached] };
}

/** The current step as far as this run of it has left traces. */
function current({ steps, step, run }: Progress): StepRun | undefined {
  return steps[step]?.run === run ? steps[step] : undefined;
}

function settle(progress: Progress, status: StepRun["status"], attempts: number, now: number): Progress {
  const isOver = status === "succeeded" || status === "failed";
  const settled = { ...current(progress), status, run: progress.run, attempts, ...(isOver && { until: now }) };
  const steps = [...progress.steps.slice(0, progress.step), settled];
  return { ...progress, steps, startedAt: progress.startedAt ?? now };
}

function logged({ log, step }: Progress, snapshot: FlowSnapshot, note: Note, now: number): readonly LogEntry[] {
  return append(log, note, snapshot.steps[step]?.name, now);
}
