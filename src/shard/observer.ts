/** Attempts, as they are told to whoever watches. */
import type { Env } from "../config.ts";
import type { Plan } from "../protocol/plan.ts";
import type { Execution } from "../storage/execution-row.ts";
import { tell } from "../storage/telemetry.ts";
import type { Meters } from "./meters.ts";
import type { Attempt } from "./steps/attempt.ts";

export const observer =
  (env: Env, isLogging: boolean, meters: Meters, executionIdOf: (sequence: number) => string) =>
  ({ sequence, step, attempts }: Execution, plan: Plan, attempt: Attempt, ms: number): void => {
    const workspace = plan.workspace.name;
    const outcome = outcomeOf(attempt);
    meters.attempted(workspace, outcome);
    const what = `${plan.flow.name}/${plan.steps[step]?.name ?? ""}`;
    const isLogged = isLogging || attempt.kind === "failed";
    const { status } = attempt.exchange ?? {};
    const facts = isLogged
      ? { executionId: executionIdOf(sequence), attempt: attempts + 1, ...(status !== undefined && { status }) }
      : {};
    tell(env, isLogged, { message: "attempt", workspace, what, outcome, ms }, facts);
  };

function outcomeOf(attempt: Attempt): string {
  switch (attempt.kind) {
    case "replied":
      return "success";
    case "accepted":
      return "waiting";
    case "signalled":
      return attempt.signal.status;
    case "failed":
      return attempt.failure;
  }
}
