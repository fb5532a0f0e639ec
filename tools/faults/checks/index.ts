/** A history indexed for the checker: calls with their answers, and partners' requests with their replies. */
import { type Feature, featureOf } from "../load/features.ts";
import type { Answer, Event, Evidence, ExecutionView, Op, PartnerReply, PartnerRequest } from "./history.ts";

/** `startedAt` and `endedAt` are places in the history; `at` and `endAt` are times in ms. */
interface Span {
  readonly startedAt: number;
  readonly at: number;
  /** Infinity without an answer. */
  readonly endedAt: number;
  readonly endAt: number;
}

export interface Call<O extends Op = Op> extends Span {
  readonly op: O;
  readonly answer: Answer;
}

export interface Request extends PartnerRequest, Span {
  /** The reply as the gateway received it. */
  readonly reply: Omit<PartnerReply, "request">;
  /** The reply that the partner began to send, even if it did not arrive. */
  readonly meant: Omit<PartnerReply, "request">;
}

export interface HandlerCall extends Span {
  readonly state: string;
  readonly message: number;
  readonly reply: Omit<PartnerReply, "request">;
}

export type SendCall = Call<Extract<Op, { what: "send" }>>;
export type SignalCall = Call<Extract<Op, { what: "signal" }>>;

/** A fault, with the first and the last place in the history at which it can have happened. */
interface InjectedFault {
  readonly kind: "kill" | "abort";
  readonly from: number;
  readonly to: number;
  /** Start of the fault and return of the gateway, in ms. */
  readonly fromMs: number;
  readonly upAt: number;
  /** True when the fault can have affected an execution or a callback. */
  readonly affects: (id: string) => boolean;
}

export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

export type Index = ReturnType<typeof indexOf>;

const NEVER = { endedAt: Number.POSITIVE_INFINITY, endAt: Number.POSITIVE_INFINITY };
const NO_REPLY = { status: "cut", isClean: false } as const;
/** A connection that a fault breaks may end a little before or after it. */
const BEHIND_MS = 1_500;

export function indexOf({ events, executions, callbacks }: Evidence) {
  const calls = callsOf(events);
  const requests = requestsOf(events);
  const faults = faultsOf(events);
  const views = new Map(executions.map((view) => [view.id, view]));
  const of = <W extends Op["what"]>(what: W) =>
    calls.filter((call) => call.op.what === what) as Call<Extract<Op, { what: W }>>[];
  const sends = of("send") as SendCall[];
  const signals = of("signal") as SignalCall[];
  const retried = new Map<string, number>();
  const count = (id: string | null, { answer }: Call) => {
    const mayBe = typeof answer.status !== "number" || answer.status < 300 || answer.status >= 500;
    if (id !== null && mayBe) retried.set(id, (retried.get(id) ?? 0) + 1);
  };
  for (const call of of("retry")) count(call.op.executionId, call);
  for (const call of of("lane")) if (call.op.action === "retry") for (const id of headsOf(call)) count(id, call);
  const started = new Map<number, number>();
  for (const { message, resubmittedFrom } of executions) {
    if (resubmittedFrom === undefined) started.set(message, (started.get(message) ?? 0) + 1);
  }
  return {
    ...{ events, executions, callbacks, calls, requests, faults, views, sends, signals, of },
    handlers: handlersOf(events),
    requestsOf: grouped(requests, ({ executionId }) => executionId),
    signalsOf: grouped(signals, ({ op }) => op.correlation),
    sendsOf: grouped(sends, ({ op }) => String(op.message)),
    /** Answers that callers got about an execution, in the order of their calls. */
    answersOf: grouped(
      [...sends, ...of("poll")]
        .filter(({ answer }) => answer.executionId !== undefined)
        .sort((a, b) => a.startedAt - b.startedAt),
      ({ answer }) => answer.executionId ?? "",
    ),
    /** Number of executions that a call of a callback has started. */
    startedBy: (message: number) => started.get(message) ?? 0,
    cancelsOf: grouped(of("cancel"), ({ op }) => op.executionId),
    /** Largest number of retries of an execution by operators. */
    retriesOf: (id: string) => retried.get(id) ?? 0,
    /** True when a fault between two places of the history can have undone or repeated something. */
    hadFault: (id: string, from: { readonly at: number }, to: number) =>
      faults.some((one) => one.affects(id) && one.from < to && one.upAt > from.at - BEHIND_MS),
    /** The same by time. */
    hadFaultNear: (fromMs: number, toMs: number, id = "") =>
      faults.some((one) => one.affects(id) && one.fromMs - BEHIND_MS < toMs && one.upAt + BEHIND_MS > fromMs),
  };
}

export const featureOfView = ({ trigger, flow }: ExecutionView): Feature | undefined =>
  featureOf.get(trigger ?? flow) ?? featureOf.get(flow);

/** The shard in an id (src/core/security/signed-id.ts); NaN for other texts. */
function shardOf(id: string): number {
  const [high, low] = [id.slice(15, 18), id.slice(19, 20)];
  return id.length === 36 ? (Number.parseInt(high, 16) << 2) | (Number.parseInt(low, 16) & 3) : Number.NaN;
}

const headsOf = ({ op }: Call<Extract<Op, { what: "lane" }>>) => (op.head === null ? [] : [op.head]);

function grouped<T>(items: readonly T[], key: (item: T) => string): (key: string) => readonly T[] {
  const groups = Map.groupBy(items, key);
  return (name) => groups.get(name) ?? [];
}

function callsOf(events: readonly Event[]): Call[] {
  const ends = new Map<number, { endedAt: number; endAt: number; answer: Answer }>();
  for (const [endedAt, event] of events.entries()) {
    if (event.kind === "answer") ends.set(event.call, { endedAt, endAt: event.at, answer: event });
  }
  const none = { ...NEVER, answer: { status: "left" as const } };
  return events.flatMap((event, startedAt) =>
    event.kind === "call" ? [{ op: event.op, startedAt, at: event.at, ...(ends.get(event.call) ?? none) }] : [],
  );
}

/** The first end counts as the end, the last reply as what arrived. */
function endsOf(events: readonly Event[]) {
  const ends = new Map<number, Pick<Request, "endedAt" | "endAt" | "reply" | "meant">>();
  for (const [endedAt, event] of events.entries()) {
    if (event.kind !== "reply") continue;
    const known = ends.get(event.request);
    const meant = known?.meant ?? event;
    ends.set(event.request, { endedAt, endAt: event.at, ...(known?.reply.isClean && known), reply: event, meant });
  }
  const never = { ...NEVER, reply: NO_REPLY, meant: NO_REPLY };
  return (request: number) => ends.get(request) ?? never;
}

function requestsOf(events: readonly Event[]): Request[] {
  const endOf = endsOf(events);
  return events.flatMap((event, startedAt) =>
    event.kind === "request" ? [{ ...event, startedAt, ...endOf(event.request) }] : [],
  );
}

function handlersOf(events: readonly Event[]): HandlerCall[] {
  const endOf = endsOf(events);
  return events.flatMap((event, startedAt) =>
    event.kind === "handler" ? [{ ...event, startedAt, ...endOf(event.request) }] : [],
  );
}

function faultsOf(events: readonly Event[]): InjectedFault[] {
  return events.flatMap((event, from) => {
    if (event.kind !== "kill" && event.kind !== "abort") return [];
    const over = event.kind === "kill" ? "up" : "aborted";
    const to = events.findIndex(({ kind }, place) => place > from && kind === over);
    const end = events[to];
    const upAt = end?.at ?? Number.POSITIVE_INFINITY;
    const shard = end?.kind === "aborted" ? Number(end.shard ?? Number.NaN) : Number.NaN;
    const affects = (id: string) => Number.isNaN(shard) || Number.isNaN(shardOf(id)) || shardOf(id) === shard;
    return [{ kind: event.kind, from, fromMs: event.at, to: to < 0 ? Number.POSITIVE_INFINITY : to, upAt, affects }];
  });
}
