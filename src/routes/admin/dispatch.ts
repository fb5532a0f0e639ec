/** Every call of the admin API: token, permission, workspace, body, query, handler, answer, in this order. */
import { notFound, Refusal } from "../../core/refusal.ts";
import { check } from "../../core/schema/check.ts";
import { isWorkspaceName, OBJECT_NAME } from "../../core/schema/names.ts";
import { authenticate, type Caller, isPermitted, lacksPermission } from "../../services/access/caller.ts";
import type { RequestContext } from "../../services/request-context.ts";
import { answer, noContent } from "../problem.ts";
import { readJson } from "./json-body.ts";
import { type AdminRoute, badName } from "./route.ts";

export async function dispatch(
  route: AdminRoute,
  context: RequestContext,
  request: Request,
  rawParams: Readonly<Record<string, string>>,
): Promise<Response | Refusal> {
  const { config, store } = context;
  const caller = await authenticate(request, config, store, "Bearer");
  if (caller instanceof Refusal) return caller;
  const params = decode(rawParams);
  const denied = deny(caller, route, params?.ws);
  if (denied) return denied;
  if (!params) return notFound();
  const misnamed = checkNames(route, params);
  if (misnamed) return misnamed;

  const workspace = params.ws === undefined ? null : await store.workspaces.get(params.ws);
  if (route.needsWorkspace && !workspace) return notFound();
  if (caller.workspace && workspace && caller.workspace.id !== workspace.id) return foreign();

  const body = route.body ? await readJson(request, route.body) : undefined;
  if (body instanceof Refusal) return body;
  const query = route.query && check(route.query, Object.fromEntries(context.url.searchParams));
  if (query instanceof Refusal) return query;
  const call = { context, url: context.url, actor: caller.label, caller, params, body, query, workspace };
  const result = await route.handle(call as never);
  if (result instanceof Response || result instanceof Refusal) return result;
  if (result === null) return notFound();
  return result === undefined ? noContent() : answer(Number(Object.keys(route.answers)[0]), result);
}

/** A token of one workspace serves that one only, and no route of the gateway. */
function deny(caller: Caller, route: AdminRoute, workspaceName: string | undefined): Refusal | null {
  if (route.permission === null) return null;
  if (caller.workspace && caller.workspace.name !== workspaceName) return foreign();
  return isPermitted(caller, route.permission) ? null : lacksPermission(route.permission);
}

const foreign = () => new Refusal("forbidden", "The token belongs to another workspace.");

/** A name that nothing can have is not found. Where it would be given, the error says what is wrong with it. */
function checkNames({ method, needsWorkspace }: AdminRoute, params: Record<string, string>): Refusal | null {
  for (const [field, value] of Object.entries(params)) {
    if (field === "ws" ? isWorkspaceName(value) : OBJECT_NAME.test(value)) continue;
    if (method !== "PUT" || (field === "ws" && needsWorkspace)) return notFound();
    if (field !== "ws") return badName(field, "up to 64 letters, digits, dots, hyphens and underscores");
    return badName("name", "1 to 39 lower-case letters, digits and hyphens, and no reserved word");
  }
  return null;
}

function decode(raw: Readonly<Record<string, string>>): Record<string, string> | null {
  try {
    return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return null;
  }
}
