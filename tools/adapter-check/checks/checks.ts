/** All checks in the order in which they are run and printed. */

import type { CallbackEndpoint } from "../callback-endpoint.ts";
import { hasResult, isAccepted, Trial, type TrialOptions } from "../trial.ts";
import { bodyChecks } from "./body-checks.ts";
import { callbackChecks, rehearsalChecks } from "./callback-checks.ts";
import { type Check, type Finding, type Need, skipped } from "./check.ts";
import { oneResultCheck, ownTokenCheck } from "./concurrency-checks.ts";
import { refusalChecks, silenceCheck } from "./refusal-checks.ts";
import { replyChecks } from "./reply-checks.ts";
import { resultChecks } from "./result-checks.ts";

export const CHECKS: readonly Check[] = [
  ...replyChecks,
  ...callbackChecks,
  ...resultChecks,
  ...refusalChecks,
  ...bodyChecks,
  ...rehearsalChecks,
  ownTokenCheck,
  oneResultCheck,
  silenceCheck,
];

/** Preconditions, and the reason that is printed when one is not met. */
const UNMET: Readonly<Record<Need, { met: (trial: Trial) => boolean; why: string }>> = {
  accepted: { met: ({ plain }) => isAccepted(plain), why: "the valid request was not accepted" },
  result: { met: ({ result }) => result !== undefined, why: "there is no result" },
  acknowledgement: {
    met: ({ plain }) => isAccepted(plain) && !hasResult(plain),
    why: "with this configuration the adapter does not answer later",
  },
  callback: { met: ({ callback }) => callback !== undefined, why: "no callback came" },
  token: { met: ({ tokenReturned }) => tokenReturned, why: "the callback is not returned as it was sent" },
};

/** Runs the checks sequentially and yields each finding at once. */
export async function* checkAdapter(options: TrialOptions, endpoint: CallbackEndpoint): AsyncGenerator<Finding> {
  const trial = await Trial.start(options, endpoint);
  for (const { id, numbers, title, needs, run } of CHECKS) {
    // If the plain request was rejected, that is the reason for all other missing preconditions.
    const missing =
      needs.length > 0 && !UNMET.accepted.met(trial) ? "accepted" : needs.find((need) => !UNMET[need].met(trial));
    const verdict = missing ? skipped(UNMET[missing].why) : await run(trial);
    yield { id, numbers, title, ...verdict };
  }
}
