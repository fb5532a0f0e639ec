/** Authentication of API callers, by admin token or personal access token, and their permissions (LD3, contract). */
import type { Config } from "../../config.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Permission } from "../../core/schema/access.ts";
import { matchesHash, presentedToken, sameText, tokenId } from "../../core/security/credential.ts";
import type { ConfigStore } from "../../storage/kv/config-store.ts";
import { assertedOperator } from "./cloudflare-access.ts";

export interface Caller {
  /** For logs. */
  readonly label: string;
  readonly permissions: readonly Permission[];
  /** The only workspace that the caller may access; null when all. */
  readonly workspace: { readonly name: string; readonly id: string } | null;
}

const NO_TOKEN =
  "A token is required: Authorization: Bearer TOKEN, or Basic with an empty user name and the token as password.";

/** The caller that the `Authorization` header proves. */
export async function authenticate(
  request: Request,
  config: Config,
  store: ConfigStore,
  challenge: "Basic" | "Bearer",
): Promise<Caller | Refusal> {
  const refuse = (detail: string) =>
    new Refusal("unauthenticated", detail, { headers: { "www-authenticate": `${challenge} realm="hookback"` } });
  const refused = refuse("A valid token is required.");
  const presented = presentedToken(request.headers.get("authorization"));
  if (presented === null) {
    const operator = config.access && (await assertedOperator(config.access, request));
    if (!config.access || operator === null) return refuse(NO_TOKEN);
    return { label: operator, permissions: config.access.permissions, workspace: null };
  }
  if (sameText(presented, config.adminToken)) return { label: "ADMIN_TOKEN", permissions: ["admin"], workspace: null };
  const id = tokenId(presented);
  const token = id && (await store.tokens.get(id));
  if (!token || !matchesHash(presented, token.hash)) return refused;
  if (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= Date.now()) return refused;
  const { label, permissions, workspace, workspaceId } = token;
  const bound = workspace !== undefined && workspaceId !== undefined ? { name: workspace, id: workspaceId } : null;
  return { label, permissions, workspace: bound };
}

/** `admin` includes every permission (LD14). */
export const isPermitted = (caller: Caller, permission: Permission) =>
  caller.permissions.includes("admin") || caller.permissions.includes(permission);

export const lacksPermission = (permission: Permission) =>
  new Refusal("forbidden", `The token lacks the permission ${permission}.`);
