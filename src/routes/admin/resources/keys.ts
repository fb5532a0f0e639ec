import { Refusal } from "../../../core/refusal.ts";
import { apiKeyInput, apiKeyPatch, showApiKey } from "../../../core/schema/trigger.ts";
import { apiKeyView, issuedApiKey, listedApiKey } from "../../../core/schema/views.ts";
import { addApiKey } from "../../../services/access/credentials.ts";
import { lastKeyUses } from "../../../storage/kv/key-uses.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { deleteRecord } from "../delete-record.ts";
import { pageOf, pageQuery, showPage } from "../page.ts";
import { type WorkspaceCall, workspaceRoute } from "../route.ts";

export const keyRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/triggers/:trigger/keys",
    permission: "config.write",
    summary: "Add an API key; it is shown once",
    answers: { 201: issuedApiKey },
    body: apiKeyInput,
    handle: async (call) => {
      const path = await triggerPath(call);
      if (path === null) return null;
      const added = await addApiKey(call.context.store, path, call.body);
      return added instanceof Refusal ? added : showApiKey(added);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/triggers/:trigger/keys",
    permission: "config.read",
    summary: "List the API keys of a trigger",
    query: pageQuery,
    answers: { 200: pageOf(listedApiKey) },
    handle: async (call) => {
      const path = await triggerPath(call);
      if (path === null) return null;
      const listed = await call.context.store.apiKeys.page(idsBelow(path), call.query.limit, call.query.cursor);
      const uses = await lastKeyUses(
        call.context.env.CONFIG,
        (listed?.items ?? []).map(({ id }) => recordId(path, id)),
      );
      return showPage(listed, (key) => {
        const lastUsedAt = uses.get(recordId(path, key.id));
        return { ...showApiKey(key), ...(lastUsedAt !== undefined && { lastUsedAt }) };
      });
    },
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/triggers/:trigger/keys/:id",
    permission: "config.write",
    summary: "Change the label of an API key",
    answers: { 200: apiKeyView },
    body: apiKeyPatch,
    handle: async (call) => {
      const at = keyId(call);
      const key = await call.context.store.apiKeys.get(at);
      if (!key) return null;
      const changed = { ...key, ...call.body };
      await call.context.store.apiKeys.put(at, changed);
      return showApiKey(changed);
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/triggers/:trigger/keys/:id",
    permission: "config.write",
    summary: "Delete an API key",
    answers: { 204: null },
    handle: (call) => deleteRecord(call.context.store.apiKeys, keyId(call)),
  }),
];

/** The path of the trigger's keys; null when there is no such trigger. */
async function triggerPath({ context, workspace, params }: WorkspaceCall<unknown, "trigger">) {
  const path = recordId(workspace.id, params.trigger);
  return (await context.store.triggers.get(path)) && path;
}

const keyId = ({ workspace, params }: WorkspaceCall<unknown, "trigger" | "id">) =>
  recordId(workspace.id, params.trigger, params.id);
