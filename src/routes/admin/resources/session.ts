import { sessionView } from "../../../core/schema/views.ts";
import { answer } from "../../problem.ts";
import { gatewayRoute } from "../route.ts";

/** Who calls and what they may: what a console asks first. */
export const sessionRoute = gatewayRoute({
  method: "GET",
  path: "/session",
  permission: null,
  summary: "Who calls, and what they may",
  answers: { 200: sessionView },
  handle: async ({ caller: { label, permissions, workspace } }) =>
    answer(200, { label, permissions, ...(workspace && { workspace: workspace.name }) }),
});
