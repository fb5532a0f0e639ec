import { z } from "zod";
import { isLaneOf, shardOfLaneId } from "../../../core/execution/lane-name.ts";
import { invalidCursor } from "../../../core/list-cursor.ts";
import { laneView } from "../../../core/schema/views.ts";
import { refusalOf } from "../../../services/operations.ts";
import { shardStub } from "../../../services/shards.ts";
import { pageOf, pageQuery } from "../page.ts";
import { workspaceRoute } from "../route.ts";

const ACTIONS = ["retry", "skip", "pause", "resume"] as const;

const SUMMARIES = {
  retry: "Run the failed head of a lane again",
  skip: "Go on without the failed head of a lane",
  pause: "Start nothing more in a lane",
  resume: "Go on in a lane",
} as const;

/** The cursor is the name of the last lane shown, encoded: a name may hold anything that a message did. */
const laneQuery = pageQuery.extend({
  cursor: z
    .string()
    .min(1)
    .max(20_000)
    .transform((text) => Buffer.from(text, "base64url").toString())
    .optional()
    .describe(pageQuery.shape.cursor.description ?? ""),
});

export const laneRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/lanes",
    permission: "executions.read",
    summary: "List lanes",
    query: laneQuery,
    answers: { 200: pageOf(laneView) },
    handle: async ({ context, workspace, query: { limit, cursor = "" } }) => {
      if (cursor !== "" && !isLaneOf(workspace.id, cursor)) return invalidCursor();
      const parts = await Promise.all(
        workspace.placement.map((shard) => shardStub(context.env, shard).listLanes(workspace.id, cursor, limit + 1)),
      );
      const lanes = parts.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
      const last = lanes.length > limit ? lanes[limit - 1] : undefined;
      const next = last && { nextCursor: Buffer.from(last.name).toString("base64url") };
      return { items: lanes.slice(0, limit).map(({ lane }) => lane), ...next };
    },
  }),
  ...ACTIONS.map((action) =>
    workspaceRoute({
      method: "POST",
      path: `/lanes/:id/${action}`,
      permission: "executions.write",
      summary: SUMMARIES[action],
      answers: { 200: z.object({ status: z.literal("done") }) },
      handle: async ({ context, workspace, params, actor }) => {
        const shard = shardOfLaneId(params.id);
        if (!workspace.placement.includes(shard)) return null;
        const operated = await shardStub(context.env, shard).operateLane(params.id, workspace.id, action, actor);
        return refusalOf(operated, "The lane is not blocked.") ?? { status: "done" };
      },
    }),
  ),
];
