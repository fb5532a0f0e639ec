import { secretInput } from "../../../core/schema/access.ts";
import { SECRET_NAME } from "../../../core/schema/names.ts";
import { secretView } from "../../../core/schema/views.ts";
import { refuseBeyondLimit } from "../../../services/configuration/limits.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { deleteRecord } from "../delete-record.ts";
import { pageOf, pageQuery, showPage } from "../page.ts";
import { badName, workspaceRoute } from "../route.ts";

export const secretRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/secrets",
    permission: "config.read",
    summary: "List the names of secrets",
    query: pageQuery,
    answers: { 200: pageOf(secretView) },
    handle: async ({ context, workspace, query: { limit, cursor } }) =>
      showPage(await context.store.secrets.list(workspace.id, limit, cursor)),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/secrets/:name",
    permission: "config.write",
    summary: "Set the value of a secret; it is never shown",
    answers: { 204: null },
    body: secretInput,
    handle: async ({ context, workspace, params, body }) => {
      const name = params.name;
      if (!SECRET_NAME.test(name))
        return badName("name", "a letter, then up to 63 letters, digits, hyphens, underscores");
      const { secrets } = context.store;
      const full = await refuseBeyondLimit("secrets", secrets, idsBelow(workspace.id), recordId(workspace.id, name));
      if (!full) await secrets.store(workspace.id, name, body.value);
      return full ?? undefined;
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/secrets/:name",
    permission: "config.write",
    summary: "Delete a secret",
    answers: { 204: null },
    handle: ({ context, workspace, params }) =>
      deleteRecord(context.store.secrets, recordId(workspace.id, params.name)),
  }),
];
