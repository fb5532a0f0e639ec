/** The admin API's routes with the permission that each needs, as the contract's table has them. */

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

/** A request that changes nothing even where it is permitted, and what it is answered with then. */
export interface Probe {
  readonly method: string;
  /** Below `/api/v1`; `{ws}` stands for the workspace. */
  readonly path: string;
  readonly permission: Permission;
  readonly permitted: number;
}

const WRONG = 422;
const NOWHERE = 404;

const row = (permission: Permission, method: string, path: string, permitted: number): Probe => ({
  method,
  path,
  permission,
  permitted,
});

/** About the gateway as a whole: not for tokens that are bound to a workspace. */
export const GATEWAY_PROBES: readonly Probe[] = [
  row("config.read", "GET", "/workspaces", 200),
  row("admin", "GET", "/tokens", 200),
  row("admin", "POST", "/tokens", WRONG),
  row("admin", "DELETE", "/tokens/11111111-2222-4333-8444-555555555555", NOWHERE),
];

/** The workspace `{ws}` has a flow and a trigger `used`; nothing is called `nothing`. */
export const WORKSPACE_PROBES: readonly Probe[] = [
  row("config.read", "GET", "/workspaces/{ws}", 200),
  row("config.write", "PUT", "/workspaces/{ws}", WRONG),
  row("config.read", "GET", "/workspaces/{ws}/flows", 200),
  row("config.read", "GET", "/workspaces/{ws}/flows/used", 200),
  row("config.write", "PUT", "/workspaces/{ws}/flows/used", WRONG),
  row("config.write", "DELETE", "/workspaces/{ws}/flows/used", 409),
  row("config.read", "GET", "/workspaces/{ws}/triggers", 200),
  row("config.read", "GET", "/workspaces/{ws}/triggers/used", 200),
  row("config.write", "PUT", "/workspaces/{ws}/triggers/used", WRONG),
  row("config.write", "DELETE", "/workspaces/{ws}/triggers/nothing", NOWHERE),
  row("config.read", "GET", "/workspaces/{ws}/triggers/used/keys", 200),
  row("config.write", "POST", "/workspaces/{ws}/triggers/used/keys", WRONG),
  row("config.write", "PATCH", "/workspaces/{ws}/triggers/used/keys/nothing", WRONG),
  row("config.write", "DELETE", "/workspaces/{ws}/triggers/used/keys/nothing", NOWHERE),
  row("config.read", "GET", "/workspaces/{ws}/secrets", 200),
  row("config.write", "PUT", "/workspaces/{ws}/secrets/erp", WRONG),
  row("config.write", "DELETE", "/workspaces/{ws}/secrets/nothing", NOWHERE),
  row("executions.read", "GET", "/workspaces/{ws}/executions", 200),
  row("executions.read", "GET", "/workspaces/{ws}/executions/nothing", NOWHERE),
  row("executions.read", "GET", "/workspaces/{ws}/executions/nothing/message", NOWHERE),
];
