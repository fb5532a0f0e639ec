import { notFound, Refusal } from "../../protocol/refusal.ts";
import { showWorkspace, workspaceInput } from "../../protocol/schema/workspace.ts";
import { deleteWorkspace, putWorkspace } from "../../services/registry.ts";
import { answer, noContent } from "../problem.ts";
import { listAnswer, readPage } from "./page.ts";
import { gatewayRoute, workspaceRoute } from "./route.ts";

export const workspaceRoutes = [
  gatewayRoute({
    method: "GET",
    path: "/workspaces",
    permission: "config.read",
    handle: async ({ gateway, url }) => {
      const page = readPage(url);
      if (page instanceof Refusal) return page;
      return listAnswer(await gateway.store.workspaces.page("", page.limit, page.cursor), showWorkspace);
    },
  }),
  gatewayRoute({
    method: "PUT",
    path: "/workspaces/:ws",
    permission: "config.write",
    body: workspaceInput,
    handle: async ({ gateway, params, body }) =>
      answer(200, showWorkspace(await putWorkspace(gateway.store, params.ws, body))),
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
      await deleteWorkspace(gateway.store, workspace);
      return noContent();
    },
  }),
];
