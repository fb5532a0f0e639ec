/** The route of a path, for logs and metrics: a path itself may hold a state or an id, which nobody else is to see. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^\/cb\/?$/, "/cb"],
  [/^\/cb\//, "/cb/:state"],
  [/^\/cbq(?:\/|$)/, "/cbq/:name"],
  [/^\/adapter\/callback$/, "/adapter/callback"],
  [/^\/console(?:\/|$)/, "/console"],
  [/^\/(?:healthz)?$/, "/healthz"],
];
const API = /^\/api\/v1\/(workspaces\/[^/]+\/)?([a-z-]+)/;
const TRIGGER = /^\/([a-z0-9][a-z0-9-]{0,38})\/([A-Za-z0-9][\w.-]{0,63})(\/executions\/[^/]+)?$/;

/** The route, and the workspace where it is of one. Names are those of the URL, whether they exist or not. */
export function routeName(path: string): { readonly what: string; readonly workspace?: string } {
  const fixed = PATTERNS.find(([pattern]) => pattern.test(path))?.[1];
  if (fixed) return { what: fixed };
  const [, ws, noun] = API.exec(path) ?? [];
  if (noun) {
    const workspace = ws?.split("/")[1];
    return workspace ? { what: `/api/v1/workspaces/:ws/${noun}`, workspace } : { what: `/api/v1/${noun}` };
  }
  const [, workspace, trigger, executions] = TRIGGER.exec(path) ?? [];
  if (!workspace || !trigger) return { what: "unknown" };
  return { what: `/:workspace/${trigger}${executions ? "/executions/:id" : ""}`, workspace };
}
