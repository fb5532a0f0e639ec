/** What an adapter's result makes of its execution, whether it came as the reply or as a callback (CD2, CD7, CD15). */
import type { AdapterResult } from "../../core/adapter/result.ts";
import {
  isFinished,
  noted,
  type Progress,
  restSkipped,
  stepFailed,
  stepSucceeded,
} from "../../core/execution/execution.ts";
import type { Note } from "../../core/execution/log.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Change } from "../write/transitions.ts";
import { waitAnew } from "./link-callback.ts";

/** A callback whose token and signature are authentic. */
export interface AdapterCallback {
  readonly sequence: number;
  readonly run: number;
  readonly adapterId: string;
  /** Whether its token has expired; progress may have given it more time. */
  readonly isExpired: boolean;
  readonly said: CallbackContent;
}

export type CallbackContent =
  | AdapterResult
  | { readonly status: "progress"; readonly notes: readonly Note[]; readonly body: null; readonly limitSeconds: number }
  /** Larger than the adapter may send (C26). */
  | { readonly status: "too-large" }
  /** Authentic, but not what the document says. */
  | { readonly status: "invalid" };

export type AdapterAnswer = "accepted" | "expired" | "already-answered" | "invalid" | "unwanted";

/** What a result makes of the step that waits for it. */
export function applyAdapterSignal(
  execution: Execution,
  snapshot: FlowSnapshot,
  { status, notes, body }: AdapterResult,
  how: { readonly described: string; readonly attempted: boolean },
  now: number,
): Change {
  const said = noted<Progress>(execution, snapshot, notes, now);
  const { described, attempted } = how;
  const message = body && { message: body };
  if (status === "success" || status === "skipped") {
    const transition = status === "success" ? stepSucceeded : restSkipped;
    const note = { level: "info" as const, message: described };
    return { progress: transition(said, snapshot, { note, attempted }, now), ...message };
  }
  const name = snapshot.steps[execution.step]?.name;
  const text = notes.findLast(({ level }) => level === "error")?.message;
  const end = {
    failure: status,
    by: "the adapter",
    ...(text !== undefined && { text }),
    detail: `The step ${name} failed.`,
  };
  const note = { level: "error" as const, message: `${described}; the execution failed` };
  return { progress: stepFailed(said, snapshot, { end, note, attempted }, now) };
}

/** Whether and how a callback changes its execution. The first final outcome wins; a later signal is logged only (CD7). */
export function judgeAdapterCallback(
  { run, adapterId, isExpired, said }: AdapterCallback,
  execution: Execution,
  snapshot: FlowSnapshot,
  isSending: boolean,
): { answer: AdapterAnswer; change: Change | null } {
  const now = Date.now();
  const step = snapshot.steps[execution.step];
  const isCurrent = !isFinished(execution) && execution.run === run;
  if (!isCurrent || step?.type !== "adapter" || step.adapter !== adapterId) {
    const change = lateNote(execution, snapshot, run, `callback ${said.status}`, now);
    return { answer: isExpired ? "expired" : "already-answered", change };
  }
  const hasMoreTime = execution.dueAt !== null && execution.dueAt > now;
  if (isExpired && !hasMoreTime) return { answer: "expired", change: null };
  if (said.status === "invalid") return { answer: "invalid", change: null };
  const attempted = isSending || execution.attempts === 0;
  if (said.status === "too-large") {
    const note = { level: "error" as const, message: "The adapter's callback is too large; the execution failed" };
    const end = { failure: "error" as const, detail: `The step ${step.name} failed.` };
    return { answer: "accepted", change: { progress: stepFailed(execution, snapshot, { end, note, attempted }, now) } };
  }
  if (said.status === "progress") {
    if (!step.progress) return { answer: "unwanted", change: null };
    const notes = [...said.notes, { level: "info" as const, message: "Callback progress from the adapter" }];
    return { answer: "accepted", change: waitAnew(execution, snapshot, notes, said.limitSeconds, now) };
  }
  const described = `Callback ${said.status} from the adapter`;
  return { answer: "accepted", change: applyAdapterSignal(execution, snapshot, said, { described, attempted }, now) };
}

/**
 * A signal that counts no more, in the log under its step; null when the log ends with the same already, so that nobody
 * can fill it.
 */
export function lateNote(
  execution: Execution,
  snapshot: FlowSnapshot,
  run: number,
  what: string,
  now: number,
): Change | null {
  const step = snapshot.steps[execution.steps.findIndex((reached) => reached.run === run)]?.name;
  const message = `Late ${what}: the step was over, and nothing changed`;
  const last = execution.log.at(-1);
  if (last?.message === message && last.step === step) return null;
  return {
    progress: noted<Progress>(execution, snapshot, [{ level: "warning", message }], now, step),
    isNoteOnly: true,
  };
}
