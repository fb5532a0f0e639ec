/** The admin API's routes with the permission that each needs, as the contract's table has them. */
import { randomUUID } from "node:crypto";
import { type AdminRoute, adminRoutes } from "../../../tools/fuzz/routes.ts";
import type { Admin } from "../workspace.ts";

export const PERMISSIONS = [
  "admin",
  "config.read",
  "config.write",
  "callbacks.read",
  "callbacks.write",
  "executions.read",
  "executions.write",
  "asyncflow.callback.send",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The requirement of a route: a permission, or only authentication. */
type Asked = Permission | null;

const row = (permission: Asked, method: string, path: string, change?: object) => ({
  permission,
  method,
  path,
  change,
});
const inWorkspace = (permission: Asked, method: string, path: string, change?: object) =>
  row(permission, method, `/workspaces/:ws${path}`, change);

const ADAPTER = { name: "evil", type: "input", webhook_url: "http://127.0.0.1:9/" };

/** Every route; where it takes a body, one that would change something. */
const TABLE = [
  row(null, "GET", "/session"),
  row("executions.read", "GET", "/metrics"),
  row("config.read", "GET", "/workspaces"),
  row("admin", "GET", "/tokens"),
  row("admin", "POST", "/tokens", { label: "evil", permissions: ["admin"] }),
  row("admin", "DELETE", "/tokens/:id"),
  row("admin", "POST", "/reseal"),
  inWorkspace("config.read", "GET", ""),
  inWorkspace("config.write", "PUT", "", { retentionDays: 9 }),
  inWorkspace("config.write", "DELETE", ""),
  inWorkspace("config.read", "GET", "/config"),
  inWorkspace("config.write", "PUT", "/config", { flows: {} }),
  inWorkspace("config.read", "GET", "/flows"),
  inWorkspace("config.read", "GET", "/flows/:flow"),
  inWorkspace("config.write", "PUT", "/flows/:flow", { steps: [{ name: "evil", type: "transform", template: "x" }] }),
  inWorkspace("config.write", "DELETE", "/flows/:flow"),
  inWorkspace("config.read", "GET", "/triggers"),
  inWorkspace("config.read", "GET", "/triggers/:trigger"),
  inWorkspace("config.write", "PUT", "/triggers/:trigger", { flow: "used", methods: ["PUT"] }),
  inWorkspace("config.write", "DELETE", "/triggers/:trigger"),
  inWorkspace("config.read", "GET", "/triggers/:trigger/keys"),
  inWorkspace("config.write", "POST", "/triggers/:trigger/keys", { label: "evil" }),
  inWorkspace("config.write", "PATCH", "/triggers/:trigger/keys/:id", { label: "evil" }),
  inWorkspace("config.write", "DELETE", "/triggers/:trigger/keys/:id"),
  inWorkspace("config.read", "GET", "/secrets"),
  inWorkspace("config.write", "PUT", "/secrets/:name", { value: "evil" }),
  inWorkspace("config.write", "DELETE", "/secrets/:name"),
  inWorkspace("config.read", "GET", "/callback-configs"),
  inWorkspace("config.read", "GET", "/callback-configs/:name"),
  inWorkspace("config.write", "PUT", "/callback-configs/:name", { responseBody: "evil" }),
  inWorkspace("config.write", "DELETE", "/callback-configs/:name"),
  inWorkspace("config.read", "GET", "/adapters"),
  inWorkspace("config.read", "GET", "/adapters/:id"),
  inWorkspace("config.write", "POST", "/adapters", { ...ADAPTER, shared_secret: "evil" }),
  inWorkspace("config.write", "PUT", "/adapters/:id", ADAPTER),
  inWorkspace("config.write", "PUT", "/adapters/:id/rotate_shared_secret", { shared_secret: "evil" }),
  inWorkspace("config.write", "DELETE", "/adapters/:id"),
  inWorkspace("callbacks.read", "GET", "/callbacks"),
  inWorkspace("callbacks.read", "GET", "/callbacks/:state"),
  inWorkspace("callbacks.read", "GET", "/callbacks/:state/calls/:number/body"),
  inWorkspace("callbacks.write", "POST", "/callbacks", {
    callbackActivity: { type: "record" },
    responseType: "response",
  }),
  inWorkspace("callbacks.write", "DELETE", "/callbacks/:state"),
  inWorkspace("executions.read", "GET", "/executions"),
  inWorkspace("executions.read", "GET", "/executions/:id"),
  inWorkspace("executions.read", "GET", "/executions/:id/message"),
  inWorkspace("executions.write", "POST", "/executions/:id/retry"),
  inWorkspace("executions.write", "POST", "/executions/:id/cancel"),
  inWorkspace("executions.write", "POST", "/executions/:id/resubmit"),
  inWorkspace("executions.write", "POST", "/executions/bulk", { action: "cancel" }),
  inWorkspace("executions.read", "GET", "/lanes"),
  inWorkspace("executions.write", "POST", "/lanes/:id/retry"),
  inWorkspace("executions.write", "POST", "/lanes/:id/skip"),
  inWorkspace("executions.write", "POST", "/lanes/:id/pause"),
  inWorkspace("executions.write", "POST", "/lanes/:id/resume"),
] as const;

/** Existing ids for path parameters, by the segment before them. */
export type World = Readonly<Record<string, string>>;

/** A request of an admin route. */
export interface Probe extends AdminRoute {
  readonly permission: Asked;
  /** A body that would change something; undefined where the route takes none. */
  readonly change: object | undefined;
}

/** The contract's table, compared with the code's: each must have what the other has. */
export async function probes(): Promise<{ probes: Probe[]; contract: string[]; code: string[] }> {
  const code = await adminRoutes();
  const text = ({ method, path, permission }: Pick<AdminRoute, "method" | "path" | "permission">) =>
    `${method} ${path} ${permission}`;
  return {
    probes: TABLE.map((entry) => ({
      ...entry,
      hasBody: code.some(({ method, path, hasBody }) => hasBody && method === entry.method && path === entry.path),
    })),
    contract: TABLE.map(text).toSorted(),
    code: code.map(text).toSorted(),
  };
}

/** The path with its parameters filled in; one that the world does not have becomes `nothing`. */
const pathOf = ({ path }: Probe, world: World) =>
  path.replaceAll(/([^/]+)\/:\w+/g, (_, noun: string) => `${noun}/${world[noun] ?? "nothing"}`);

/** Each request has its own client address, so that the abuse limit does not apply. */
export const fromAnywhere = () => ({ "cf-connecting-ip": `2001:db8::${randomUUID().slice(9, 18).replace("-", ":")}` });

/** Sends what would change something where it is permitted. */
export const attack = (admin: Admin, probe: Probe, world: World) =>
  admin.request(probe.method, pathOf(probe, world), probe.change, fromAnywhere());

/** Sends what changes nothing even where it is permitted, and what it is answered with then. */
export function tryOut(admin: Admin, probe: Probe, world: World): { answer: Promise<Response>; permitted: number } {
  const isRead = probe.method === "GET";
  const body = probe.hasBody ? { x: 1 } : undefined;
  const path = pathOf(probe, isRead ? world : { workspaces: world.workspaces ?? "" });
  // One that names nothing and takes no body does nothing after the first time.
  const isNameless = !probe.hasBody && !probe.path.includes(":");
  return {
    answer: admin.request(probe.method, path, body, fromAnywhere()),
    permitted: isRead || isNameless ? 200 : probe.hasBody ? 422 : 404,
  };
}

/** True when the request deletes the workspace itself. */
export const isFatal = ({ method, path }: Probe) => method === "DELETE" && path === "/workspaces/:ws";
