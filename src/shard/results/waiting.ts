/** The waiting limit of a step: begun anew by progress, and ended by time. */
import { toMs } from "../../core/duration.ts";
import { noted, type Progress, stepFailed } from "../../core/execution/execution.ts";
import type { Note } from "../../core/execution/log.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import { traitsOf } from "../../core/execution/step-types.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Change } from "../write/change.ts";

/** The result of the step is still to come: its waiting limit begins anew, if it has begun. */
export function extendWait(
  execution: Execution,
  snapshot: FlowSnapshot,
  notes: readonly Note[],
  limitSeconds: number,
  now: number,
): Change {
  const progress = noted<Progress>(execution, snapshot, notes, now);
  if (execution.status !== "waiting") return { progress, isNoteOnly: true };
  return { progress: { ...progress, dueAt: now + toMs(limitSeconds) } };
}

/** Fails a step whose waiting limit is over (LD10, CD6); null where it is not over. */
export function expireWait(execution: Execution, snapshot: FlowSnapshot, now: number): Change | null {
  if (execution.status !== "waiting" || execution.dueAt === null || execution.dueAt > now) return null;
  const step = snapshot.steps[execution.step];
  if (!step) return null;
  const { message, ...status } = traitsOf(step).expired;
  const end = { failure: "bug" as const, detail: "No callback came within the waiting limit.", ...status };
  const note = { level: "error" as const, message };
  return { progress: stepFailed(execution, snapshot, { end, note, attempted: false }, now) };
}

/**
 * A result that comes too late, in the log under its step; null when the log ends with the same entry, so that nobody can
 * fill it.
 */
export function noteLate(
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
