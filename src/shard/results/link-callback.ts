/** Link callbacks for asynchronous http steps (L10 to L17). */
import { failedDocument, type LinkSignal } from "../../core/callback/link.ts";
import { isFinished, stepFailed, stepSucceeded } from "../../core/execution/execution.ts";
import { printable } from "../../core/execution/log.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import { isAsync } from "../../core/schema/flow.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Change } from "../write/change.ts";
import { extendWait } from "./waiting.ts";

/** A Link callback whose caller is authenticated and whose headers are valid. */
export interface LinkCallback {
  readonly sequence: number;
  readonly run: number;
  /** The only workspace of the caller's token; null when it serves all. */
  readonly workspaceId: string | null;
  /** The label of the caller's token, for the log. */
  readonly caller: string;
  readonly signal: LinkSignal;
  readonly body: Body;
}

export type CallbackAnswer = "accepted" | "unknown" | "foreign" | "already-answered" | "unwanted";

/** Decides how a callback changes its execution. The first final one wins (LD8); later ones change nothing. */
export function applyLinkCallback(
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
  const info = { level: "info" as const, message: describe(callback) };
  switch (signal.status) {
    case "progress": {
      if (!step.progress) return { answer: "unwanted", change: null };
      const change = extendWait(execution, snapshot, [info], step.callbackTimeoutSeconds, now);
      return { answer: "accepted", change };
    }
    case "ok": {
      const progress = stepSucceeded(execution, snapshot, { note: info, attempted }, now);
      return { answer: "accepted", change: { progress, ...(step.useAsyncResponseBody && { message: callback.body }) } };
    }
    case "failed": {
      const failed = failedDocument(signal, snapshot.workspace.documentStatuses);
      const message = `${info.message}; document status set to ${failed.documentStatus}`;
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
  }
}

const STATUS_WORDS = { ok: "Ok", failed: "Failed", progress: "Progress" } satisfies Record<
  LinkSignal["status"],
  string
>;

/** The callback in a sentence, for the status log. */
function describe({ caller, signal }: LinkCallback): string {
  const parts = [
    signal.documentStatus !== undefined && `document status ${signal.documentStatus}`,
    signal.errorCode !== undefined && `error code ${signal.errorCode}`,
    signal.errorText !== undefined && `error text: ${signal.errorText}`,
  ].filter(Boolean);
  return `Callback ${STATUS_WORDS[signal.status]} from ${caller}${parts.length > 0 ? ` (${parts.join(", ")})` : ""}`;
}
