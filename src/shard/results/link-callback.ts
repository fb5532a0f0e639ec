/** Signals from outside for a waiting step: a Link callback, or the end of its waiting limit. */

import { failedDocument, type LinkSignal } from "../../core/callback/link.ts";
import { isFinished, noted, type Progress, stepFailed, stepSucceeded } from "../../core/execution/execution.ts";
import { type Note, printable } from "../../core/execution/log.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import { isAsync } from "../../core/schema/flow.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Change } from "../write/transitions.ts";

/** A Link callback, authenticated and read. */
export interface LinkCallback {
  readonly sequence: number;
  readonly run: number;
  /** The workspace that the caller's token is bound to; null when it serves every one. */
  readonly workspaceId: string | null;
  /** Who calls, for the log: the token's label. */
  readonly caller: string;
  readonly signal: LinkSignal;
  readonly body: Body;
}

export type CallbackAnswer = "accepted" | "unknown" | "foreign" | "already-answered" | "unwanted";

/** Whether and how a callback changes its execution. The first final signal wins (LD8); the rest change nothing. */
export function judgeCallback(
  callback: LinkCallback,
  execution: Execution,
  snapshot: FlowSnapshot,
  isSending: boolean,
): { answer: CallbackAnswer; change: Change | null } {
  const { workspaceId, run, signal } = callback;
  if (workspaceId !== null && workspaceId !== snapshot.workspace.id) return { answer: "foreign", change: null };
  const step = snapshot.steps[execution.step];
  const isCurrent = !isFinished(execution) && execution.run === run;
  if (!isCurrent || !isAsync(step)) return { answer: "already-answered", change: null };

  const now = Date.now();
  const attempted = isSending || execution.attempts === 0;
  if (signal.status === "progress") {
    if (!step.progress) return { answer: "unwanted", change: null };
    const note = { level: "info" as const, message: describe(callback) };
    return { answer: "accepted", change: waitAnew(execution, snapshot, [note], step.callbackTimeoutSeconds, now) };
  }
  if (signal.status === "ok") {
    const note = { level: "info" as const, message: describe(callback) };
    const progress = stepSucceeded(execution, snapshot, { note, attempted }, now);
    return { answer: "accepted", change: { progress, ...(step.useAsyncResponseBody && { message: callback.body }) } };
  }
  const failed = failedDocument(signal, snapshot.workspace.documentStatuses);
  const message = `${describe(callback)}; document status set to ${failed.documentStatus}`;
  const end = {
    ...failed,
    failure: "error" as const,
    by: callback.caller,
    ...(signal.errorText !== undefined && { text: printable(signal.errorText) }),
    detail: signal.errorText ?? `The step ${step.name} was answered Failed.`,
  };
  const progress = stepFailed(execution, snapshot, { end, note: { level: "error", message }, attempted }, now);
  return { answer: "accepted", change: { progress } };
}

/** The result of a step is still to come: its waiting limit, if it runs already, starts anew. */
export function waitAnew(
  execution: Execution,
  snapshot: FlowSnapshot,
  notes: readonly Note[],
  limitSeconds: number,
  now: number,
): Change {
  const progress = noted<Progress>(execution, snapshot, notes, now);
  if (execution.status !== "waiting") return { progress, isNoteOnly: true };
  return { progress: { ...progress, dueAt: now + limitSeconds * 1000 } };
}

/** The waiting limit of a step is over (LD10, CD6). */
export function expireWait(execution: Execution, snapshot: FlowSnapshot, now: number): Change | null {
  if (execution.status !== "waiting" || execution.dueAt === null || execution.dueAt > now) return null;
  const isAdapter = snapshot.steps[execution.step]?.type === "adapter";
  const detail = "No callback came within the waiting limit.";
  const end = { failure: "bug" as const, detail, ...(!isAdapter && { technicalStatus: "Timeout" }) };
  const message = isAdapter
    ? "The adapter was unresponsive: no callback came before its token expired."
    : `${detail} Document status set to Failed, technical status Timeout.`;
  const note = { level: "error" as const, message };
  return { progress: stepFailed(execution, snapshot, { end, note, attempted: false }, now) };
}

/** Who said what, for the status log. */
function describe({ caller, signal }: LinkCallback): string {
  const parts = [
    signal.documentStatus !== undefined && `document status ${signal.documentStatus}`,
    signal.errorCode !== undefined && `error code ${signal.errorCode}`,
    signal.errorText !== undefined && `error text: ${signal.errorText}`,
  ].filter(Boolean);
  const said = { ok: "Ok", failed: "Failed", progress: "Progress" }[signal.status];
  return `Callback ${said} from ${caller}${parts.length > 0 ? ` (${parts.join(", ")})` : ""}`;
}
