import { notFound } from "../../../core/refusal.ts";
import { secretInput } from "../../../core/schema/access.ts";
import { SECRET_NAME } from "../../../core/schema/names.ts";
import { secretView } from "../../../core/schema/views.ts";
import { refuseBeyondLimit } from "../../../services/configuration/limits.ts";
import { idsBelow, recordId } from "../../../storage/kv/record-id.ts";
import { noContent } from "../../problem.ts";
import { pageHandler, pageOf, pageQuery } from "../page.ts";
import { badName, type WorkspaceCall, workspaceRoute } from "../route.ts";

export const secretRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/secrets",
    permission: "config.read",
    summary: "List the names of secrets",
    query: pageQuery,
    answers: { 200: pageOf(secretView) },
    handle: pageHandler((call: WorkspaceCall, limit, cursor) =>
      call.context.store.secrets.list(call.workspace.id, limit, cursor),
    ),
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
      if (full) return full;
      await secrets.store(workspace.id, name, body.value);
      return noContent();
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/secrets/:name",
    permission: "config.write",
    summary: "Delete a secret",
    answers: { 204: null },
    handle: async ({ context, workspace, params }) => {
      const name = params.name;
      if (!(await context.store.secrets.exists(workspace.id, name))) return notFound();
      await context.store.secrets.delete(recordId(workspace.id, name));
      return noContent();
    },
  }),
];
