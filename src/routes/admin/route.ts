/** What an admin route is, and what its handler gets. */
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
export interface Call<Body = unknown, Param extends string = never> {
  readonly context: RequestContext;
  readonly url: URL;
  /** Who calls, for logs. */
  readonly actor: string;
  readonly caller: Caller;
  /** Path parameters, decoded; each is a name that something could have. */
  readonly params: Readonly<Record<Param, string>>;
  readonly body: Body;
}

/** A call below an existing workspace. */
export interface WorkspaceCall<Body = unknown, Param extends string = never> extends Call<Body, Param> {
  readonly workspace: Workspace;
}

interface Definition<Path extends string, Body, C> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: Path;
  /** Null for what every caller may do, whatever workspace its token is bound to. */
  readonly permission: Permission | null;
  /** Checks the request body; a route without one reads none. */
  readonly body?: z.ZodType<Body>;
  /** What it does, in a line of the API description. */
  readonly summary: string;
  /** Its query parameters. */
  readonly query?: z.ZodObject;
  /** What a success answers: the schema of its JSON, the media type of anything else, null for nothing. */
  readonly answers: Readonly<Record<number, z.ZodType | string | null>>;
  readonly handle: (call: C) => Promise<Response | Refusal>;
}

export interface AdminRoute extends Definition<string, unknown, never> {
  /** Whether the path's workspace must exist; its absence is a 404 then. */
  readonly needsWorkspace: boolean;
}

/** A route below `/workspaces/{ws}`; its path is relative to that. */
export function workspaceRoute<const Path extends string, Body = undefined>(
  definition: Definition<Path, Body, WorkspaceCall<Body, ParamOf<Path>>>,
): AdminRoute {
  return { ...definition, path: `/workspaces/:ws${definition.path}`, needsWorkspace: true };
}

/** A route of the gateway as a whole, or about a workspace that need not exist. */
export function gatewayRoute<const Path extends string, Body = undefined>(
  definition: Definition<Path, Body, Call<Body, ParamOf<Path>>>,
): AdminRoute {
  return { ...definition, needsWorkspace: false };
}

export const badName = (field: string, message: string) => invalidInput([{ field, message }]);
