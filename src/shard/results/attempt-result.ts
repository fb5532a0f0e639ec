/** Applies the result of an attempt to its execution. */
import { nextDelayMs } from "../../core/execution/backoff.ts";
import {
  awaitCallback,
  exchanged,
  noted,
  retryLater,
  stepFailed,
  stepSucceeded,
  succeeded,
} from "../../core/execution/execution.ts";
import type { Note } from "../../core/execution/log.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import { traitsOf } from "../../core/execution/step-types.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Attempt } from "../run/steps/attempt.ts";
import type { Change } from "../write/change.ts";
import { applyAdapterResult } from "./adapter-callback.ts";

/** @param at when the attempt began, epoch ms. */
export function applyAttempt(execution: Execution, snapshot: FlowSnapshot, attempt: Attempt, at: number): Change {
  const now = Date.now();
  const step = snapshot.steps[execution.step];
  const { exchange, notes = [] } = attempt;
  const sent =
    step && traitsOf(step).sendsRequest ? exchanged(execution, { at, ms: now - at, ...exchange }) : execution;
  return applyResult(noted(sent, snapshot, notes, now), snapshot, attempt, now);
}

/** The end of an execution: its result is the message, or what the output template made of it. */
export function applyEnding(execution: Execution, snapshot: FlowSnapshot, made: Attempt | null): Change {
  const now = Date.now();
  if (made && made.kind !== "replied") return applyResult(execution, snapshot, made, now);
  return { progress: succeeded(execution, now), ...(made && { message: made.body }) };
}

function applyResult(execution: Execution, snapshot: FlowSnapshot, attempt: Attempt, now: number): Change {
  const note = (level: Note["level"], after = "") => ({ level, message: `${attempt.note}${after}` });
  switch (attempt.kind) {
    case "replied": {
      const progress = stepSucceeded(execution, snapshot, { note: note("info"), attempted: true }, now);
      return { progress, message: attempt.body };
    }
    case "result": {
      const described = `${attempt.note} with the result ${attempt.result.status}`;
      return applyAdapterResult(execution, snapshot, attempt.result, { described, attempted: true }, now);
    }
    case "accepted": {
      const accepted = note("info", "; waiting for its callback");
      return { progress: awaitCallback(execution, snapshot, accepted, attempt.dueAt, now) };
    }
    case "failed":
      return failed(execution, snapshot, attempt, note, now);
  }
}

function failed(
  execution: Execution,
  snapshot: FlowSnapshot,
  { failure, retry }: Extract<Attempt, { kind: "failed" }>,
  note: (level: Note["level"], after: string) => Note,
  now: number,
): Change {
  const number = execution.attempts + 1;
  const delayMs = retry && nextDelayMs(retry.delaysSeconds, number, Math.random(), retry.afterMs);
  if (delayMs !== null) {
    const after = ` (attempt ${number}); next attempt in ${delayMs} ms`;
    return { progress: retryLater(execution, snapshot, note("warning", after), now + delayMs, now) };
  }
  const name = snapshot.steps[execution.step]?.name;
  // The cause names systems and settings behind the gateway: it is for the log and not for the caller.
  const end = { failure, detail: `${name === undefined ? "The result" : `The step ${name}`} failed.` };
  const happened = { end, note: note("error", ` (attempt ${number}); the execution failed`), attempted: true };
  return { progress: stepFailed(execution, snapshot, happened, now) };
}
