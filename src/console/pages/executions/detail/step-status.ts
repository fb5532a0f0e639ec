import type { ExecutionDetail, StepView } from "../../../../client/index.ts";

/** A step as it is shown: the API reports the step at which an execution was cancelled as failed. */
export interface ShownStep extends Omit<StepView, "status"> {
  readonly status: StepView["status"] | "cancelled";
}

export function shownSteps({ status, steps }: Pick<ExecutionDetail, "status" | "steps">): readonly ShownStep[] {
  if (status !== "cancelled") return steps;
  return steps.map((step) => (step.status === "failed" ? { ...step, status } : step));
}
