import { Refusal } from "../../../core/refusal.ts";
import { workspaceView } from "../../../core/schema/views.ts";
import { showWorkspace, workspaceInput } from "../../../core/schema/workspace.ts";
import { deleteWorkspace, putWorkspace } from "../../../services/configuration/workspaces.ts";
import { pageOf, pageQuery, showPage } from "../page.ts";
import { gatewayRoute, workspaceRoute } from "../route.ts";

export const workspaceRoutes = [
  gatewayRoute({
    method: "GET",
    path: "/workspaces",
    permission: "config.read",
    summary: "List workspaces",
    query: pageQuery,
    answers: { 200: pageOf(workspaceView) },
    handle: async ({ context, query: { limit, cursor } }) =>
      showPage(await context.store.workspaces.page("", limit, cursor), showWorkspace),
  }),
  gatewayRoute({
    method: "PUT",
    path: "/workspaces/:ws",
    permission: "config.write",
    summary: "Create a workspace or change its settings",
    answers: { 200: workspaceView },
    body: workspaceInput,
    handle: async ({ context, params, body }) => {
      const workspace = await putWorkspace(context.store, params.ws, body);
      return workspace instanceof Refusal ? workspace : showWorkspace(workspace);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "",
    permission: "config.read",
    summary: "Show a workspace",
    answers: { 200: workspaceView },
    handle: async ({ workspace }) => showWorkspace(workspace),
  }),
  gatewayRoute({
    method: "DELETE",
    path: "/workspaces/:ws",
    permission: "config.write",
    summary: "Delete a workspace with its configuration",
    answers: { 204: null },
    handle: async ({ context, params }) => {
      const workspace = await context.store.workspaces.get(params.ws);
      if (!workspace) return null;
      await deleteWorkspace(context, workspace);
      return undefined;
    },
  }),
];
