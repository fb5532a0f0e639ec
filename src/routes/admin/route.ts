/** The definition of an admin route, and the call that its handler gets. */
import type { z } from "zod";
import { invalidInput, type Refusal } from "../../core/refusal.ts";
import type { Permission } from "../../core/schema/access.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import type { Caller } from "../../services/access/caller.ts";
import type { RequestContext } from "../../services/request-context.ts";

/** The names of the parameters in a path such as `/flows/:flow`. */
type ParamOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** A call that is authenticated and permitted, with its input checked. */
export interface Call<Body = unknown, Param extends string = never, Query = unknown> {
  readonly context: RequestContext;
  readonly url: URL;
  /** The caller's label, for logs. */
  readonly actor: string;
  readonly caller: Caller;
  /** Path parameters, decoded; each is a valid name. */
  readonly params: Readonly<Record<Param, string>>;
  readonly body: Body;
  readonly query: Query;
}

/** A call below an existing workspace. */
export interface WorkspaceCall<Body = unknown, Param extends string = never, Query = unknown>
  extends Call<Body, Param, Query> {
  readonly workspace: Workspace;
}

/**
 * The result of a handler: JSON for the status that the route declares, `undefined` for an answer without content, null
 * for 404, or a response of its own.
 */
export type Result = Response | Refusal | object | null | undefined;

interface Definition<Path extends string, Body, Query extends z.ZodObject, C> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: Path;
  /** Null for a route of every caller, whatever the workspace of its token. */
  readonly permission: Permission | null;
  /** Validates the request body; without it none is read. */
  readonly body?: z.ZodType<Body>;
  /** One line for the API description. */
  readonly summary: string;
  /** Validates the query parameters; the last of a repeated name wins. */
  readonly query?: Query;
  /** The status of a success with the schema of its JSON, its media type, or null for no content. */
  readonly answers: Readonly<Record<number, z.ZodType | string | null>>;
  readonly handle: (call: C) => Promise<Result>;
}

export interface AdminRoute extends Definition<string, unknown, z.ZodObject, never> {
  /** True when the workspace of the path must exist, else 404. */
  readonly needsWorkspace: boolean;
}

/** A route below `/workspaces/{ws}`; its path is relative to that. */
export function workspaceRoute<const Path extends string, Body = undefined, Query extends z.ZodObject = z.ZodObject>(
  definition: Definition<Path, Body, Query, WorkspaceCall<Body, ParamOf<Path>, z.output<Query>>>,
): AdminRoute {
  return { ...definition, path: `/workspaces/:ws${definition.path}`, needsWorkspace: true };
}

/** A route of the gateway, or of a workspace that need not exist. */
export function gatewayRoute<const Path extends string, Body = undefined, Query extends z.ZodObject = z.ZodObject>(
  definition: Definition<Path, Body, Query, Call<Body, ParamOf<Path>, z.output<Query>>>,
): AdminRoute {
  return { ...definition, needsWorkspace: false };
}

export const badName = (field: string, message: string) => invalidInput([{ field, message }]);
