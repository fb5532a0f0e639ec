/** Decides on what was seen of waiting executions: each is answered once, and goes on once, with what it was answered. */
import type { Passed } from "./waiting-partner.ts";

/** One of the calls that answer an execution, repeated until it is answered itself. */
export interface Call {
  readonly executionId: string;
  readonly content: string;
  readonly status: number;
  /** How often it was cut off before: each time it may have been taken. */
  readonly cutOff: number;
}

export interface Seen {
  readonly executionIds: ReadonlySet<string>;
  /** Those that the gateway shows as succeeded in the end. */
  readonly succeeded: ReadonlySet<string>;
  readonly calls: readonly Call[];
  readonly passed: readonly Passed[];
}

export interface WaitViolation {
  readonly rule: "unfinished" | "lost" | "repeated" | "answered" | "content" | "unknown";
  readonly executionId: string;
  readonly detail: string;
}

export function checkWaits({ executionIds, succeeded, calls, passed }: Seen): WaitViolation[] {
  const [callsOf, passedOf] = [Map.groupBy(calls, byExecution), Map.groupBy(passed, byExecution)];
  const strangers = [...passedOf.keys()].filter((id) => !executionIds.has(id));
  return [
    ...strangers.map((id) => violation("unknown", id, "went on without having been accepted")),
    ...[...executionIds].flatMap((id) => [
      ...(succeeded.has(id) ? [] : [violation("unfinished", id, "has not succeeded")]),
      ...checkOne(id, callsOf.get(id) ?? [], passedOf.get(id) ?? []),
    ]),
  ];
}

function checkOne(id: string, calls: readonly Call[], passed: readonly Passed[]): WaitViolation[] {
  const taken = calls.filter(({ status }) => status === 200);
  const wasCutOff = calls.some(({ cutOff }) => cutOff > 0);
  const others = calls.filter(({ status }) => status !== 200 && status !== 409).map(({ status }) => status);
  const found: WaitViolation[] = [];
  const add = (rule: WaitViolation["rule"], detail: string) => found.push(violation(rule, id, detail));
  if (others.length > 0) add("answered", `a call was answered ${others}`);
  if (taken.length > 1 || (taken.length === 0 && !wasCutOff)) add("answered", `${taken.length} calls were taken`);

  const [first, ...again] = passed;
  if (!first) add("lost", "never went on");
  // A SIGKILL may make the step behind send its request again, which shows in its key.
  const isRepeat = (one: Passed, at: number) =>
    one.idempotencyKey === first?.idempotencyKey && one.kills > (passed[at]?.kills ?? 0);
  if (!again.every(isRepeat)) add("repeated", `went on ${passed.length} times`);
  const allowed = taken.length > 0 ? taken : calls.filter(({ cutOff }) => cutOff > 0);
  const contents = new Set(passed.map(({ content }) => content));
  const isAllowed = [...contents].every((text) => allowed.some(({ content }) => JSON.stringify(content) === text));
  if (contents.size > 1 || !isAllowed) add("content", `went on with ${[...contents]}`);
  return found;
}

const byExecution = ({ executionId }: { readonly executionId: string }) => executionId;
const violation = (rule: WaitViolation["rule"], executionId: string, detail: string) => ({ rule, executionId, detail });
