import { Refusal } from "../../../core/refusal.ts";
import { type Trigger, triggerInput } from "../../../core/schema/trigger.ts";
import { triggerView } from "../../../core/schema/views.ts";
import { deleteTrigger, putTrigger } from "../../../services/configuration/triggers.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { pageOf, pageQuery, showPage } from "../page.ts";
import { type WorkspaceCall, workspaceRoute } from "../route.ts";

export const triggerRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/triggers",
    permission: "config.read",
    summary: "List triggers",
    query: pageQuery,
    answers: { 200: pageOf(triggerView) },
    handle: async (call) => {
      const { limit, cursor } = call.query;
      const page = await call.context.store.triggers.page(idsBelow(call.workspace.id), limit, cursor);
      return showPage(page, (trigger) => show(call, trigger));
    },
  }),
  workspaceRoute({
    method: "PUT",
    path: "/triggers/:trigger",
    permission: "config.write",
    summary: "Save a trigger",
    answers: { 200: triggerView },
    body: triggerInput,
    handle: async (call) => {
      const trigger = await putTrigger(call.context.store, call.workspace, call.params.trigger, call.body);
      return trigger instanceof Refusal ? trigger : show(call, trigger);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/triggers/:trigger",
    permission: "config.read",
    summary: "Show a trigger",
    answers: { 200: triggerView },
    handle: async (call) => {
      const trigger = await call.context.store.triggers.get(recordId(call.workspace.id, call.params.trigger));
      return trigger && show(call, trigger);
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/triggers/:trigger",
    permission: "config.write",
    summary: "Delete a trigger with its keys",
    answers: { 204: null },
    handle: async ({ context, workspace, params }) =>
      (await deleteTrigger(context.store, workspace, params.trigger)) ?? undefined,
  }),
];

/** A trigger with its URL. */
function show({ context, workspace, url }: WorkspaceCall<unknown>, { name, ...settings }: Trigger) {
  const origin = context.config.publicUrl ?? url.origin;
  return { name, url: `${origin}/${workspace.name}/${name}`, ...settings };
}
