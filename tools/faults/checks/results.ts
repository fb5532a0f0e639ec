/** Results: one callback ends a step and decides the execution's outcome, and callers get that outcome. */
import type { ExecutionView, Saying, StepView } from "./history.ts";
import { featureOfView, type Index, type Request, type SignalCall, type Violation } from "./index.ts";

export function* checkResults(index: Index): Generator<Violation> {
  const steps = Map.groupBy(
    index.requests.filter(({ correlation }) => correlation !== null),
    ({ correlation }) => correlation ?? "",
  );
  for (const [correlation, requests] of steps) yield* checkSignals(index, correlation, requests);
  for (const view of index.executions) {
    yield* checkSteps(index, view);
    yield* checkAnswered(index, view);
    const isCancelled = index.cancelsOf(view.id).some(({ answer }) => answer.status === 200);
    if (isCancelled && view.status !== "cancelled")
      yield { rule: "cancelled", detail: `${view.id} was cancelled and is ${view.status}` };
  }
}

const isAccepted = ({ answer }: SignalCall) => answer.status === 200;
const isEnding = ({ op }: SignalCall) => op.saying !== "progress";

function* checkSignals(index: Index, correlation: string, requests: readonly Request[]): Generator<Violation> {
  const [{ executionId, step, startedAt: seenAt = 0 } = {} as Request] = requests;
  const accepted = index.signalsOf(correlation).filter(isAccepted);
  const ending = accepted.filter(isEnding);
  if (ending.length > 1) {
    const sayings = ending.map(({ op }) => op.saying).join(" and ");
    yield { rule: "answered-twice", detail: `${executionId} ${step}: ${sayings} were both accepted` };
  }
  const later = index
    .requestsOf(executionId)
    .find((one) => one.step === step && one.correlation !== correlation && one.startedAt > seenAt);
  const stale = later && accepted.find(({ startedAt }) => startedAt > later.startedAt);
  if (stale)
    yield { rule: "earlier-run", detail: `${executionId} ${step}: ${stale.op.saying} for a run that was over` };

  const view = index.views.get(executionId);
  const shown = view?.steps.find((one) => one.correlationId === correlation || one.invocationId === correlation);
  const [first] = ending;
  if (view && shown && first) yield* checkSaid(view, shown, first);
}

/** The accepted callback decides the step and the execution (LD6, LD13, CD15). */
function* checkSaid(view: ExecutionView, shown: StepView, { op }: SignalCall): Generator<Violation> {
  const wrong = (why: string) => ({
    rule: "result",
    detail: `${view.id} ${shown.name}, callback ${op.saying}: ${why}`,
  });
  const isGood = ["ok", "success", "skipped"].includes(op.saying);
  if (shown.status !== (isGood ? "succeeded" : "failed")) return yield wrong(`the step is ${shown.status}`);
  if (op.saying === "skipped" && (view.result !== "skipped" || view.status !== "succeeded"))
    yield wrong(`it is ${view.status}`);
  if (isGood) return;
  const failure = op.saying === "bug" ? "bug" : "error";
  if (view.status !== "failed" || view.failure !== failure) yield wrong(`it is ${view.status}, ${view.failure}`);
  if (op.dialect === "C") return;
  const expected = documentOf(op.documentStatus);
  const { documentStatus, technicalStatus, errorCode } = view;
  if (documentStatus !== expected.documentStatus || technicalStatus !== expected.technicalStatus) {
    yield wrong(`document status ${documentStatus}, technical status ${technicalStatus}`);
  }
  const code = expected.documentStatus === "Failed" ? op.errorCode : undefined;
  if (errorCode !== code) yield wrong(`error code ${errorCode}`);
}

function documentOf(said: string | undefined): { documentStatus: string; technicalStatus?: string } {
  const known: Record<string, string> = {
    "Rejected by Customs": "Rejected by Customs",
    "on hold": "On Hold",
    Failed: "Failed",
  };
  const found = known[said ?? "Failed"];
  return found === undefined ? { documentStatus: "Failed", technicalStatus: said ?? "" } : { documentStatus: found };
}

/** A step succeeded or failed as its partner said. */
function* checkSteps(index: Index, view: ExecutionView): Generator<Violation> {
  for (const { name, kind } of featureOfView(view)?.steps ?? []) {
    const shown = view.steps.find((one) => one.name === name);
    const requests = index.requestsOf(view.id).filter(({ step }) => step === name);
    const last = requests.at(-1);
    const wrong = (why: string) => ({
      rule: "result",
      detail: `${view.id} ${name} is ${shown?.status}, ${view.failure}: ${why}`,
    });
    if (shown?.status === "succeeded" && kind !== "transform") {
      const correlation = shown.correlationId ?? shown.invocationId ?? "";
      const isSaid =
        kind === "http"
          ? requests.some(({ meant }) => typeof meant.status === "number" && meant.status < 300)
          : sayingsOf(index, correlation, requests).some((saying) => ["ok", "success", "skipped"].includes(saying));
      if (!isSaid) yield wrong("nobody said so");
    }
    if (shown?.status !== "failed" || view.status !== "failed" || kind === "transform" || !last) continue;
    const isAnswered =
      last.correlation !== null && index.signalsOf(last.correlation).some((one) => one.startedAt < last.endedAt);
    const { status, isClean, isLarge } = last.reply;
    // What came of an async step is seen by its signals, what its partner refused by its reply.
    if (kind !== "http" && (isAnswered || !isClean || typeof status !== "number" || status < 400)) continue;
    const hadFault = index.hadFaultNear(last.at, last.endAt, view.id);
    if (isClean && typeof status === "number" && status < 300 && !isLarge && !hadFault)
      yield wrong(`its partner answered ${status}`);
    const isRefused = isClean && typeof status === "number" && status >= 400 && status < 500;
    if (isRefused && view.failure !== "error" && !hadFault) yield wrong(`its partner answered ${status}`);
    if (view.failure === "error" && !isRefused && !hadFault) yield wrong(`its partner answered ${status}`);
  }
}

/** All statements about a run, whether the gateway received them or not. */
function sayingsOf({ signalsOf }: Index, correlation: string, requests: readonly Request[]): Saying[] {
  const inReplies = requests.flatMap((one) => (one.correlation === correlation ? (one.meant.saying ?? []) : []));
  return [...inReplies, ...signalsOf(correlation).map(({ op }) => op.saying)];
}

const ENDS = new Map([
  [200, "succeeded"],
  [409, "cancelled"],
  [422, "failed error"],
  [502, "failed bug"],
]);

/** Callers get the real outcome of an execution, and always the same unless it was retried. */
function* checkAnswered(index: Index, view: ExecutionView): Generator<Violation> {
  if (index.retriesOf(view.id) > 0) return;
  const end = view.status === "failed" ? `failed ${view.failure}` : view.status;
  const bodies = new Set<string>();
  let overAt = Number.POSITIVE_INFINITY;
  for (const { op, answer, startedAt, endedAt } of index.answersOf(view.id)) {
    const said = typeof answer.status === "number" ? ENDS.get(answer.status) : undefined;
    if (said !== undefined && said !== end) {
      yield { rule: "outcome", detail: `${view.id} is ${end}; a caller got ${answer.status}` };
    }
    // Where nobody waits for results, a repeated message is answered 202 as the first one was.
    const mayWait = op.what === "send" && !featureOfView(view)?.waits;
    if (answer.status === 202 && !mayWait && startedAt > overAt) {
      yield { rule: "outcome", detail: `${view.id} was over, and then a caller got 202` };
    }
    if (said !== undefined) overAt = Math.min(overAt, endedAt);
    if (answer.sha256 !== undefined) bodies.add(answer.sha256);
  }
  if (bodies.size > 1) yield { rule: "outcome", detail: `${view.id} has ${bodies.size} results` };
  const last = featureOfView(view)?.steps.at(-1);
  if (bodies.size !== 1 || last?.kind !== "http" || view.result === "skipped") return;
  const made = index.requestsOf(view.id).flatMap(({ step, meant }) => (step === last.name ? (meant.sha256 ?? []) : []));
  if (!made.includes([...bodies][0] ?? ""))
    yield { rule: "outcome", detail: `${view.id}: its result is not what its partner made` };
}
