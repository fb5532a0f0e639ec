/** Answers: each has a documented status for its request, and the required headers and fields. */

import { featureOf } from "../load/features.ts";
import type { Op } from "./history.ts";
import type { Call, Index, Violation } from "./index.ts";
import { EVERYWHERE_MS } from "./versions.ts";

export function* checkAnswers(index: Index): Generator<Violation> {
  for (const call of index.calls) {
    const { op, answer, at, endAt } = call;
    const { status } = answer;
    const what = `${op.what} ${aboutOf(op)}`;
    if (status === "left") continue;
    if (status === "cut") {
      if (!index.hadFaultNear(at, endAt))
        yield { rule: "cut", detail: `${what} was broken off, and nothing was done to the gateway` };
      continue;
    }
    if (status === 404 && isFresh(call)) continue;
    if (!allowed(op).includes(status))
      yield { rule: "answer", detail: `${what} was answered ${status} ${answer.code ?? ""}` };
    yield* checkContent(call, what);
  }
}

/** A new trigger is not visible everywhere yet (ND16). */
const isFresh = ({ op, at }: Call) =>
  (op.what === "send" || op.what === "poll") && op.freshSince !== null && at < op.freshSince + EVERYWHERE_MS;

function* checkContent({ op, answer }: Call, what: string): Generator<Violation> {
  const { status, executionId, seq, hasLocation, hasRetryAfter, code } = answer;
  const lacks = (name: string) => ({ rule: "answer", detail: `${what}: ${status} without ${name}` });
  if (op.what === "send" && status === 202 && (executionId === undefined || seq === undefined))
    yield lacks("execution and seq");
  if (op.what === "send" && (status === 202 || status === 504) && !hasLocation) yield lacks("Location");
  if (op.what === "send" && status === 504 && executionId === undefined) yield lacks("execution");
  if ((status === 503 || (status === 409 && code === "busy")) && !hasRetryAfter) yield lacks("Retry-After");
}

/** 503 is always allowed: the client must repeat the request. */
function allowed(op: Op): readonly number[] {
  switch (op.what) {
    case "send": {
      const ends = featureOf.get(op.feature)?.waits ? [200, 409, 422, 502, 504] : [];
      return [202, 503, ...ends, ...(op.isBroken ? [400] : []), ...(op.isForeignKey ? [422] : [])];
    }
    case "poll":
      return [200, 202, 409, 422, 502, 503];
    case "retry":
    case "cancel":
      return [200, 409, 503];
    case "lane":
      return [200, 204, 404, 409, 503];
    case "resubmit":
      return [201, 503];
    case "signal":
      return op.dialect === "L" ? [200, 409, 503] : [200, 409, 410, 503];
    case "mint":
      return [201, 503];
    case "use":
      return [201, 302, 303, 400, 409, 410, 502, 503];
    case "close":
      return [200, 204, 503];
    case "configure":
      return [200, 503];
  }
}

function aboutOf(op: Op): string {
  switch (op.what) {
    case "send":
      return `${op.feature} ${op.message}`;
    case "signal":
      return `${op.executionId} ${op.saying}`;
    case "lane":
      return `${op.lane} ${op.action}`;
    case "mint":
    case "use":
    case "close":
      return String(op.callback);
    case "configure":
      return op.feature;
    default:
      return op.executionId;
  }
}
