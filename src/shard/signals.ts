/** Signals from outside for a waiting step: a Link callback, or the end of its waiting limit. */
import type { Body } from "../protocol/body.ts";
import { isFinished, stepFailed, stepSucceeded } from "../protocol/execution.ts";
import { failedDocument, type LinkSignal } from "../protocol/link.ts";
import type { Plan } from "../protocol/plan.ts";
import { isAsync } from "../protocol/schema/flow.ts";
import type { Execution } from "../storage/executions.ts";
import type { Change } from "./ledger.ts";

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

export type CallbackAnswer = "accepted" | "unknown" | "foreign" | "already-answered";

/** Whether and how a callback changes its execution. The first final signal wins (LD8); the rest change nothing. */
export function judgeCallback(
  callback: LinkCallback,
  execution: Execution,
  plan: Plan,
  isSending: boolean,
): { answer: CallbackAnswer; change: Change | null } {
  const { workspaceId, run, signal } = callback;
  if (workspaceId !== null && workspaceId !== plan.workspace.id) return { answer: "foreign", change: null };
  const step = plan.steps[execution.step];
  const isCurrent = !isFinished(execution) && execution.run === run;
  if (!isCurrent || !isAsync(step)) return { answer: "already-answered", change: null };

  const now = Date.now();
  const attempted = isSending || execution.attempts === 0;
  if (signal.status === "ok") {
    const note = { level: "info" as const, message: describe(callback) };
    const progress = stepSucceeded(execution, plan, { note, attempted }, now);
    return { answer: "accepted", change: { progress, ...(step.useAsyncResponseBody && { message: callback.body }) } };
  }
  const failed = failedDocument(signal, plan.workspace.documentStatuses);
  const message = `${describe(callback)}; document status set to ${failed.documentStatus}`;
  const end = {
    ...failed,
    failure: "error" as const,
    detail: signal.errorText ?? `The step ${step.name} was answered Failed.`,
  };
  const progress = stepFailed(execution, plan, { end, note: { level: "error", message }, attempted }, now);
  return { answer: "accepted", change: { progress } };
}

/** The waiting limit of a step is over (LD10). */
export function expireWait(execution: Execution, plan: Plan, now: number): Change | null {
  if (execution.status !== "waiting" || execution.dueAt === null || execution.dueAt > now) return null;
  const detail = "No callback came within the waiting limit.";
  const end = { failure: "bug" as const, technicalStatus: "Timeout", detail };
  const note = {
    level: "error" as const,
    message: `${detail} Document status set to Failed, technical status Timeout.`,
  };
  return { progress: stepFailed(execution, plan, { end, note, attempted: false }, now) };
}

/** Who said what, for the status log. */
function describe({ caller, signal }: LinkCallback): string {
  const parts = [
    signal.documentStatus !== undefined && `document status ${signal.documentStatus}`,
    signal.errorCode !== undefined && `error code ${signal.errorCode}`,
    signal.errorText !== undefined && `error text: ${signal.errorText}`,
  ].filter(Boolean);
  const said = signal.status === "ok" ? "Ok" : "Failed";
  return `Callback ${said} from ${caller}${parts.length > 0 ? ` (${parts.join(", ")})` : ""}`;
}
