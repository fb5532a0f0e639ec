/** Results of adapters, whether they came as the reply or as a callback (CD2, CD7, CD15). */
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
import type { Change } from "../write/change.ts";
import { extendWait, noteLate } from "./waiting.ts";

/** A callback whose token and signature are authentic. */
export interface AdapterCallback {
  readonly sequence: number;
  readonly run: number;
  readonly adapterId: string;
  /** True when its token has expired; progress may have given it more time. */
  readonly isExpired: boolean;
  readonly content: CallbackContent;
}

export type CallbackContent =
  | AdapterResult
  | { readonly status: "progress"; readonly notes: readonly Note[]; readonly body: null; readonly limitSeconds: number }
  /** Larger than the adapter may send (C26). */
  | { readonly status: "too-large" }
  /** Authentic, but not of the form that the document describes. */
  | { readonly status: "invalid" };

export type AdapterAnswer = "accepted" | "expired" | "already-answered" | "invalid" | "unwanted";

/** Ends the step, or the execution, as the result says. */
export function applyAdapterResult(
  execution: Execution,
  snapshot: FlowSnapshot,
  { status, notes, body }: AdapterResult,
  { described, attempted }: { readonly described: string; readonly attempted: boolean },
  now: number,
): Change {
  const current = noted<Progress>(execution, snapshot, notes, now);
  const message = body && { message: body };
  const note = { level: "info" as const, message: described };
  switch (status) {
    case "success":
      return { progress: stepSucceeded(current, snapshot, { note, attempted }, now), ...message };
    case "skipped":
      return { progress: restSkipped(current, snapshot, { note, attempted }, now), ...message };
    case "error":
    case "bug": {
      const text = notes.findLast(({ level }) => level === "error")?.message;
      const detail = `The step ${snapshot.steps[execution.step]?.name} failed.`;
      const end = { failure: status, by: "the adapter", ...(text !== undefined && { text }), detail };
      const failed = { level: "error" as const, message: `${described}; the execution failed` };
      return { progress: stepFailed(current, snapshot, { end, note: failed, attempted }, now) };
    }
  }
}

/** Decides how a callback changes its execution. The first final result wins; a later one is logged only (CD7). */
export function applyAdapterCallback(
  { run, adapterId, isExpired, content }: AdapterCallback,
  execution: Execution,
  snapshot: FlowSnapshot,
  isSending: boolean,
): { answer: AdapterAnswer; change: Change | null } {
  const now = Date.now();
  const step = snapshot.steps[execution.step];
  const isCurrent = !isFinished(execution) && execution.run === run;
  if (!isCurrent || step?.type !== "adapter" || step.adapter !== adapterId) {
    const change = noteLate(execution, snapshot, run, `callback ${content.status}`, now);
    return { answer: isExpired ? "expired" : "already-answered", change };
  }
  const hasMoreTime = execution.dueAt !== null && execution.dueAt > now;
  if (isExpired && !hasMoreTime) return { answer: "expired", change: null };
  const attempted = isSending || execution.attempts === 0;
  switch (content.status) {
    case "invalid":
      return { answer: "invalid", change: null };
    case "too-large": {
      const note = { level: "error" as const, message: "The adapter's callback is too large; the execution failed" };
      const end = { failure: "error" as const, detail: `The step ${step.name} failed.` };
      const progress = stepFailed(execution, snapshot, { end, note, attempted }, now);
      return { answer: "accepted", change: { progress } };
    }
    case "progress": {
      if (!step.progress) return { answer: "unwanted", change: null };
      const notes = [...content.notes, { level: "info" as const, message: "Callback progress from the adapter" }];
      return { answer: "accepted", change: extendWait(execution, snapshot, notes, content.limitSeconds, now) };
    }
    default: {
      const described = `Callback ${content.status} from the adapter`;
      const change = applyAdapterResult(execution, snapshot, content, { described, attempted }, now);
      return { answer: "accepted", change };
    }
  }
}
