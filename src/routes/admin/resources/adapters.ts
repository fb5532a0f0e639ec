import { notFound, Refusal } from "../../../core/refusal.ts";
import {
  type Adapter,
  adapterInput,
  newAdapterInput,
  rotationInput,
  showAdapter,
} from "../../../core/schema/adapter.ts";
import { adapterView } from "../../../core/schema/views.ts";
import { createAdapter, deleteAdapter, rotateSecret, updateAdapter } from "../../../services/configuration/adapters.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { answer, noContent } from "../../problem.ts";
import { pageHandler, pageOf, pageQuery } from "../page.ts";
import { type WorkspaceCall, workspaceRoute } from "../route.ts";

export const adapterRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/adapters",
    permission: "config.write",
    summary: "Register an adapter",
    answers: { 201: adapterView },
    body: newAdapterInput,
    handle: async ({ context, workspace, body }) => shown(201, await createAdapter(context, workspace, body)),
  }),
  workspaceRoute({
    method: "GET",
    path: "/adapters",
    permission: "config.read",
    summary: "List adapters",
    query: pageQuery,
    answers: { 200: pageOf(adapterView) },
    handle: pageHandler(
      (call: WorkspaceCall, limit, cursor) =>
        call.context.store.adapters.page(idsBelow(call.workspace.id), limit, cursor),
      showAdapter,
    ),
  }),
  workspaceRoute({
    method: "GET",
    path: "/adapters/:id",
    permission: "config.read",
    summary: "Show an adapter",
    answers: { 200: adapterView },
    handle: async ({ context, workspace, params }) =>
      shown(200, (await context.store.adapters.get(recordId(workspace.id, params.id))) ?? notFound()),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/adapters/:id",
    permission: "config.write",
    summary: "Change an adapter",
    answers: { 200: adapterView },
    body: adapterInput,
    handle: async ({ context, workspace, params, body }) =>
      shown(200, await updateAdapter(context, workspace, params.id, body)),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/adapters/:id/rotate_shared_secret",
    permission: "config.write",
    summary: "Give an adapter a new shared secret",
    answers: { 200: adapterView },
    body: rotationInput,
    handle: async ({ context, workspace, params, body }) =>
      shown(200, await rotateSecret(context, workspace, params.id, body.shared_secret)),
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/adapters/:id",
    permission: "config.write",
    summary: "Delete an adapter that no flow uses",
    answers: { 204: null },
    handle: async ({ context, workspace, params }) =>
      (await deleteAdapter(context, workspace, params.id)) ?? noContent(),
  }),
];

const shown = (status: number, adapter: Adapter | Refusal) =>
  adapter instanceof Refusal ? adapter : answer(status, showAdapter(adapter));
