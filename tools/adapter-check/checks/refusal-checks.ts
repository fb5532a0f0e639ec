/** Requests that do not come from the gateway are refused, and nothing is done for them. */
import { becomesTrue } from "../../lib/becomes-true.ts";
import { changeOneByte } from "../adapter-request.ts";
import { isAbsent } from "../content.ts";
import { sign } from "../signature.ts";
import { describe, type Exchange, isRefused, statusOf, type Trial, type Variant } from "../trial.ts";
import { type Check, fail, pass, skipped, type Verdict, warn } from "./check.ts";

/** Wait for callbacks that should not arrive. */
const LINGER_MS = 1_000;

const FORGED: readonly { id: string; title: string; variant: Variant; mend: string }[] = [
  {
    id: "wrong-signature",
    title: "A signature made with another secret is refused",
    variant: { signature: (body) => sign(body, "another secret") },
    mend: "Compare x-chainio-signature with the one that you compute, in constant time, and answer 401 if it differs.",
  },
  {
    id: "missing-signature",
    title: "A request without signature is refused",
    variant: { signature: null },
    mend: "Answer 401 when x-chainio-signature is missing.",
  },
  {
    id: "changed-byte",
    title: "A signature over other bytes is refused: one byte of the body is changed",
    variant: { tamper: changeOneByte },
    mend: "Compute the signature over the whole body as it arrived.",
  },
];

const isForged = ({ variant }: Exchange) => variant.signature !== undefined || variant.tamper !== undefined;

export const refusalChecks: readonly Check[] = [
  ...FORGED.map(({ id, title, variant, mend }) => ({
    id,
    title,
    numbers: "C13 CD1",
    needs: ["accepted"] as const,
    run: async (trial: Trial) => {
      const sent = await trial.send(variant);
      const right = isRefused(sent) && isAbsent(sent.json?.callback);
      return right ? pass(statusOf(sent)) : fail("status 401, or another 4xx, and no result", describe(sent), mend);
    },
  })),
  {
    id: "refusal-message",
    numbers: "C24 C25",
    title: "A refusal says why, as JSON with message",
    needs: ["accepted"],
    run: checkMessage,
  },
];

/** Runs last, so that a callback has had time to arrive. */
export const silenceCheck: Check = {
  id: "silent-after-refusal",
  numbers: "C13",
  title: "A refused request brings no callback",
  needs: ["acknowledgement"],
  run: async ({ exchanges, options: { asyncWaitMs } }) => {
    const refused = exchanges.filter((one) => isForged(one) && isRefused(one));
    if (refused.length === 0) return skipped("no forged request was refused");
    const called = () => refused.find(({ invocation }) => invocation.calls.length > 0);
    await becomesTrue(() => called() !== undefined, Math.min(LINGER_MS, asyncWaitMs));
    const one = called();
    if (!one) return pass();
    const mend = "Verify before any work begins, and stop there.";
    return fail("no callback", `a callback for the request answered ${describe(one)}`, mend);
  },
};

function checkMessage({ exchanges }: Trial): Verdict {
  const refused = exchanges.filter((one) => isForged(one) && isRefused(one));
  if (refused.length === 0) return skipped("no forged request was refused");
  const silent = refused.find(({ json }) => typeof json?.message !== "string");
  if (!silent) return pass();
  const mend = "Send one beside every status: the gateway shows it to its users.";
  return warn('{ "message": "..." }', describe(silent), mend);
}
