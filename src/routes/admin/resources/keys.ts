import { notFound, Refusal } from "../../../core/refusal.ts";
import { apiKeyInput, apiKeyPatch, showApiKey } from "../../../core/schema/trigger.ts";
import { apiKeyView, issuedApiKey, listedApiKey } from "../../../core/schema/views.ts";
import { addApiKey } from "../../../services/access/credentials.ts";
import { lastKeyUses } from "../../../storage/kv/key-uses.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { answer, noContent } from "../../problem.ts";
import { listAnswer, pageOf, pageQuery, readPage } from "../page.ts";
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
      if (path instanceof Refusal) return path;
      const added = await addApiKey(call.context.store, path, call.body);
      return added instanceof Refusal ? added : answer(201, showApiKey(added));
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
      if (path instanceof Refusal) return path;
      const page = readPage(call.url);
      if (page instanceof Refusal) return page;
      const listed = await call.context.store.apiKeys.page(idsBelow(path), page.limit, page.cursor);
      const uses = await lastKeyUses(
        call.context.env.CONFIG,
        (listed?.items ?? []).map(({ id }) => recordId(path, id)),
      );
      return listAnswer(listed, (key) => {
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
      const found = await find(call);
      if (found instanceof Refusal) return found;
      const changed = { ...found.key, ...call.body };
      await call.context.store.apiKeys.put(found.at, changed);
      return answer(200, showApiKey(changed));
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/triggers/:trigger/keys/:id",
    permission: "config.write",
    summary: "Delete an API key",
    answers: { 204: null },
    handle: async (call) => {
      const found = await find(call);
      if (found instanceof Refusal) return found;
      await call.context.store.apiKeys.delete(found.at);
      return noContent();
    },
  }),
];

/** Where the keys of the call's trigger are. */
async function triggerPath({
  context,
  workspace,
  params,
}: WorkspaceCall<unknown, "trigger">): Promise<string | Refusal> {
  const path = recordId(workspace.id, params.trigger);
  return (await context.store.triggers.get(path)) ? path : notFound();
}

async function find(call: WorkspaceCall<unknown, "trigger" | "id">) {
  const at = recordId(call.workspace.id, call.params.trigger, call.params.id);
  const key = await call.context.store.apiKeys.get(at);
  return key ? { at, key } : notFound();
}
