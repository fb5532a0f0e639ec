import { invalidInput, notFound } from "../../../core/refusal.ts";
import { callbackConfigInput, callbackConfigRecord } from "../../../core/schema/callback.ts";
import { checkActivity } from "../../../services/callbacks.ts";
import { refuseBeyondLimit } from "../../../services/configuration/limits.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { answer, noContent } from "../../problem.ts";
import { pageHandler, pageOf, pageQuery } from "../page.ts";
import { type WorkspaceCall, workspaceRoute } from "../route.ts";

export const callbackConfigRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/callback-configs",
    permission: "config.read",
    summary: "List stored callback configurations",
    query: pageQuery,
    answers: { 200: pageOf(callbackConfigRecord) },
    handle: pageHandler((call: WorkspaceCall, limit, cursor) =>
      call.context.store.callbackConfigs.page(idsBelow(call.workspace.id), limit, cursor),
    ),
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
      const full = await refuseBeyondLimit(
        "callback configurations",
        callbackConfigs,
        idsBelow(workspace.id),
        key,
        config,
      );
      if (full) return full;
      await callbackConfigs.put(key, config);
      return answer(200, config);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/callback-configs/:name",
    permission: "config.read",
    summary: "Show a callback configuration",
    answers: { 200: callbackConfigRecord },
    handle: async ({ context, workspace, params }) => {
      const config = await context.store.callbackConfigs.get(recordId(workspace.id, params.name));
      return config ? answer(200, config) : notFound();
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/callback-configs/:name",
    permission: "config.write",
    summary: "Delete a callback configuration",
    answers: { 204: null },
    handle: async ({ context, workspace, params }) => {
      const key = recordId(workspace.id, params.name);
      if (!(await context.store.callbackConfigs.get(key))) return notFound();
      await context.store.callbackConfigs.delete(key);
      return noContent();
    },
  }),
];
