/** Lanes: in order of arrival, one execution at a time including its waits for callbacks. And the limits of triggers. */
import { WAIT_SECONDS } from "../load/features.ts";
import type { ExecutionView } from "./history.ts";
import { featureOfView, type Index, type Request, type SendCall, type Violation } from "./index.ts";

/** A broken connection ends at the partner a little later than at the gateway. */
const CUT_SLACK_MS = 400;
const RATE_SLACK_MS = 3;
/** A token's lifetime is in whole seconds, and begins before the request arrives. */
const WAIT_SLACK_MS = 3_000;

export function* checkLanes(index: Index): Generator<Violation> {
  const ordered = index.executions.filter((view) => featureOfView(view)?.isOrdered);
  for (const [lane, members] of Map.groupBy(ordered, (view) => laneOf(index, view))) {
    yield* checkUnique(lane, members);
    const inOrder = members.toSorted((a, b) => a.seq - b.seq);
    yield* checkOrder(index, lane, inOrder);
    yield* checkOneAtATime(index, lane, inOrder);
    yield* checkArrival(index, lane, members);
    yield* checkResubmitted(index, lane, members);
  }
  for (const [trigger, members] of Map.groupBy(index.executions, ({ trigger = "" }) => trigger)) {
    yield* checkLimits(index, trigger, members);
  }
}

/** The lane that the sender meant; what the gateway shows for messages without a key. */
function laneOf({ sendsOf }: Index, { trigger, lane = "", message, resubmittedFrom }: ExecutionView): string {
  const meant = resubmittedFrom === undefined ? sendsOf(String(message))[0]?.op.lane : null;
  return typeof meant === "string" ? `${trigger}/${meant}` : lane;
}

function* checkUnique(lane: string, members: readonly ExecutionView[]): Generator<Violation> {
  for (const [seq, { length }] of Map.groupBy(members, (view) => view.seq)) {
    if (length > 1) yield { rule: "accepted-twice", detail: `${lane}: ${length} executions have seq ${seq}` };
  }
}

function* checkOrder(index: Index, lane: string, members: readonly ExecutionView[]): Generator<Violation> {
  const { requestsOf, retriesOf } = index;
  const sorted = members.flatMap(({ id, seq }) => requestsOf(id).map((request) => ({ request, seq })));
  let highest = Number.NEGATIVE_INFINITY;
  for (const { request, seq } of sorted.toSorted((a, b) => a.request.startedAt - b.request.startedAt)) {
    if (retriesOf(request.executionId) > 0) continue;
    if (seq < highest && !mayBeLate(index, request)) {
      yield { rule: "order", detail: `${lane}: a request of seq ${seq} came after one of seq ${highest}` };
    }
    highest = Math.max(highest, seq);
  }
  let latest: { seq: number; startedAt: number } | null = null;
  for (const { id, seq } of members) {
    const [first] = requestsOf(id);
    // An execution that an operator retries has a new place in its lane.
    if (!first || retriesOf(id) > 0) continue;
    if (latest && latest.startedAt > first.startedAt) {
      yield { rule: "order", detail: `${lane}: seq ${seq} came before seq ${latest.seq}` };
    }
    if (!latest || first.startedAt > latest.startedAt) latest = { seq, startedAt: first.startedAt };
  }
}

function* checkOneAtATime(index: Index, lane: string, members: readonly ExecutionView[]): Generator<Violation> {
  const { requestsOf, retriesOf, cancelsOf } = index;
  for (const [n, view] of members.entries()) {
    const next = members[n + 1];
    if (!next || retriesOf(view.id) + retriesOf(next.id) > 0) continue;
    const { finishedAt = "", startedAt = "" } = { finishedAt: view.finishedAt, startedAt: next.startedAt };
    if (finishedAt && startedAt && startedAt < finishedAt) {
      yield {
        rule: "one-at-a-time",
        detail: `${lane}: ${next.id} began at ${startedAt}, ${view.id} ended at ${finishedAt}`,
      };
    }
    const [first] = requestsOf(next.id);
    const unanswered = first && requestsOf(view.id).find((one) => isUnanswered(index, one, first));
    if (unanswered && !cancelsOf(view.id).some((call) => call.startedAt < (first?.startedAt ?? 0))) {
      yield { rule: "one-at-a-time", detail: `${lane}: ${next.id} began while ${view.id} waited for its callback` };
    }
  }
  const requests = members.flatMap(({ id }) => requestsOf(id)).sort((a, b) => a.startedAt - b.startedAt);
  let busy: Request | null = null;
  for (const request of requests) {
    if (busy && busy.executionId !== request.executionId && overlaps(index, busy, request)) {
      yield {
        rule: "overlap",
        detail: `${lane}: ${request.executionId} came while ${busy.executionId} was at its partner`,
      };
    }
    if (!busy || request.endedAt > busy.endedAt) busy = request;
  }
}

/** A request may arrive late when its object was stopped, or its step was ended by a callback or a cancel. */
function mayBeLate({ requestsOf, signalsOf, cancelsOf, faults }: Index, request: Request): boolean {
  const { executionId, correlation, startedAt } = request;
  const [first] = requestsOf(executionId);
  const isStopped = faults.some(
    (one) =>
      one.kind === "abort" && one.affects(executionId) && one.from < startedAt && one.to > (first?.startedAt ?? 0),
  );
  const isEnded = correlation !== null && signalsOf(correlation).some((one) => one.startedAt < startedAt);
  return isStopped || isEnded || cancelsOf(executionId).length > 0;
}

function overlaps({ signalsOf, cancelsOf }: Index, busy: Request, { startedAt, at }: Request): boolean {
  if (busy.endedAt < startedAt) return false;
  if (busy.reply.status === "cut" && busy.endAt - at < CUT_SLACK_MS) return false;
  // The callback that came before the reply has ended the step, and a cancel whatever was under way.
  const isAnswered = busy.correlation !== null && signalsOf(busy.correlation).some((one) => one.startedAt < startedAt);
  return !isAnswered && !cancelsOf(busy.executionId).some((one) => one.startedAt < startedAt);
}

/** True when a step's partner had accepted it, and had neither called back nor timed out when another request came. */
function isUnanswered({ signalsOf }: Index, { correlation, meant, at }: Request, next: Request): boolean {
  if (correlation === null || typeof meant.status !== "number" || meant.status > 299 || meant.saying) return false;
  const isOver = next.at > at + WAIT_SECONDS * 1000 - WAIT_SLACK_MS;
  return !isOver && !signalsOf(correlation).some((one) => one.startedAt < next.startedAt);
}

/** A message that was answered before another one was sent has the lower `seq`. */
function* checkArrival({ sendsOf }: Index, lane: string, members: readonly ExecutionView[]): Generator<Violation> {
  let earliest: { seq: number; endedAt: number } | null = null;
  for (const { id, seq, message, resubmittedFrom } of members.toSorted((a, b) => b.seq - a.seq)) {
    const sends = resubmittedFrom === undefined ? sendsOf(String(message)) : [];
    const startedAt = Math.min(...sends.map((send) => send.startedAt));
    const endedAt = Math.min(
      ...sends.filter((send: SendCall) => send.answer.executionId === id).map((send) => send.endedAt),
    );
    if (earliest && earliest.endedAt < startedAt && sends.length > 0) {
      yield { rule: "arrival", detail: `${lane}: seq ${earliest.seq} was answered before seq ${seq} was sent` };
    }
    if (!earliest || endedAt < earliest.endedAt) earliest = { seq, endedAt };
  }
}

/** A resubmitted message stays in its lane. */
function* checkResubmitted({ views }: Index, lane: string, members: readonly ExecutionView[]): Generator<Violation> {
  for (const { id, trigger, resubmittedFrom } of members) {
    const first = resubmittedFrom === undefined ? undefined : views.get(resubmittedFrom);
    if (first && first.trigger === trigger && first.lane !== lane) {
      yield { rule: "order", detail: `${id} is in ${lane}, and its message was in ${first.lane} before` };
    }
  }
}

function* checkLimits({ retriesOf }: Index, trigger: string, members: readonly ExecutionView[]): Generator<Violation> {
  const feature = members[0] && featureOfView(members[0]);
  const ran = members
    .filter(({ id, startedAt }) => startedAt !== undefined && retriesOf(id) === 0)
    .map(({ startedAt = "", finishedAt = "", status }) => ({
      from: Date.parse(startedAt),
      to: Date.parse(finishedAt),
      status,
    }))
    .sort((a, b) => a.from - b.from);
  if (feature?.width !== undefined) {
    for (const { from } of ran) {
      const running = ran.filter((one) => one.from <= from && one.to > from).length;
      if (running > feature.width) yield { rule: "width", detail: `${trigger}: ${running} ran at ${from}` };
    }
  }
  if (feature?.rate === undefined) return;
  const { limit, perSeconds } = feature.rate;
  // A cancelled execution may show the time of its cancel.
  const starts = ran.filter(({ status }) => status !== "cancelled").map(({ from }) => from);
  for (const [n, from] of starts.entries()) {
    const later = starts[n + limit];
    if (later !== undefined && later - from < perSeconds * 1000 - RATE_SLACK_MS) {
      yield { rule: "rate", detail: `${trigger}: ${limit + 1} starts within ${later - from} ms` };
    }
  }
}
