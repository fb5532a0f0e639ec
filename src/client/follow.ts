/** An execution as it goes: what is new each time that it is looked at. */
import type { ExecutionDetail, LogEntry, StepView } from "./types.ts";
import { looks, type WaitOptions } from "./wait.ts";

/** Something new: a log entry, a step in another status or attempt, the execution in another status. */
export type ExecutionEvent =
  | { readonly type: "log"; readonly entry: LogEntry }
  | { readonly type: "step"; readonly step: StepView }
  | { readonly type: "status"; readonly execution: ExecutionDetail };

export const isFinished = ({ finishedAt }: Pick<ExecutionDetail, "finishedAt">) => finishedAt !== undefined;

/** Ends with the `status` event of the end. */
export async function* followExecution(
  look: (signal?: AbortSignal) => Promise<ExecutionDetail>,
  options?: WaitOptions,
): AsyncGenerator<ExecutionEvent, void, undefined> {
  let before: ExecutionDetail | undefined;
  for await (const execution of looks("the execution to end", look, options)) {
    yield* news(before, execution);
    if (isFinished(execution)) return;
    before = execution;
  }
}

function* news(before: ExecutionDetail | undefined, execution: ExecutionDetail): Generator<ExecutionEvent> {
  for (const entry of newEntries(before?.log ?? [], execution.log)) yield { type: "log", entry };
  for (const [index, step] of execution.steps.entries()) {
    const known = before?.steps[index];
    const isNew = known ? known.status !== step.status || known.attempts !== step.attempts : step.status !== "pending";
    if (isNew) yield { type: "step", step };
  }
  if (execution.status !== before?.status) yield { type: "status", execution };
}

/** The log is bounded and forgets from its middle, so positions say nothing: what comes after the newest known one is new. */
function newEntries(before: readonly LogEntry[], log: readonly LogEntry[]): readonly LogEntry[] {
  const newest = before.at(-1);
  if (!newest) return log;
  return log.slice(
    log.findLastIndex(
      ({ at, level, step, message }) =>
        at === newest.at && level === newest.level && step === newest.step && message === newest.message,
    ) + 1,
  );
}
