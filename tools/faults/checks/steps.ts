/** Requests of steps: one key for each run, an explanation for each repetition, and steps in their order. */
import { ATTEMPT_SECONDS } from "../load/features.ts";
import { featureOfView, type Index, type Request, type Violation } from "./index.ts";

/** A reply that took nearly as long as an attempt may take can have come too late. */
const NEARLY_MS = ATTEMPT_SECONDS * 1000 * 0.6;
const RETRY_AFTER_SLACK_MS = 60;
const TIMER_SLACK_MS = 50;
/** Longest delay of a request that was in flight when its execution was cancelled or called back. */
const ON_ITS_WAY_MS = 3_000;
const RETRIED = [408, 425, 429];

export function* checkSteps(index: Index): Generator<Violation> {
  const owners = new Map<string, string>();
  for (const [id, requests] of Map.groupBy(index.requests, ({ executionId }) => executionId)) {
    if (!index.views.has(id)) yield { rule: "unaccepted", detail: `a partner was sent ${id}, which is not there` };
    yield* checkWay(index, id, requests);
    yield* checkContent(index, id, requests);
    yield* checkCancelled(index, id, requests);
    for (const [step, own] of Map.groupBy(requests, (one) => one.step)) {
      const runs = Map.groupBy(own, ({ key }) => key);
      // A run more than operators have asked for is one that nobody asked for, or another key for the same run.
      if (runs.size > 1 + index.retriesOf(id)) {
        yield { rule: "key", detail: `${id} ${step}: ${runs.size} keys, ${index.retriesOf(id)} retries` };
      }
      for (const [key, repeats] of runs) {
        const owner = owners.get(key) ?? `${id} ${step}`;
        if (owner !== `${id} ${step}` || key === "")
          yield { rule: "key", detail: `${key} is that of ${owner} and ${id} ${step}` };
        owners.set(key, owner);
        yield* checkRepeats(index, `${id} ${step}`, repeats);
      }
    }
  }
}

function* checkRepeats(index: Index, what: string, repeats: readonly Request[]): Generator<Violation> {
  const [first] = repeats;
  for (const [n, request] of repeats.entries()) {
    if (request.sameSha256 !== first?.sameSha256)
      yield { rule: "body", detail: `${what}: another body in attempt ${request.attempt}` };
    if (request.correlation !== first?.correlation) yield { rule: "key", detail: `${what}: another correlation id` };
    const before = repeats[n - 1];
    if (!before || index.hadFault(request.executionId, before, request.startedAt)) continue;
    const why = `attempt ${request.attempt} after attempt ${before.attempt}, answered ${before.reply.status}`;
    const isUnexplained = isSettled(before) && !timedOut(index, before);
    if (request.attempt <= before.attempt || isUnexplained) yield { rule: "repeated", detail: `${what}: ${why}` };
    const { retryAfterMs = 0, isClean } = before.reply;
    if (isClean && request.at - before.endAt < retryAfterMs - RETRY_AFTER_SLACK_MS) {
      yield { rule: "retry-after", detail: `${what}: ${why}, ${Math.round(request.at - before.endAt)} ms later` };
    }
  }
}

/** True when the gateway recorded a timeout, which its partner cannot see. */
function timedOut({ views }: Index, { executionId, step }: Request): boolean {
  const exchanges = views.get(executionId)?.steps.find(({ name }) => name === step)?.exchanges ?? [];
  const lasted = exchanges.flatMap(({ status, startedAt, finishedAt }) =>
    status === undefined ? Date.parse(finishedAt) - Date.parse(startedAt) : [],
  );
  return lasted.some((ms) => ms >= ATTEMPT_SECONDS * 1000 - TIMER_SLACK_MS);
}

/** True when the gateway must not try again. */
function isSettled({ reply: { status, isClean, isLarge }, at, endAt }: Request): boolean {
  if (!isClean || typeof status !== "number" || endAt - at > NEARLY_MS) return false;
  if (status < 300) return !isLarge;
  return status < 500 && !RETRIED.includes(status);
}

/** From step to step, and never back; all steps of one version of the flow. */
function* checkWay(
  { views, hadFault, signalsOf }: Index,
  id: string,
  requests: readonly Request[],
): Generator<Violation> {
  const view = views.get(id);
  const names = view && featureOfView(view)?.steps.map(({ name }) => name);
  let reached = 0;
  for (const request of requests) {
    const { step, version, key, startedAt } = request;
    const place = names?.indexOf(step) ?? 0;
    // What a stopped object had sent may arrive behind its repetition, and a repetition behind the callback of the first.
    const first = requests.find((one) => one.key === key);
    const isRepeated = first !== undefined && first !== request;
    const isOvertaken = signalsOf(request.correlation ?? "").some(({ endAt }) => request.at < endAt + ON_ITS_WAY_MS);
    const isDelayed = isRepeated && (isOvertaken || hadFault(id, first, startedAt));
    if (place < reached && !isDelayed) yield { rule: "way-back", detail: `${id}: ${step} after ${names?.[reached]}` };
    reached = Math.max(reached, place);
    const adapterSteps = step === "convert";
    if (!adapterSteps && version !== requests.find((one) => one.step !== "convert")?.version) {
      yield { rule: "version", detail: `${id}: two versions of its flow` };
    }
  }
}

/** Each step is given what the step before it made. */
function* checkContent(
  { views, sendsOf, signalsOf, requestsOf }: Index,
  id: string,
  requests: readonly Request[],
): Generator<Violation> {
  const view = views.get(id);
  const steps = view && featureOfView(view)?.steps;
  if (!view || !steps) return;
  for (const { step, sha256, message } of requests) {
    const place = steps.findIndex(({ name }) => name === step);
    const before = steps[place - 1];
    const sent = sendsOf(String(message)).filter(({ op }) => !op.isForeignKey);
    if (place === 0 && sent.length > 0 && sent[0]?.op.sha256 !== sha256) {
      yield { rule: "content", detail: `${id} ${step} was not given message ${message}` };
    }
    if (!before || before.kind === "transform") continue;
    const made = requestsOf(id)
      .filter((one) => one.step === before.name)
      .flatMap((one) => {
        if (before.keepsMessage) return [one.sha256];
        const said = one.correlation === null ? [] : signalsOf(one.correlation).map(({ op }) => op.sha256);
        return [one.meant.sha256 ?? "", ...said];
      });
    if (!made.includes(sha256))
      yield { rule: "content", detail: `${id} ${step} was not given what ${before.name} made` };
  }
}

function* checkCancelled({ cancelsOf }: Index, id: string, requests: readonly Request[]): Generator<Violation> {
  for (const { answer, endAt } of cancelsOf(id)) {
    const late = answer.status === 200 && requests.find(({ at }) => at > endAt + ON_ITS_WAY_MS);
    if (late)
      yield {
        rule: "cancelled",
        detail: `${id} ${late.step} was sent ${Math.round(late.at - endAt)} ms after its cancel`,
      };
  }
}
