/** An asynchronous result arrives, is signed, and is repeated only after an answer that allows it. */
import { becomesTrue } from "../../lib/becomes-true.ts";
import { CALLBACK_PATH, type CallbackCall, type Invocation, resultsOf } from "../callback-endpoint.ts";
import { explainSignature, SIGNATURE_HEADER, sign } from "../signature.ts";
import { isAccepted, type Trial } from "../trial.ts";
import { type Check, fail, pass, skipped, type Verdict, warn } from "./check.ts";

/** Wait for attempts that should not arrive. */
const LINGER_MS = 5_000;

export const callbackChecks: readonly Check[] = [
  {
    id: "callback-arrives",
    numbers: "C21 C28 CD2",
    title: "The callback of an acknowledged request arrives",
    needs: ["acknowledgement"],
    run: ({ callback, plain, endpoint, options: { asyncWaitMs } }) => {
      if (callback) return pass(`${Math.max(0, Math.round(callback.at - plain.repliedAt))} ms after the reply`);
      const [astray] = endpoint.astray;
      return fail(
        `POST ${endpoint.url} within ${asyncWaitMs / 1000} s`,
        astray ?? "nothing",
        `During the check the adapter sends its callbacks to ${endpoint.url}, path ${CALLBACK_PATH}. ` +
          "If its work takes longer, give --async-wait.",
      );
    },
  },
  {
    id: "callback-signature",
    numbers: "CD2",
    title: "The callback is signed over its exact bytes",
    needs: ["acknowledgement", "callback"],
    run: ({ callback, options: { secret } }) => {
      if (!callback || callback.authentic) return pass();
      const { signature, body } = callback;
      const came = signature === undefined ? `no ${SIGNATURE_HEADER}` : explainSignature(signature, body, secret);
      const mend = "Serialise once, sign these bytes (Base64 of HMAC-SHA256, the shared secret), and send the same.";
      return fail(sign(body, secret), came, mend);
    },
  },
];

/** Checks that need several requests of their own, which run in parallel. */
export const rehearsalChecks: readonly Check[] = [
  {
    id: "retries-after-503",
    numbers: "CD3",
    title: "A callback that was answered 503 is sent again",
    needs: ["acknowledgement", "token"],
    run: async (trial) => {
      const [first, second] = resultsOf((await rehearse(trial)).busy);
      if (!first) return skipped("no callback came of this request");
      if (second) return pass(`after ${Math.round(second.at - first.at)} ms`);
      return warn(
        `another attempt within ${trial.options.asyncWaitMs / 1000} s`,
        "none",
        "Send it again after network failures, 429 and 5xx, with growing pauses: otherwise the result is lost.",
      );
    },
  },
  ...([409, 410] as const).map((status) => ({
    id: `stops-after-${status}`,
    numbers: "CD3 CD7",
    title: `A callback that was answered ${status} is not sent again`,
    needs: ["acknowledgement", "token"] as const,
    run: async (trial: Trial) => {
      const { finished, expired } = await rehearse(trial);
      return judgeStop(trial, status === 409 ? finished : expired, status);
    },
  })),
];

interface Rehearsal {
  readonly busy: Invocation;
  readonly finished: Invocation;
  readonly expired: Invocation;
}

const rehearsals = new WeakMap<Trial, Promise<Rehearsal>>();

/** The endpoint answers one callback 503 first, one 409 and one 410. Done once for one trial. */
function rehearse(trial: Trial): Promise<Rehearsal> {
  const known = rehearsals.get(trial);
  if (known) return known;
  const made = (async () => {
    const { asyncWaitMs } = trial.options;
    const [busy, finished, expired] = await Promise.all([
      trial.send({ callbacks: { script: [503] } }),
      trial.send({ callbacks: { state: "finished" } }),
      trial.send({ callbacks: { state: "expired" } }),
    ]);
    const sent = [busy, finished, expired].filter(isAccepted);
    await becomesTrue(() => sent.every(({ invocation }) => resultsOf(invocation).length > 0), asyncWaitMs);
    const lingered = performance.now() + Math.min(LINGER_MS, asyncWaitMs);
    if (resultsOf(busy.invocation).length > 0)
      await becomesTrue(() => resultsOf(busy.invocation).length > 1, asyncWaitMs);
    await becomesTrue(() => false, lingered - performance.now());
    return { busy: busy.invocation, finished: finished.invocation, expired: expired.invocation };
  })();
  rehearsals.set(trial, made);
  return made;
}

function judgeStop(trial: Trial, invocation: Invocation, status: number): Verdict {
  const calls = resultsOf(invocation);
  if (!calls.some(({ answer }) => answer === status)) return skipped(`no callback could be answered ${status}`);
  if (extraResults(trial.plain.invocation).length > 0) return skipped("callbacks are sent twice even after 200");
  if (calls.length === 1) return pass();
  const mend = "Take 409 and 410 as final: the gateway has a result, or waits no longer.";
  return fail("one attempt", `${calls.length} attempts`, mend);
}

/** Results that came after one had been accepted. */
export function extraResults(invocation: Invocation): CallbackCall[] {
  const results = resultsOf(invocation).filter(({ authentic }) => authentic);
  const accepted = results.findIndex(({ answer }) => answer === 200);
  return accepted < 0 ? [] : results.slice(accepted + 1);
}
