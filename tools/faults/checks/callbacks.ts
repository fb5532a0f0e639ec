/** Minted callbacks: used at most once where they are for one use, by one winner; closed is closed; nothing accepted is lost. */
import type { CallbackKind, CallbackView, Op } from "./history.ts";
import type { Call, HandlerCall, Index, Violation } from "./index.ts";

type Use = Call<Extract<Op, { what: "use" }>>;

/** A broken connection ends at the handler a little later than at the gateway. */
const CUT_SLACK_MS = 400;

export function* checkCallbacks(index: Index): Generator<Violation> {
  const uses = Map.groupBy(index.of("use"), ({ op }) => op.callback);
  const closings = Map.groupBy(index.of("close"), ({ op }) => op.callback);
  const handled = Map.groupBy(index.handlers, ({ state }) => state);
  for (const { op, answer } of index.of("mint")) {
    const { callback, settings } = op;
    const view = index.callbacks.find((one) => one.callback === callback);
    if (!view || answer.state === undefined) continue;
    const own = uses.get(callback) ?? [];
    const closed = closings.get(callback) ?? [];
    yield* checkClosed(callback, own, closed, view);
    yield* checkFlow(index, settings, own);
    const handlers = handled.get(view.state) ?? [];
    const about = { index, callback, settings, uses: own, handlers, isClosed: closed.length > 0, view };
    yield* settings.isMultiple ? checkMultiple(about) : checkSingle(about);
  }
}

interface About {
  readonly index: Index;
  readonly callback: number;
  readonly settings: CallbackKind;
  readonly uses: readonly Use[];
  readonly handlers: readonly HandlerCall[];
  readonly isClosed: boolean;
  readonly view: CallbackView;
}

const isWon = ({ answer }: Use) => typeof answer.status === "number" && answer.status < 400 && !answer.isReplayed;
/** The handler's error: the call was handled, without success (GD5). */
const isFailed = ({ answer }: Use) => (answer.status === 400 || answer.status === 502) && !answer.isReplayed;
const isDefinite = ({ answer }: Use) => typeof answer.status === "number" && answer.status < 500;

function* checkSingle({ index, callback, settings, uses, handlers, isClosed, view }: About): Generator<Violation> {
  const { isRetryable } = settings;
  const winners = uses.filter(isWon);
  const ending = isRetryable ? winners : uses.filter((use) => isWon(use) || isFailed(use));
  if (ending.length > 1)
    yield { rule: "used-twice", detail: `callback ${callback} was used by ${ending.length} callers` };
  const [winner] = ending;
  for (const { startedAt, answer } of winner ? uses : []) {
    const isLate = startedAt > (winner?.endedAt ?? 0);
    if (isLate && typeof answer.status === "number" && ![410, 503].includes(answer.status) && !answer.isReplayed) {
      yield { rule: "used-twice", detail: `callback ${callback} was used up, and then answered ${answer.status}` };
    }
  }
  const good = view.outcomes.filter((outcome) => outcome === "answered" || outcome === "redirected");
  if (good.length > 1 || (!isRetryable && view.outcomes.length > 1)) {
    yield { rule: "used-twice", detail: `callback ${callback} has the calls ${view.outcomes.join(", ")}` };
  }
  if (!isRetryable && handlers.length > 1) {
    yield { rule: "used-twice", detail: `callback ${callback}: its handler was called ${handlers.length} times` };
  }
  const inVain = uses.length > 0 && ending.length === 0 && uses.every(isDefinite) && !isRetryable && !isClosed;
  if (inVain) yield { rule: "no-winner", detail: `callback ${callback} was refused to all of ${uses.length} callers` };
  yield* checkClaims(index, callback, handlers);
}

/** One call runs at a time, unless the gateway is stopped meanwhile. */
function* checkClaims(index: Index, callback: number, handlers: readonly HandlerCall[]): Generator<Violation> {
  for (const [n, handler] of handlers.entries()) {
    const before = handlers[n - 1];
    if (!before || index.hadFault(handler.state, before, handler.startedAt)) continue;
    const isOver = before.endedAt < handler.startedAt || before.endAt - handler.at < CUT_SLACK_MS;
    const { status, isClean } = before.reply;
    const isDone = isClean && typeof status === "number" && status < 300 && before.endAt - before.at < 1_000;
    if (!isOver) yield { rule: "used-twice", detail: `callback ${callback}: two calls were with its handler at once` };
    if (isOver && isDone)
      yield { rule: "used-twice", detail: `callback ${callback}: its handler was called again after a success` };
  }
}

function* checkMultiple({ callback, uses, isClosed }: About): Generator<Violation> {
  if (isClosed) return;
  for (const { answer } of uses) {
    if (answer.status === 409 || answer.status === 410) {
      yield { rule: "closed", detail: `callback ${callback} is for many calls, and one was answered ${answer.status}` };
    }
  }
}

function* checkClosed(
  callback: number,
  uses: readonly Use[],
  closed: readonly Call[],
  view: CallbackView,
): Generator<Violation> {
  const closing = closed.find(({ answer }) => typeof answer.status === "number" && answer.status < 300);
  if (!closing) return;
  if (view.status !== "closed")
    yield { rule: "closed", detail: `callback ${callback} was closed and is ${view.status}` };
  for (const { startedAt, answer } of uses) {
    if (startedAt > closing.endedAt && typeof answer.status === "number" && ![410, 503].includes(answer.status)) {
      yield { rule: "closed", detail: `callback ${callback} was closed, and then answered ${answer.status}` };
    }
  }
}

/** A call that starts a flow is answered once its message is durable (GD3). */
function* checkFlow({ startedBy }: Index, { activity }: CallbackKind, uses: readonly Use[]): Generator<Violation> {
  if (activity !== "flow") return;
  for (const use of uses) {
    const started = startedBy(use.op.message);
    if (isWon(use) && started !== 1)
      yield { rule: "lost", detail: `use ${use.op.message} was accepted and has ${started} executions` };
    if (started > 1) yield { rule: "accepted-twice", detail: `use ${use.op.message} has ${started} executions` };
  }
}
