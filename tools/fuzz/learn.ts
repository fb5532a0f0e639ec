/** Learns ids from answers, for later requests. */
import { parseObject } from "../lib/parse-object.ts";
import type { FuzzAnswer } from "./client.ts";
import type { FuzzRequest } from "./request.ts";
import { remember, type World } from "./world.ts";

type Shown = Record<string, unknown> & { readonly items?: readonly Record<string, unknown>[] };

/** By route, the nouns of what its answer holds; `items` of lists likewise. */
const NOUNS: Record<string, Record<string, string>> = {
  "admin POST /workspaces/:ws/adapters": { id: "adapters" },
  "admin POST /workspaces/:ws/callbacks": { callbackState: "callbacks" },
  "admin POST /workspaces/:ws/triggers/:trigger/keys": { id: "keys" },
  "admin POST /workspaces/:ws/executions/:id/resubmit": { id: "executions" },
  "admin GET /workspaces/:ws/executions": { id: "executions" },
  "admin GET /workspaces/:ws/lanes": { id: "lanes" },
  "admin GET /workspaces/:ws/flows": { name: "flows" },
  "admin GET /workspaces/:ws/triggers": { name: "triggers" },
  "admin GET /workspaces/:ws/secrets": { name: "secrets" },
  "admin POST /tokens": { id: "tokens" },
};

export function learn(
  world: World,
  { route, method, owner }: FuzzRequest,
  { status, headers, text }: FuzzAnswer,
): void {
  if (owner === "nobody" || owner === "victim" || status < 200 || status >= 300) return;
  const pool = world.pools[owner];
  remember(pool, "executions", headers["hookback-execution-id"]);
  const nouns = NOUNS[route];
  // Other methods return other things, such as the tokens that the fuzzing itself needs.
  if (!nouns || !route.startsWith(`admin ${method} `)) return;
  const shown = parseObject(text) as Shown | null;
  if (!shown) return;
  for (const one of [shown, ...(Array.isArray(shown.items) ? shown.items.slice(0, 5) : [])]) {
    for (const [member, noun] of Object.entries(nouns)) remember(pool, noun, one[member]);
  }
}
