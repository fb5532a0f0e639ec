import { notFound, Refusal } from "../../../core/refusal.ts";
import { workspaceView } from "../../../core/schema/views.ts";
import { showWorkspace, workspaceInput } from "../../../core/schema/workspace.ts";
import { deleteWorkspace, putWorkspace } from "../../../services/configuration/workspaces.ts";
import { answer, noContent } from "../../problem.ts";
import { pageHandler, pageOf, pageQuery } from "../page.ts";
import { type Call, gatewayRoute, workspaceRoute } from "../route.ts";

export const workspaceRoutes = [
  gatewayRoute({
    method: "GET",
    path: "/workspaces",
    permission: "config.read",
    summary: "List workspaces",
    query: pageQuery,
    answers: { 200: pageOf(workspaceView) },
    handle: pageHandler(
      (call: Call, limit, cursor) => call.context.store.workspaces.page("", limit, cursor),
      showWorkspace,
    ),
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
      return workspace instanceof Refusal ? workspace : answer(200, showWorkspace(workspace));
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "",
    permission: "config.read",
    summary: "Show a workspace",
    answers: { 200: workspaceView },
    handle: async ({ workspace }) => answer(200, showWorkspace(workspace)),
  }),
  gatewayRoute({
    method: "DELETE",
    path: "/workspaces/:ws",
    permission: "config.write",
    summary: "Delete a workspace with its configuration",
    answers: { 204: null },
    handle: async ({ context, params }) => {
      const workspace = await context.store.workspaces.get(params.ws);
      if (!workspace) return notFound();
      await deleteWorkspace(context, workspace);
      return noContent();
    },
  }),
];
