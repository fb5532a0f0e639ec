import { notFound, Refusal } from "../../../core/refusal.ts";
import { flowInput, flowRecord } from "../../../core/schema/flow.ts";
import { deleteFlow, putFlow } from "../../../services/configuration/flows.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { answer, noContent } from "../../problem.ts";
import { pageHandler, pageOf, pageQuery } from "../page.ts";
import { type WorkspaceCall, workspaceRoute } from "../route.ts";

export const flowRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/flows",
    permission: "config.read",
    summary: "List flows",
    query: pageQuery,
    answers: { 200: pageOf(flowRecord) },
    handle: pageHandler((call: WorkspaceCall, limit, cursor) =>
      call.context.store.flows.page(idsBelow(call.workspace.id), limit, cursor),
    ),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/flows/:flow",
    permission: "config.write",
    summary: "Save a flow",
    answers: { 200: flowRecord },
    body: flowInput,
    handle: async ({ context, workspace, params, body }) => {
      const flow = await putFlow(context, workspace, params.flow, body);
      return flow instanceof Refusal ? flow : answer(200, flow);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/flows/:flow",
    permission: "config.read",
    summary: "Show a flow",
    answers: { 200: flowRecord },
    handle: async ({ context, workspace, params }) => {
      const flow = await context.store.flows.get(recordId(workspace.id, params.flow));
      return flow ? answer(200, flow) : notFound();
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/flows/:flow",
    permission: "config.write",
    summary: "Delete a flow that nothing uses",
    answers: { 204: null },
    handle: async ({ context, workspace, params }) =>
      (await deleteFlow(context.store, workspace, params.flow)) ?? noContent(),
  }),
];
