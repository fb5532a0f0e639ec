/** The routes of the admin API, and the descriptions of it, which are the same for everybody and need no token. */
import { type IRequest, Router } from "itty-router";
import { notFound, type Refusal } from "../../core/refusal.ts";
import type { RequestContext } from "../../services/request-context.ts";
import { describeApi, describeConfigDocument } from "../openapi/openapi.ts";
import { answer, wrongMethod } from "../problem.ts";
import { dispatch } from "./dispatch.ts";
import { adapterRoutes } from "./resources/adapters.ts";
import { callbackConfigRoutes } from "./resources/callback-configs.ts";
import { callbackRoutes } from "./resources/callbacks.ts";
import { configRoutes } from "./resources/config.ts";
import { executionRoutes } from "./resources/executions.ts";
import { flowRoutes } from "./resources/flows.ts";
import { keyRoutes } from "./resources/keys.ts";
import { laneRoutes } from "./resources/lanes.ts";
import { metricsRoute } from "./resources/metrics.ts";
import { resealRoute } from "./resources/reseal.ts";
import { secretRoutes } from "./resources/secrets.ts";
import { sessionRoute } from "./resources/session.ts";
import { tokenRoutes } from "./resources/tokens.ts";
import { triggerRoutes } from "./resources/triggers.ts";
import { workspaceRoutes } from "./resources/workspaces.ts";

const routes = [
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

const router = Router<IRequest, [RequestContext], Response | Refusal>({ base: "/api/v1" });
router.get("/openapi.json", (_, { url }) => answer(200, describeApi(routes, url.origin)));
router.get("/config.schema.json", ({ url }) => answer(200, describeConfigDocument(url)));
for (const route of routes) {
  const register = router[route.method.toLowerCase() as Lowercase<typeof route.method>];
  register(route.path, (request, context) => {
    return dispatch(route, context, request as unknown as Request, request.params);
  });
}

export async function dispatchAdmin(request: Request, context: RequestContext): Promise<Response | Refusal> {
  const found: Response | Refusal | undefined = await router.fetch(request as IRequest & Request, context);
  if (found) return found;
  const { pathname } = context.url;
  const allowed = new Set(router.routes.filter(([, pattern]) => pattern.test(pathname)).map(([method]) => method));
  return allowed.size > 0 ? wrongMethod(request.method, [...allowed]) : notFound();
}
