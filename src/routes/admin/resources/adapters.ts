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
    handle: async ({ gateway, workspace, body }) => shown(201, await createAdapter(gateway, workspace, body)),
  }),
  workspaceRoute({
    method: "GET",
    path: "/adapters",
    permission: "config.read",
    summary: "List adapters",
    query: pageQuery,
    answers: { 200: pageOf(adapterView) },
    handle: pageHandler(
      (call: WorkspaceCall, limit, cursor) => call.gateway.store.adapters.page(`${call.workspace.id}:`, limit, cursor),
      showAdapter,
    ),
  }),
  workspaceRoute({
    method: "GET",
    path: "/adapters/:id",
    permission: "config.read",
    summary: "Show an adapter",
    answers: { 200: adapterView },
    handle: async ({ gateway, workspace, params }) =>
      shown(200, (await gateway.store.adapters.get(`${workspace.id}:${params.id}`)) ?? notFound()),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/adapters/:id",
    permission: "config.write",
    summary: "Change an adapter",
    answers: { 200: adapterView },
    body: adapterInput,
    handle: async ({ gateway, workspace, params, body }) =>
      shown(200, await updateAdapter(gateway, workspace, params.id, body)),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/adapters/:id/rotate_shared_secret",
    permission: "config.write",
    summary: "Give an adapter a new shared secret",
    answers: { 200: adapterView },
    body: rotationInput,
    handle: async ({ gateway, workspace, params, body }) =>
      shown(200, await rotateSecret(gateway, workspace, params.id, body.shared_secret)),
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/adapters/:id",
    permission: "config.write",
    summary: "Delete an adapter that no flow uses",
    answers: { 204: null },
    handle: async ({ gateway, workspace, params }) =>
      (await deleteAdapter(gateway, workspace, params.id)) ?? noContent(),
  }),
];

const shown = (status: number, adapter: Adapter | Refusal) =>
  adapter instanceof Refusal ? adapter : answer(status, showAdapter(adapter));
