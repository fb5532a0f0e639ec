import { notFound, Refusal } from "../../protocol/refusal.ts";
import { showWorkspace, workspaceInput } from "../../protocol/schema/workspace.ts";
import { deleteWorkspace, putWorkspace } from "../../services/workspaces.ts";
import { answer, noContent } from "../problem.ts";
import { pageHandler } from "./page.ts";
import { type Call, gatewayRoute, workspaceRoute } from "./route.ts";

export const workspaceRoutes = [
  gatewayRoute({
    method: "GET",
    path: "/workspaces",
    permission: "config.read",
    handle: pageHandler(
      (call: Call, limit, cursor) => call.gateway.store.workspaces.page("", limit, cursor),
      showWorkspace,
    ),
  }),
  gatewayRoute({
    method: "PUT",
    path: "/workspaces/:ws",
    permission: "config.write",
    body: workspaceInput,
    handle: async ({ gateway, params, body }) => {
      const workspace = await putWorkspace(gateway.store, params.ws, body);
      return workspace instanceof Refusal ? workspace : answer(200, showWorkspace(workspace));
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "",
    permission: "config.read",
    handle: async ({ workspace }) => answer(200, showWorkspace(workspace)),
  }),
  gatewayRoute({
    method: "DELETE",
    path: "/workspaces/:ws",
    permission: "config.write",
    handle: async ({ gateway, params }) => {
      const workspace = await gateway.store.workspaces.get(params.ws);
      if (!workspace) return notFound();
      await deleteWorkspace(gateway, workspace);
      return noContent();
    },
  }),
];
