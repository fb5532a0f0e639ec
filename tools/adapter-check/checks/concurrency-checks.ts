/** Checks with several simultaneous requests, and checks over all requests of the trial. */

import { becomesTrue } from "../../lib/becomes-true.ts";
import { resultsOf } from "../callback-endpoint.ts";
import { describe, type Exchange, hasResult, isAccepted, type Trial } from "../trial.ts";
import { extraResults } from "./callback-checks.ts";
import { type Check, fail, pass, type Verdict } from "./check.ts";

const AT_ONCE = 8;
/** Wait for results that should not arrive. */
const LINGER_MS = 2_000;

export const ownTokenCheck: Check = {
  id: "own-token",
  numbers: "C7 C14",
  title: `${AT_ONCE} requests at once are each answered with their own callback`,
  needs: ["token"],
  run: async (trial) => {
    const sent = await Promise.all(Array.from({ length: AT_ONCE }, () => trial.send({})));
    return judgeTokens(trial, sent);
  },
};

export const oneResultCheck: Check = {
  id: "one-result",
  numbers: "CD3 CD7",
  title: "A request brings one result, not two",
  needs: ["result"],
  run: async ({ exchanges, options: { asyncWaitMs } }) => {
    const doubled = () => exchanges.find(hasTwo);
    await becomesTrue(() => doubled() !== undefined, Math.min(LINGER_MS, asyncWaitMs));
    const one = doubled();
    if (!one) return pass();
    const came = hasResult(one) ? "a reply with the result and a callback" : "a second callback after one answered 200";
    return fail("one result", came, "Send the result once: as the reply, or as a callback until it is answered 200.");
  },
};

function hasTwo(one: Exchange): boolean {
  return hasResult(one) ? resultsOf(one.invocation).length > 0 : extraResults(one.invocation).length > 0;
}

async function judgeTokens({ options: { asyncWaitMs } }: Trial, sent: readonly Exchange[]): Promise<Verdict> {
  const refused = sent.find((one) => !isAccepted(one));
  const mend = "Keep what belongs to a request with that request, not in variables that all of them share.";
  if (refused) return fail("status 200 for all", describe(refused), "Handle requests side by side.");
  const foreign = sent.find((one) => hasResult(one) && one.json?.callback !== one.invocation.token);
  if (foreign) return fail("the callback of this request", "another one", mend);
  const later = sent.filter((one) => !hasResult(one));
  const missing = () => later.filter(({ invocation }) => resultsOf(invocation).length === 0);
  if (await becomesTrue(() => missing().length === 0, asyncWaitMs)) return pass();
  const came = `none for ${missing().length} of ${later.length}`;
  return fail(`a callback for each within ${asyncWaitMs / 1000} s`, came, mend);
}
