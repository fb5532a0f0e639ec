import { flowInput, flowRecord } from "../../../core/schema/flow.ts";
import { deleteFlow, putFlow } from "../../../services/configuration/flows.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { pageOf, pageQuery, showPage } from "../page.ts";
import { workspaceRoute } from "../route.ts";

export const flowRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/flows",
    permission: "config.read",
    summary: "List flows",
    query: pageQuery,
    answers: { 200: pageOf(flowRecord) },
    handle: async ({ context, workspace, query: { limit, cursor } }) =>
      showPage(await context.store.flows.page(idsBelow(workspace.id), limit, cursor)),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/flows/:flow",
    permission: "config.write",
    summary: "Save a flow",
    answers: { 200: flowRecord },
    body: flowInput,
    handle: ({ context, workspace, params, body }) => putFlow(context, workspace, params.flow, body),
  }),
  workspaceRoute({
    method: "GET",
    path: "/flows/:flow",
    permission: "config.read",
    summary: "Show a flow",
    answers: { 200: flowRecord },
    handle: ({ context, workspace, params }) => context.store.flows.get(recordId(workspace.id, params.flow)),
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/flows/:flow",
    permission: "config.write",
    summary: "Delete a flow that nothing uses",
    answers: { 204: null },
    handle: async ({ context, workspace, params }) =>
      (await deleteFlow(context.store, workspace, params.flow)) ?? undefined,
  }),
];
