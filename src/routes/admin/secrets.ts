import { notFound } from "../../protocol/refusal.ts";
import { secretInput } from "../../protocol/schema/access.ts";
import { SECRET_NAME } from "../../protocol/schema/names.ts";
import { refuseBeyondLimit } from "../../services/limits.ts";
import { noContent } from "../problem.ts";
import { pageHandler } from "./page.ts";
import { badName, type WorkspaceCall, workspaceRoute } from "./route.ts";

export const secretRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/secrets",
    permission: "config.read",
    handle: pageHandler((call: WorkspaceCall, limit, cursor) =>
      call.gateway.store.secrets.list(call.workspace.id, limit, cursor),
    ),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/secrets/:name",
    permission: "config.write",
    body: secretInput,
    handle: async ({ gateway, workspace, params, body }) => {
      const name = params.name;
      if (!SECRET_NAME.test(name))
        return badName("name", "a letter, then up to 63 letters, digits, hyphens, underscores");
      const { records } = gateway.store.secrets;
      const full = await refuseBeyondLimit("secrets", records, `${workspace.id}:`, `${workspace.id}:${name}`);
      if (full) return full;
      await gateway.store.secrets.put(workspace.id, name, body.value);
      return noContent();
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/secrets/:name",
    permission: "config.write",
    handle: async ({ gateway, workspace, params }) => {
      const name = params.name;
      if (!(await gateway.store.secrets.exists(workspace.id, name))) return notFound();
      await gateway.store.secrets.delete(workspace.id, name);
      return noContent();
    },
  }),
];
