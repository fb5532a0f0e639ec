/**
 * Rules for features whose partners read every request and succeed at last: then each request has an explanation, and
 * each accepted message has been delivered.
 */
import type { ExecutionView } from "./history.ts";
import { featureOfView, type Index, type Request, type Violation } from "./index.ts";

export function* checkStrict(index: Index): Generator<Violation> {
  const views = index.executions.filter((view) => featureOfView(view)?.strict);
  for (const view of views) {
    yield* checkDelivered(index, view);
    yield* checkAttempts(index, view);
    yield* checkCallback(index, view);
  }
  for (const [flow, members] of Map.groupBy(views, (view) => view.flow)) yield* checkWidth(index, flow, members);
}

const isDelivered = ({ meant: { status } }: Request) => typeof status === "number" && status >= 200 && status < 300;

function* checkDelivered({ requestsOf }: Index, view: ExecutionView): Generator<Violation> {
  if (view.status !== "succeeded") yield { rule: "lost", detail: `${view.id} is ${view.status}` };
  for (const { name } of featureOfView(view)?.steps ?? []) {
    const isThere = requestsOf(view.id).some((request) => request.step === name && isDelivered(request));
    if (!isThere) yield { rule: "lost", detail: `${view.id}: no partner accepted step ${name}` };
  }
}

function* checkAttempts(index: Index, { id }: ExecutionView): Generator<Violation> {
  for (const [step, requests] of Map.groupBy(index.requestsOf(id), (request) => request.step)) {
    for (const [n, request] of requests.entries()) {
      if (isExplained(index, requests[n - 1], request)) continue;
      yield { rule: "repeated", detail: `${id} ${step}: attempt ${request.attempt} has no explanation` };
    }
  }
}

/** True for a first attempt, for the next one after a failure, and for one whose result a SIGKILL may have lost. */
function isExplained({ faults }: Index, before: Request | undefined, request: Request): boolean {
  if (!before) return request.attempt === 1;
  const wasKilled = faults.some(
    ({ kind, from, to }) => kind === "kill" && before.startedAt < to && from < request.startedAt,
  );
  const isNext = request.attempt === before.attempt + 1 && before.endedAt < request.startedAt && !isDelivered(before);
  return isNext || (wasKilled && request.attempt === before.attempt);
}

/** One callback is accepted, and the next step gets its content. */
function* checkCallback({ requestsOf, signalsOf }: Index, view: ExecutionView): Generator<Violation> {
  const requests = requestsOf(view.id);
  for (const correlation of new Set(requests.flatMap((request) => request.correlation ?? []))) {
    const signals = signalsOf(correlation);
    const accepted = signals.filter(({ answer }) => answer.status === 200);
    const unclear = signals.filter(({ answer }) => typeof answer.status !== "number");
    const allowed = accepted.length > 0 ? accepted : unclear;
    if (allowed.length === 0) yield { rule: "no-winner", detail: `${view.id}: no callback was accepted` };
    const isOther = ({ correlation: own, sha256 }: Request) =>
      own === null && !allowed.some(({ op }) => op.sha256 === sha256);
    if (requests.some(isOther)) yield { rule: "content", detail: `${view.id} went on with another callback's content` };
  }
}

/** The limit as the partner sees it: requests that are open at the same time. */
function* checkWidth({ requestsOf }: Index, flow: string, members: readonly ExecutionView[]): Generator<Violation> {
  const [view] = members;
  const most = mostAtOnce(members.flatMap(({ id }) => requestsOf(id)));
  const width = view && featureOfView(view)?.width;
  if (width !== undefined && most > width) {
    yield { rule: "width", detail: `${flow}: ${most} requests at once, and ${width} are allowed` };
  }
}

/** The largest number of requests that were open at a partner at the same time. */
export function mostAtOnce(requests: readonly Request[]): number {
  const changes = requests.flatMap(({ startedAt, endedAt }) => [
    { at: startedAt, by: 1 },
    { at: Math.min(endedAt, Number.MAX_SAFE_INTEGER), by: -1 },
  ]);
  let [open, most] = [0, 0];
  for (const { by } of changes.toSorted((a, b) => a.at - b.at)) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}
