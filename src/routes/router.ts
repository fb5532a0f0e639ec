/** The table of all routes, and what happens around each. */
import { type IRequest, Router } from "itty-router";
import { version } from "../../package.json";
import { type Env, NotConfigured } from "../config.ts";
import { exceedsHopLimit, readTraceContext, type TraceContext } from "../core/message/trace-context.ts";
import { notFound, Refusal } from "../core/refusal.ts";
import { RESERVED_SEGMENTS } from "../core/schema/names.ts";
import { createContext, type RequestContext } from "../services/request-context.ts";
import { receiveAdapterCallback } from "../services/results/adapter-callback.ts";
import { receiveLinkCallback } from "../services/results/link-callback.ts";
import { StoreFailed } from "../storage/bodies/store-failed.ts";
import { emit } from "../storage/telemetry.ts";
import { countRefusal, refuseShutOut } from "./abuse-limit.ts";
import { dispatch } from "./admin/dispatch.ts";
import { adapterRoutes } from "./admin/resources/adapters.ts";
import { callbackConfigRoutes } from "./admin/resources/callback-configs.ts";
import { callbackRoutes } from "./admin/resources/callbacks.ts";
import { configRoutes } from "./admin/resources/config.ts";
import { executionRoutes } from "./admin/resources/executions.ts";
import { flowRoutes } from "./admin/resources/flows.ts";
import { keyRoutes } from "./admin/resources/keys.ts";
import { laneRoutes } from "./admin/resources/lanes.ts";
import { metricsRoute } from "./admin/resources/metrics.ts";
import { resealRoute } from "./admin/resources/reseal.ts";
import { secretRoutes } from "./admin/resources/secrets.ts";
import { sessionRoute } from "./admin/resources/session.ts";
import { tokenRoutes } from "./admin/resources/tokens.ts";
import { triggerRoutes } from "./admin/resources/triggers.ts";
import { workspaceRoutes } from "./admin/resources/workspaces.ts";
import { describeApi, describeConfigDocument } from "./openapi/openapi.ts";
import { answer, problem } from "./problem.ts";
import { callByParameter, callByPath } from "./public/callback.ts";
import { redirectToConsole, serveConsole } from "./public/console.ts";
import { atTrigger, wrongMethod } from "./public/trigger.ts";
import { routeName } from "./route-name.ts";

/** Longest URL, in characters: the platform's own limit. */
const URL_LIMIT = 16 * 1024;

const adminRoutes = [
  ...workspaceRoutes,
  ...flowRoutes,
  ...triggerRoutes,
  ...keyRoutes,
  ...secretRoutes,
  ...tokenRoutes,
  ...executionRoutes,
  ...laneRoutes,
  ...callbackRoutes,
  ...callbackConfigRoutes,
  ...adapterRoutes,
  ...configRoutes,
  sessionRoute,
  metricsRoute,
  resealRoute,
];

type Answer = Response | Refusal;

/** The paths of the gateway itself that are no callback's. */
const router = Router<IRequest, [RequestContext], Answer>();

router.get("/healthz", () => answer(200, { status: "ok", version }));
router.head("/healthz", () => new Response(null));
router.get("/", redirectToConsole);
router.get("/console/*", (request, { env }) => serveConsole(asRequest(request), env));
router.head("/console/*", (request, { env }) => serveConsole(asRequest(request), env));
router.post("/cb", async (request, context) => {
  return (await receiveLinkCallback(context, asRequest(request))) ?? answer(200, { status: "accepted" });
});
router.post("/adapter/callback", async (request, context) => {
  return (await receiveAdapterCallback(context, asRequest(request))) ?? answer(200, { status: "accepted" });
});
// They say nothing about anybody, so they need no token.
router.get("/api/v1/openapi.json", (_, { url }) => answer(200, describeApi(adminRoutes, url.origin)));
router.get("/api/v1/config.schema.json", ({ url }) => answer(200, describeConfigDocument(url)));
for (const route of adminRoutes) {
  const register = router[route.method.toLowerCase() as "get" | "post" | "put" | "patch" | "delete"];
  register(`/api/v1${route.path}`, (request, context) => dispatch(route, context, asRequest(request), request.params));
}
router.all("/*", (request, { url }) => refuseMethod(request.method, url));
/**
 * The way of a request. Callbacks and triggers are by far the most frequent, so they are told by the segments of their
 * path, before any other path is compared.
 */
async function route(request: Request, context: RequestContext): Promise<Answer> {
  const { pathname } = context.url;
  const segments = pathname.replace(/\/+$/, "").split("/").slice(1);
  const [first = "", second] = segments;
  const isCall = segments.length === 2 && second !== undefined;
  if (first === "cb" && isCall) return callByPath(context, request, decoded(segments)?.[1]);
  if (first === "cbq" && isCall) return callByParameter(context, request, decoded(segments)?.[1]);
  const isOwn = first === "" || RESERVED_SEGMENTS.includes(first);
  const found = isOwn
    ? await router.fetch(request as IRequest & Request, context)
    : await atTrigger(context, request, decoded(segments) ?? []);
  return found ?? notFound();
}

/** Answers any request, and tells whoever watches. */
export async function handle(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  const started = Date.now();
  const url = URL.parse(request.url);
  const answered = await answerTo(request, url, env, ctx);
  const isLogged = answered.status >= 500 || env.LOG !== "problems";
  if (url && (isLogged || env.METRICS)) tellOf(request, url, answered, env, isLogged, Date.now() - started);
  return answered;
}

function tellOf(
  { method }: Request,
  { pathname }: URL,
  { status, headers }: Response,
  env: Env,
  isLogged: boolean,
  ms: number,
): void {
  const { what, workspace } = routeName(pathname);
  const executionId = headers.get("hookback-execution-id");
  const seen = { message: "request", what, ...(workspace && { workspace }), outcome: String(status), ms };
  emit(env, isLogged, seen, { method, ...(executionId && { executionId }) });
}

/** Nothing that goes wrong inside is told outside. */
async function answerTo(request: Request, url: URL | null, env: Env, ctx: ExecutionContext): Promise<Response> {
  try {
    if (!url) return problem(new Refusal("invalid-request", "The URL cannot be read."));
    if (request.url.length > URL_LIMIT) {
      return problem(new Refusal("uri-too-long", `The URL exceeds ${URL_LIMIT} characters.`));
    }
    const traceContext = readTraceContext((name) => request.headers.get(name));
    const refused = refuseCoding(request) ?? refuseLoop(traceContext) ?? refuseShutOut(request, url, Date.now());
    if (refused) return problem(refused);
    const found = await route(request, createContext(env, url, traceContext, ctx));
    if (!(found instanceof Refusal)) return found;
    return problem(await countRefusal(request, url, env, found, Date.now()));
  } catch (error) {
    if (error instanceof NotConfigured) return problem(new Refusal("not-configured", error.message));
    if (isPassing(error)) {
      console.warn({ message: "a request was interrupted", error: String(error) });
      const detail = "The gateway was interrupted, and it is not known what became of the request; send it again.";
      return problem(new Refusal("unavailable", detail, { headers: { "retry-after": "1" } }));
    }
    console.error({ message: "a request failed", error: String(error), stack: (error as Error)?.stack });
    return problem(new Refusal("internal-error", "Something went wrong in the gateway."));
  }
}

/** The method is wrong for a path that the gateway has itself; every other path goes on. */
function refuseMethod(method: string, { pathname }: URL): Refusal | undefined {
  const allowed = router.routes
    .filter(([known, pattern]) => known !== "ALL" && pattern.test(pathname))
    .map(([known]) => known);
  return allowed.length > 0 ? wrongMethod(method, [...new Set(allowed)]) : undefined;
}

/** Segments of a path; null where one is not properly encoded: it names nothing. */
function decoded(segments: readonly string[]): string[] | null {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** Messages are passed on as they came, and their coding would be lost on the way. */
function refuseCoding({ headers }: Request): Refusal | null {
  const coding = headers.get("content-encoding")?.trim().toLowerCase();
  if (!coding || coding === "identity") return null;
  return new Refusal("unsupported-media-type", `A body with the content coding ${coding.slice(0, 50)} is not taken.`, {
    headers: { "accept-encoding": "identity" },
  });
}

/** Gateways that call each other in a circle would never come to an end. */
const refuseLoop = (traceContext: TraceContext) =>
  exceedsHopLimit(traceContext)
    ? new Refusal("loop-detected", "The message has gone through too many gateways.")
    : null;

const asRequest = (request: IRequest) => request as unknown as Request;

/** What says nothing against the request: its object was stopped under it, or the bucket failed. */
const isPassing = (error: unknown) =>
  error instanceof StoreFailed ||
  (error instanceof Error &&
    ["durableObjectReset", "retryable", "overloaded"].some((name) => name in error && error[name as keyof Error]));
