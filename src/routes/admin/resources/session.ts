import { sessionView } from "../../../core/schema/views.ts";
import { gatewayRoute } from "../route.ts";

/** The caller and its permissions, for the console. */
export const sessionRoute = gatewayRoute({
  method: "GET",
  path: "/session",
  permission: null,
  summary: "Who calls, and what they may",
  answers: { 200: sessionView },
  handle: async ({ caller: { label, permissions, workspace } }) => ({
    ...{ label, permissions },
    ...(workspace && { workspace: workspace.name }),
  }),
});
