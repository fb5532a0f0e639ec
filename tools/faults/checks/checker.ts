/**
 * Checks that a history keeps the gateway's promises. The evidence is what clients and partners observed, and what
 * the admin API shows at the end.
 */
import { checkAnswers } from "./answers.ts";
import { checkCallbacks } from "./callbacks.ts";
import type { Evidence } from "./history.ts";
import { indexOf, type Violation } from "./index.ts";
import { checkLanes } from "./lanes.ts";
import { checkMessages } from "./messages.ts";
import { checkResults } from "./results.ts";
import { checkSteps } from "./steps.ts";
import { checkStrict } from "./strict.ts";
import { checkVersions } from "./versions.ts";

const CHECKS = [
  ...[checkMessages, checkLanes, checkSteps, checkStrict, checkResults, checkCallbacks, checkAnswers, checkVersions],
];

/** All violations of a history; none when it keeps the promises. */
export function check(evidence: Evidence): Violation[] {
  const index = indexOf(evidence);
  return CHECKS.flatMap((one) => [...one(index)]);
}

/** Number of violations by rule. */
export function countByRule(violations: readonly Violation[]): Record<string, number> {
  const groups = Map.groupBy(violations, ({ rule }) => rule);
  return Object.fromEntries([...groups].map(([rule, { length }]) => [rule, length]));
}
