import { notFound, Refusal } from "../../protocol/refusal.ts";
import { flowInput } from "../../protocol/schema/flow.ts";
import { deleteFlow, putFlow } from "../../services/flows.ts";
import { answer, noContent } from "../problem.ts";
import { pageHandler } from "./page.ts";
import { type WorkspaceCall, workspaceRoute } from "./route.ts";

export const flowRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/flows",
    permission: "config.read",
    handle: pageHandler((call: WorkspaceCall, limit, cursor) =>
      call.gateway.store.flows.page(`${call.workspace.id}:`, limit, cursor),
    ),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/flows/:flow",
    permission: "config.write",
    body: flowInput,
    handle: async ({ gateway, workspace, params, body }) => {
      const flow = await putFlow(gateway.store, workspace, params.flow, body);
      return flow instanceof Refusal ? flow : answer(200, flow);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/flows/:flow",
    permission: "config.read",
    handle: async ({ gateway, workspace, params }) => {
      const flow = await gateway.store.flows.get(`${workspace.id}:${params.flow}`);
      return flow ? answer(200, flow) : notFound();
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/flows/:flow",
    permission: "config.write",
    handle: async ({ gateway, workspace, params }) =>
      (await deleteFlow(gateway.store, workspace, params.flow)) ?? noContent(),
  }),
];
