/** An execution, and the columns of its row in table `executions`. */
import type { Progress, Status } from "../../core/execution/execution.ts";
import { type Body, isStored } from "../../core/message/body.ts";
import type { RequestMetadata } from "../../core/message/request-values.ts";
import { NO_TRACE_CONTEXT, type TraceContext } from "../../core/message/trace-context.ts";

/** A body as its row describes it; the bytes of an inline one are in a column of their own. */
export interface BodyFacts {
  readonly type: string | null;
  readonly size: number;
  readonly key?: string;
  readonly sha256?: string;
}

/** The call of a callback that started an execution. */
export interface SourceCall {
  readonly callbackState: string;
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** An execution without its bytes. */
export interface Execution extends Progress {
  readonly sequence: number;
  /** Row of its snapshot. */
  readonly snapshotId: number;
  /** Name of its lane; null when it runs freely. */
  readonly lane: string | null;
  /** Scheme and host under which its trigger was called. */
  readonly origin: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly input: BodyFacts;
  /** The call of a callback that started it; null where a trigger did. */
  readonly call: SourceCall | null;
  /** Id of the execution whose message it repeats; null for a first one. */
  readonly resubmittedFrom: string | null;
  /** The request beside its body, where the trigger's output template needs it. */
  readonly request: RequestMetadata | null;
  readonly traceContext: TraceContext;
  /** Chosen by the Worker that received the message; null where none did. */
  readonly submissionId: string | null;
  /** The message as it is now; null while it is still the input. */
  readonly message: BodyFacts | null;
}

export interface Row extends Record<string, SqlStorageValue> {
  id: number;
  plan: number;
  lane: string | null;
  origin: string;
  status: string;
  step: number;
  run: number;
  attempts: number;
  due_at: number | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  trail: string;
  input: string;
  message: string | null;
}

/** The origin of a message; it is stored beside the facts of the input. */
type Origin = Pick<Execution, "call" | "resubmittedFrom" | "request" | "traceContext" | "submissionId">;

/** The origin under the names that stored rows have for it. */
interface StoredOrigin extends Pick<Execution, "call" | "resubmittedFrom" | "request"> {
  readonly journey: TraceContext;
  readonly ticket: string | null;
}

type Trail = Pick<Progress, "end" | "past" | "steps" | "log">;

export const COLUMNS =
  "id, plan, lane, origin, status, step, run, attempts, due_at, created_at, started_at, finished_at, trail, input, message";

export function fromRow(row: Row): Execution {
  const trail = JSON.parse(row.trail) as Trail;
  const {
    call = null,
    resubmittedFrom = null,
    request = null,
    journey: traceContext = NO_TRACE_CONTEXT,
    ticket: submissionId = null,
    ...input
  } = JSON.parse(row.input) as BodyFacts & Partial<StoredOrigin>;
  return {
    sequence: row.id,
    snapshotId: row.plan,
    lane: row.lane,
    origin: row.origin,
    status: row.status as Status,
    step: row.step,
    run: row.run,
    attempts: row.attempts,
    dueAt: row.due_at,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    ...trail,
    input,
    call,
    resubmittedFrom,
    request,
    traceContext,
    submissionId,
    message: row.message === null ? null : (JSON.parse(row.message) as BodyFacts),
  };
}

/** The parts of an execution that are one column. */
export const trailOf = ({ end, past, steps, log }: Trail): Trail => ({ end, ...(past && { past }), steps, log });

export const trailText = (trail: Trail) => JSON.stringify(trailOf(trail));

/** The facts of a body as text, with the origin of the message. */
export function factsText(body: Body, origin?: Origin): string {
  const { call, resubmittedFrom, request, traceContext, submissionId } = origin ?? {};
  const given = {
    ...(call && { call }),
    ...(resubmittedFrom && { resubmittedFrom }),
    ...(request && { request }),
    ...(traceContext && (traceContext.hops > 0 || traceContext.trace) && { journey: traceContext }),
    ...(submissionId && { ticket: submissionId }),
  };
  return JSON.stringify({ ...factsOf(body), ...given });
}

export function factsOf(body: Body): BodyFacts {
  const { type, size } = body;
  return isStored(body) ? { type, size, key: body.key, sha256: body.sha256 } : { type, size };
}

export const bytesOf = (body: Body) => (isStored(body) || body.size === 0 ? null : body.bytes);

/** Keys of the R2 objects that the facts of bodies name. */
export const keysOf = (...facts: (string | null)[]) =>
  facts.flatMap((text) => (text === null ? [] : ((JSON.parse(text) as BodyFacts).key ?? [])));
