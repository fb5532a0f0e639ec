/** What an adapter's result makes of its execution, whether it came as the reply or as a callback (CD2, CD7, CD15). */
import type { AdapterSignal } from "../protocol/adapter-statement.ts";
import { isFinished, noted, type Progress, restSkipped, stepFailed, stepSucceeded } from "../protocol/execution.ts";
import type { Note } from "../protocol/execution-log.ts";
import type { Plan } from "../protocol/plan.ts";
import type { Execution } from "../storage/execution-row.ts";
import type { Change } from "./ledger.ts";
import { waitAnew } from "./signals.ts";

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
  | AdapterSignal
  | { readonly status: "progress"; readonly notes: readonly Note[]; readonly body: null; readonly limitSeconds: number }
  /** Larger than the adapter may send (C26). */
  | { readonly status: "too-large" }
  /** Authentic, but not what the document says. */
  | { readonly status: "invalid" };

export type AdapterAnswer = "accepted" | "expired" | "already-answered" | "invalid" | "unwanted";

/** What a result makes of the step that waits for it. */
export function applyAdapterSignal(
  execution: Execution,
  plan: Plan,
  { status, notes, body }: AdapterSignal,
  how: { readonly described: string; readonly attempted: boolean },
  now: number,
): Change {
  const said = noted<Progress>(execution, plan, notes, now);
  const { described, attempted } = how;
  const message = body && { message: body };
  if (status === "success" || status === "skipped") {
    const transition = status === "success" ? stepSucceeded : restSkipped;
    const note = { level: "info" as const, message: described };
    return { progress: transition(said, plan, { note, attempted }, now), ...message };
  }
  const name = plan.steps[execution.step]?.name;
  const text = notes.findLast(({ level }) => level === "error")?.message;
  const end = {
    failure: status,
    by: "the adapter",
    ...(text !== undefined && { text }),
    detail: `The step ${name} failed.`,
  };
  const note = { level: "error" as const, message: `${described}; the execution failed` };
  return { progress: stepFailed(said, plan, { end, note, attempted }, now) };
}

/** Whether and how a callback changes its execution. The first final outcome wins; a later signal is logged only (CD7). */
export function judgeAdapterCallback(
  { run, adapterId, isExpired, said }: AdapterCallback,
  execution: Execution,
  plan: Plan,
  isSending: boolean,
): { answer: AdapterAnswer; change: Change | null } {
  const now = Date.now();
  const step = plan.steps[execution.step];
  const isCurrent = !isFinished(execution) && execution.run === run;
  if (!isCurrent || step?.type !== "adapter" || step.adapter !== adapterId) {
    const change = lateNote(execution, plan, run, `callback ${said.status}`, now);
    return { answer: isExpired ? "expired" : "already-answered", change };
  }
  const hasMoreTime = execution.dueAt !== null && execution.dueAt > now;
  if (isExpired && !hasMoreTime) return { answer: "expired", change: null };
  if (said.status === "invalid") return { answer: "invalid", change: null };
  const attempted = isSending || execution.attempts === 0;
  if (said.status === "too-large") {
    const note = { level: "error" as const, message: "The adapter's callback is too large; the execution failed" };
    const end = { failure: "error" as const, detail: `The step ${step.name} failed.` };
    return { answer: "accepted", change: { progress: stepFailed(execution, plan, { end, note, attempted }, now) } };
  }
  if (said.status === "progress") {
    if (!step.progress) return { answer: "unwanted", change: null };
    const notes = [...said.notes, { level: "info" as const, message: "Callback progress from the adapter" }];
    return { answer: "accepted", change: waitAnew(execution, plan, notes, said.limitSeconds, now) };
  }
  const described = `Callback ${said.status} from the adapter`;
  return { answer: "accepted", change: applyAdapterSignal(execution, plan, said, { described, attempted }, now) };
}

/**
 * A signal that counts no more, in the log under its step; null when the log ends with the same already, so that nobody
 * can fill it.
 */
export function lateNote(execution: Execution, plan: Plan, run: number, what: string, now: number): Change | null {
  const step = plan.steps[execution.steps.findIndex((reached) => reached.run === run)]?.name;
  const message = `Late ${what}: the step was over, and nothing changed`;
  const last = execution.log.at(-1);
  if (last?.message === message && last.step === step) return null;
  return { progress: noted<Progress>(execution, plan, [{ level: "warning", message }], now, step), isNoteOnly: true };
}
