/** Attempts, counted and logged. */
import type { Env } from "../../config.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import { emit } from "../../storage/telemetry.ts";
import type { Attempt } from "../run/steps/attempt.ts";
import type { Counters } from "./counters.ts";

export const observer =
  (env: Pick<Env, "METRICS">, isLogging: boolean, counters: Counters, executionIdOf: (sequence: number) => string) =>
  ({ sequence, step, attempts }: Execution, snapshot: FlowSnapshot, attempt: Attempt, ms: number): void => {
    const workspace = snapshot.workspace.name;
    const outcome = outcomeOf(attempt);
    counters.attempted(workspace, outcome);
    const what = `${snapshot.flow.name}/${snapshot.steps[step]?.name ?? ""}`;
    const isLogged = isLogging || attempt.kind === "failed";
    const { status } = attempt.exchange ?? {};
    const facts = isLogged
      ? { executionId: executionIdOf(sequence), attempt: attempts + 1, ...(status !== undefined && { status }) }
      : {};
    emit(env, isLogged, { message: "attempt", workspace, what, outcome, ms }, facts);
  };

function outcomeOf(attempt: Attempt): string {
  switch (attempt.kind) {
    case "replied":
      return "success";
    case "accepted":
      return "waiting";
    case "result":
      return attempt.result.status;
    case "failed":
      return attempt.failure;
  }
}
