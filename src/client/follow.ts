/** The progress of an execution as events. */
import type { ExecutionDetail, LogEntry, StepView } from "./types.ts";
import { poll, type WaitOptions } from "./wait.ts";

/** A new log entry, a step with a new status or attempt, or a new status of the execution. */
export type ExecutionEvent =
  | { readonly type: "log"; readonly entry: LogEntry }
  | { readonly type: "step"; readonly step: StepView }
  | { readonly type: "status"; readonly execution: ExecutionDetail };

export const isFinished = ({ finishedAt }: Pick<ExecutionDetail, "finishedAt">) => finishedAt !== undefined;

/** The last event is the final status. */
export async function* followExecution(
  request: (signal?: AbortSignal) => Promise<ExecutionDetail>,
  options?: WaitOptions,
): AsyncGenerator<ExecutionEvent, void, undefined> {
  let before: ExecutionDetail | undefined;
  for await (const execution of poll("the execution to end", request, options)) {
    yield* changesOf(before, execution);
    if (isFinished(execution)) return;
    before = execution;
  }
}

function* changesOf(before: ExecutionDetail | undefined, execution: ExecutionDetail): Generator<ExecutionEvent> {
  for (const entry of newEntries(before?.log ?? [], execution.log)) yield { type: "log", entry };
  for (const [index, step] of execution.steps.entries()) {
    const known = before?.steps[index];
    const isNew = known ? known.status !== step.status || known.attempts !== step.attempts : step.status !== "pending";
    if (isNew) yield { type: "step", step };
  }
  if (execution.status !== before?.status) yield { type: "status", execution };
}

/** Entries after the last known one. Positions cannot be compared: a full log drops entries from its middle. */
function newEntries(before: readonly LogEntry[], log: readonly LogEntry[]): readonly LogEntry[] {
  const lastKnown = before.at(-1);
  if (!lastKnown) return log;
  return log.slice(
    log.findLastIndex(
      ({ at, level, step, message }) =>
        at === lastKnown.at && level === lastKnown.level && step === lastKnown.step && message === lastKnown.message,
    ) + 1,
  );
}
