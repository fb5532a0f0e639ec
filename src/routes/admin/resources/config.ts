import { z } from "zod";
import { Refusal } from "../../../core/refusal.ts";
import { configDocument } from "../../../core/schema/config-document.ts";
import { configChanges } from "../../../core/schema/views.ts";
import { applyConfig } from "../../../services/configuration/apply.ts";
import { showConfig } from "../../../services/configuration/document.ts";
import { workspaceRoute } from "../route.ts";

const applyQuery = z.object({
  dryRun: z.enum(["true", "false"]).default("false").describe("`true` only answers what would change."),
});

export const configRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/config",
    permission: "config.read",
    summary: "Show the whole configuration as one document, without secrets",
    answers: { 200: configDocument },
    handle: ({ context, workspace }) => showConfig(context.store, workspace),
  }),
  workspaceRoute({
    method: "PUT",
    path: "/config",
    permission: "config.write",
    summary: "Make the configuration what a document says",
    query: applyQuery,
    answers: { 200: configChanges },
    body: configDocument,
    handle: async ({ context, workspace, query, body }) => {
      const dryRun = query.dryRun === "true";
      const applied = await applyConfig(context, workspace, body, dryRun);
      return applied instanceof Refusal ? applied : { dryRun, ...applied };
    },
  }),
];
