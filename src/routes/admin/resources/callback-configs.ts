import { invalidInput } from "../../../core/refusal.ts";
import { callbackConfigInput, callbackConfigRecord } from "../../../core/schema/callback.ts";
import { checkActivity } from "../../../services/callbacks.ts";
import { refuseBeyondLimit } from "../../../services/configuration/limits.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { deleteRecord } from "../delete-record.ts";
import { pageOf, pageQuery, showPage } from "../page.ts";
import { workspaceRoute } from "../route.ts";

export const callbackConfigRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/callback-configs",
    permission: "config.read",
    summary: "List stored callback configurations",
    query: pageQuery,
    answers: { 200: pageOf(callbackConfigRecord) },
    handle: async ({ context, workspace, query: { limit, cursor } }) =>
      showPage(await context.store.callbackConfigs.page(idsBelow(workspace.id), limit, cursor)),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/callback-configs/:name",
    permission: "config.write",
    summary: "Store a callback configuration",
    answers: { 200: callbackConfigRecord },
    body: callbackConfigInput,
    handle: async ({ context, workspace, params, body }) => {
      const errors = await checkActivity(context, workspace, body.callbackActivity);
      if (errors.length > 0) return invalidInput(errors);
      const { callbackConfigs } = context.store;
      const key = recordId(workspace.id, params.name);
      const config = { name: params.name, ...body };
      const below = idsBelow(workspace.id);
      const full = await refuseBeyondLimit("callback configurations", callbackConfigs, below, key, config);
      if (!full) await callbackConfigs.put(key, config);
      return full ?? config;
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/callback-configs/:name",
    permission: "config.read",
    summary: "Show a callback configuration",
    answers: { 200: callbackConfigRecord },
    handle: ({ context, workspace, params }) => context.store.callbackConfigs.get(recordId(workspace.id, params.name)),
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/callback-configs/:name",
    permission: "config.write",
    summary: "Delete a callback configuration",
    answers: { 204: null },
    handle: ({ context, workspace, params }) =>
      deleteRecord(context.store.callbackConfigs, recordId(workspace.id, params.name)),
  }),
];
