/** Checks of the reply to a plain, correctly signed request. */

import { TIMEOUT_SECONDS } from "../post.ts";
import { explainSignature, SIGNATURE_HEADER, sign } from "../signature.ts";
import { describe, hasResult, type Trial } from "../trial.ts";
import { type Check, fail, pass, type Verdict, warn } from "./check.ts";

const SLOW_MS = 10_000;

export const replyChecks: readonly Check[] = [
  {
    id: "answers-200",
    numbers: "C1 C19 CD5",
    title: "A valid request is answered with 200",
    needs: [],
    run: ({ plain }) => {
      const { reply } = plain;
      if ("status" in reply && reply.status === 200) return pass();
      return fail("status 200", describe(plain), waysToMend("status" in reply ? reply.status : 0));
    },
  },
  {
    id: "in-time",
    numbers: "C27 C28",
    title: `The whole reply is there within ${TIMEOUT_SECONDS} s, with time to spare`,
    needs: ["accepted"],
    run: ({ plain: { reply } }) => {
      if (reply.ms < SLOW_MS) return pass(`${reply.ms} ms`);
      const mend = 'Answer { "message": "..." } first and send the result as a callback.';
      return warn(`a reply within ${SLOW_MS / 1000} s`, `one after ${(reply.ms / 1000).toFixed(1)} s`, mend);
    },
  },
  {
    id: "result-or-acknowledgement",
    numbers: "C20 C21 CD4",
    title: "The reply is a result with callback, or an acknowledgement with message",
    needs: ["accepted"],
    run: ({ plain }) => {
      if (hasResult(plain)) return pass("a result at once");
      if (typeof plain.json?.message === "string") return pass("an acknowledgement; the result comes as a callback");
      return fail(
        'a JSON object with "callback" (the result) or with "message" (the result follows)',
        describe(plain),
        'For a result return the request\'s "callback" beside "status". To answer later reply { "message": "..." }.',
      );
    },
  },
  {
    id: "reply-signature",
    numbers: "CD4",
    title: `A reply with ${SIGNATURE_HEADER} has the right one`,
    needs: ["accepted"],
    run: checkReplySignature,
  },
];

function checkReplySignature({ plain: { reply }, options: { secret } }: Trial): Verdict {
  if (!("status" in reply)) return pass();
  const header = reply.headers[SIGNATURE_HEADER];
  if (header === undefined) return pass("it has none, which is allowed");
  const right = sign(reply.body, secret);
  if (header === right) return pass();
  return fail(
    right,
    explainSignature(String(header), reply.body, secret),
    "Sign the exact bytes of the reply: Base64 of HMAC-SHA256 with the shared secret. Or leave the header out.",
  );
}

function waysToMend(status: number): string {
  if (status === 0) return "See that the adapter runs, that the URL is right, and that it answers within 45 s.";
  if (status === 401 || status === 403) {
    return (
      "See that the adapter has the same shared secret, and that it compares the header with the Base64 of " +
      "HMAC-SHA256 over the exact bytes of the body."
    );
  }
  if (status < 300) return "Answer 200: the gateway takes every other 2xx for a bug.";
  if (status < 400) return "Answer at the webhook URL itself: the gateway follows no redirect.";
  if (status < 500) {
    return "If the adapter does not understand the example, give --type, --payload and --configuration that it does.";
  }
  return "See the adapter's own log for what failed.";
}
