/** Answers every request: checks that apply to all of them, dispatch, mapping of exceptions to problems, and the log entry. */
import { type Env, NotConfigured } from "./config.ts";
import { exceedsHopLimit, readTraceContext, type TraceContext } from "./core/message/trace-context.ts";
import { Refusal } from "./core/refusal.ts";
import { countFailure, refuseBlocked } from "./routes/abuse-limit.ts";
import { problem } from "./routes/problem.ts";
import { dispatch, findPath, type Match, nameOf } from "./routes/router.ts";
import { createContext } from "./services/request-context.ts";
import { StoreFailed } from "./storage/bodies/store-failed.ts";
import { emit } from "./storage/telemetry.ts";

/** Longest URL, in characters: the platform's own limit. */
const URL_LIMIT = 16 * 1024;

export async function handle(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  const startedAt = Date.now();
  const url = URL.parse(request.url);
  const match = url && findPath(url.pathname);
  const response = await respond(request, url, match, env, ctx);
  const { status, headers } = response;
  const isLogged = status >= 500 || env.LOG !== "problems";
  if (url && (isLogged || env.METRICS)) {
    const executionId = headers.get("hookback-execution-id");
    const event = { message: "request", ...nameOf(match), outcome: String(status), ms: Date.now() - startedAt };
    emit(env, isLogged, event, { method: request.method, ...(executionId && { executionId }) });
  }
  return response;
}

/** Details of an internal failure are logged, never answered. */
async function respond(
  request: Request,
  url: URL | null,
  match: Match | null,
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> {
  try {
    if (!url) return problem(new Refusal("invalid-request", "The URL is not valid."));
    if (request.url.length > URL_LIMIT) {
      return problem(new Refusal("uri-too-long", `The URL exceeds ${URL_LIMIT} characters.`));
    }
    const traceContext = readTraceContext((name) => request.headers.get(name));
    const refused = refuseCoding(request) ?? refuseLoop(traceContext) ?? refuseBlocked(request, match, Date.now());
    if (refused) return problem(refused);
    const answer = await dispatch(match, request, createContext(env, url, traceContext, ctx));
    return answer instanceof Refusal ? problem(await countFailure(request, match, env, answer, Date.now())) : answer;
  } catch (error) {
    if (error instanceof NotConfigured) return problem(new Refusal("not-configured", error.message));
    if (isTransient(error)) {
      console.warn({ message: "a request was interrupted", error: String(error) });
      const detail = "The gateway was interrupted and cannot say whether the request was completed; send it again.";
      return problem(new Refusal("unavailable", detail, { headers: { "retry-after": "1" } }));
    }
    console.error({ message: "a request failed", error: String(error), stack: (error as Error)?.stack });
    return problem(new Refusal("internal-error", "The gateway failed to handle the request."));
  }
}

/** A body is forwarded as it came but without its content coding, so a coded one would be unreadable. */
function refuseCoding({ headers }: Request): Refusal | null {
  const coding = headers.get("content-encoding")?.trim().toLowerCase();
  if (!coding || coding === "identity") return null;
  return new Refusal("unsupported-media-type", `The content coding ${coding.slice(0, 50)} is not supported.`, {
    headers: { "accept-encoding": "identity" },
  });
}

/** Gateways that call each other in a circle would never stop. */
const refuseLoop = (traceContext: TraceContext) =>
  exceedsHopLimit(traceContext)
    ? new Refusal("loop-detected", "The message has passed through too many gateways.")
    : null;

/** True when the request itself was fine: its object was reset or overloaded, or the bucket failed. */
const isTransient = (error: unknown) =>
  error instanceof StoreFailed ||
  (error instanceof Error &&
    ["durableObjectReset", "retryable", "overloaded"].some((name) => name in error && error[name as keyof Error]));
