/** The table of public paths. Matching, 405, the abuse limit and the names in logs and metrics all follow from it. */
import { version } from "../../package.json";
import { notFound, type Refusal } from "../core/refusal.ts";
import { OBJECT_NAME, WORKSPACE_NAME } from "../core/schema/names.ts";
import type { RequestContext } from "../services/request-context.ts";
import { receiveAdapterCallback } from "../services/results/adapter-callback.ts";
import { receiveLinkCallback } from "../services/results/link-callback.ts";
import { dispatchAdmin } from "./admin/router.ts";
import type { PUBLIC_PATHS } from "./openapi/public-paths.ts";
import { answer, wrongMethod } from "./problem.ts";
import { callByParameter, callByPath } from "./public/callback.ts";
import { redirectToConsole, serveConsole } from "./public/console.ts";
import { pollExecution, receiveMessage } from "./public/trigger.ts";

type Answer = Response | Refusal;

interface RouteName {
  readonly what: string;
  readonly workspace?: string;
}

export interface PublicPath {
  /** Allowed methods. Without them the handler decides, because only the configuration says what exists at the path. */
  readonly methods?: readonly string[];
  /**
   * A credential is looked up here, so addresses beyond the abuse limit are refused. Callbacks and triggers are not
   * guarded: a good state or credential still works from such an address.
   */
  readonly isGuarded?: true;
  /** The request contains a signed id, so a 404 counts as a forged one. */
  readonly hasSignedId?: true;
  /** Name in logs and metrics; the pattern when absent. Never the path itself, which may contain a state or an id. */
  readonly name?: (segments: readonly string[]) => RouteName;
  /** @param params the values of the pattern's parameters; none when one of them is not properly encoded. */
  readonly handle: (request: Request, context: RequestContext, params: readonly string[]) => Answer | Promise<Answer>;
}

const CALLBACK_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const UNKNOWN: RouteName = { what: "unknown" };
const ADMIN: PublicPath = { isGuarded: true, name: nameOfAdmin, handle: dispatchAdmin };

/** A path of the API description in the notation of the table. */
type Pattern<Path extends string> = Path extends `${infer Before}{${infer Name}}${infer After}`
  ? `${Before}:${Name}${Pattern<After>}`
  : Path;
/** Paths that the API description leaves out or describes by the routes of the admin API. */
type Undescribed = "/" | "/console/*" | "/api/*" | "/api/v1/workspaces/:ws/executions/:id/*";

/** Of the patterns with one first segment, the first that matches applies. Each documented path has its row. */
export const TABLE: Readonly<Record<Pattern<keyof typeof PUBLIC_PATHS> | Undescribed, PublicPath>> = {
  "/": { methods: ["GET"], handle: redirectToConsole },
  "/healthz": {
    methods: ["GET", "HEAD"],
    handle: ({ method }) => (method === "HEAD" ? new Response(null) : answer(200, { status: "ok", version })),
  },
  "/console/*": { methods: ["GET", "HEAD"], handle: (request, { env }) => serveConsole(request, env) },
  "/cb/:state": { methods: CALLBACK_METHODS, hasSignedId: true, handle: callByPath },
  "/cbq/:param": {
    ...{ methods: CALLBACK_METHODS, hasSignedId: true, name: () => ({ what: "/cbq/:name" }) },
    handle: callByParameter,
  },
  "/cb": {
    ...{ methods: ["POST"], isGuarded: true, hasSignedId: true },
    handle: async (request, context) => (await receiveLinkCallback(context, request)) ?? accepted(),
  },
  "/adapter/callback": {
    ...{ methods: ["POST"], isGuarded: true },
    handle: async (request, context) => (await receiveAdapterCallback(context, request)) ?? accepted(),
  },
  "/api/v1/workspaces/:ws/executions/:id/*": { ...ADMIN, hasSignedId: true },
  "/api/*": ADMIN,
  "/:workspace/:trigger": { name: nameOfTrigger, handle: receiveMessage },
  "/:workspace/:trigger/executions/:id": { hasSignedId: true, name: nameOfTrigger, handle: pollExecution },
};

const accepted = () => answer(200, { status: "accepted" });

/** Callbacks and triggers are by far the most frequent requests: a path is compared with the few rows of its first segment. */
const rows = Object.entries(TABLE).map(([pattern, path]) => ({ pattern, parts: segmentsOf(pattern), path }));
const rowsByFirst = Map.groupBy(rows, ({ parts: [first = ""] }) => first);
const TRIGGERS = ":workspace";

export interface Match {
  readonly pattern: string;
  readonly path: PublicPath;
  readonly parts: readonly string[];
  /** Segments of the request's path, still encoded. */
  readonly segments: readonly string[];
}

/** The row of a path, or null when nothing can be there. */
export function findPath(pathname: string): Match | null {
  const segments = segmentsOf(pathname);
  const candidates = rowsByFirst.get(segments[0] ?? "") ?? rowsByFirst.get(TRIGGERS);
  const row = candidates?.find(({ parts }) => fits(parts, segments));
  return row ? { ...row, segments } : null;
}

export async function dispatch(match: Match | null, request: Request, context: RequestContext): Promise<Answer> {
  if (!match) return notFound();
  const { methods, handle } = match.path;
  if (methods && !methods.includes(request.method)) return wrongMethod(request.method, methods);
  return handle(request, context, paramsOf(match));
}

/** The name of a request in logs and metrics. Names are those of the URL, whether they exist or not. */
export const nameOf = (match: Match | null): RouteName =>
  match ? (match.path.name?.(match.segments) ?? { what: match.pattern.replace("/*", "") }) : UNKNOWN;

function segmentsOf(path: string): string[] {
  return path.replace(/\/+$/, "").split("/").slice(1);
}

function fits(parts: readonly string[], segments: readonly string[]): boolean {
  const fixed = parts.at(-1) === "*" ? parts.length - 1 : parts.length;
  if (fixed === parts.length ? segments.length !== fixed : segments.length < fixed) return false;
  return parts.every((part, index) => part[0] === ":" || part === "*" || part === segments[index]);
}

function paramsOf({ parts, segments }: Match): string[] {
  try {
    return parts.flatMap((part, index) => (part[0] === ":" ? [decodeURIComponent(segments[index] ?? "")] : []));
  } catch {
    return [];
  }
}

function nameOfAdmin([, , first = "", workspace = "", below = ""]: readonly string[]): RouteName {
  const nounOf = (segment: string) => /^[a-z-]+/.exec(segment)?.[0];
  const noun = first === "workspaces" ? nounOf(below) : undefined;
  if (noun) return { what: `/api/v1/workspaces/:ws/${noun}`, workspace };
  const what = nounOf(first);
  return what ? { what: `/api/v1/${what}` } : UNKNOWN;
}

function nameOfTrigger([workspace = "", trigger = "", executions]: readonly string[]): RouteName {
  if (!WORKSPACE_NAME.test(workspace) || !OBJECT_NAME.test(trigger)) return UNKNOWN;
  return { what: `/:workspace/${trigger}${executions ? "/executions/:id" : ""}`, workspace };
}
