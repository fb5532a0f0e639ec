import { Refusal } from "../../../core/refusal.ts";
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
import { pageOf, pageQuery, showPage } from "../page.ts";
import { workspaceRoute } from "../route.ts";

export const adapterRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/adapters",
    permission: "config.write",
    summary: "Register an adapter",
    answers: { 201: adapterView },
    body: newAdapterInput,
    handle: async ({ context, workspace, body }) => shown(await createAdapter(context, workspace, body)),
  }),
  workspaceRoute({
    method: "GET",
    path: "/adapters",
    permission: "config.read",
    summary: "List adapters",
    query: pageQuery,
    answers: { 200: pageOf(adapterView) },
    handle: async ({ context, workspace, query: { limit, cursor } }) =>
      showPage(await context.store.adapters.page(idsBelow(workspace.id), limit, cursor), showAdapter),
  }),
  workspaceRoute({
    method: "GET",
    path: "/adapters/:id",
    permission: "config.read",
    summary: "Show an adapter",
    answers: { 200: adapterView },
    handle: async ({ context, workspace, params }) =>
      shown(await context.store.adapters.get(recordId(workspace.id, params.id))),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/adapters/:id",
    permission: "config.write",
    summary: "Change an adapter",
    answers: { 200: adapterView },
    body: adapterInput,
    handle: async ({ context, workspace, params, body }) =>
      shown(await updateAdapter(context, workspace, params.id, body)),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/adapters/:id/rotate_shared_secret",
    permission: "config.write",
    summary: "Give an adapter a new shared secret",
    answers: { 200: adapterView },
    body: rotationInput,
    handle: async ({ context, workspace, params, body }) =>
      shown(await rotateSecret(context, workspace, params.id, body.shared_secret)),
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/adapters/:id",
    permission: "config.write",
    summary: "Delete an adapter that no flow uses",
    answers: { 204: null },
    handle: async ({ context, workspace, params }) => (await deleteAdapter(context, workspace, params.id)) ?? undefined,
  }),
];

const shown = (adapter: Adapter | Refusal | null) =>
  adapter === null || adapter instanceof Refusal ? adapter : showAdapter(adapter);
