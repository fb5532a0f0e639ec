import type { ExecutionDetail, StepView } from "../../../../client/index.ts";

/** A step as it is shown: the API counts the one that a cancelled execution stopped at as failed, though nothing was wrong with it. */
export interface ShownStep extends Omit<StepView, "status"> {
  readonly status: StepView["status"] | "cancelled";
}

export function shownSteps({ status, steps }: Pick<ExecutionDetail, "status" | "steps">): readonly ShownStep[] {
  if (status !== "cancelled") return steps;
  return steps.map((step) => (step.status === "failed" ? { ...step, status } : step));
}
