/** A tenant: its settings, and where its shards are. */
import { z } from "zod";
import { int } from "./fields.ts";

const URL_LIMIT = 2_000;

const workspaceFields = z.strictObject({
  shards: int(1, 256)
    .default(4)
    .describe("Number of objects that unordered executions are spread over. An ordered lane never moves."),
  platformUrl: z
    .url({ protocol: /^https?$/, error: "must be an absolute http or https URL" })
    .optional()
    .describe("Base of relative redirect targets of callbacks, such as `/case/1:142:432` or `/page/thankyou`."),
  documentStatuses: z
    .array(z.string().trim().min(1).max(64))
    .max(100)
    .default([])
    .describe("Document statuses that callbacks may set in addition to the built-in ones."),
  retentionDays: int(1, 365).default(30).describe("Days until an execution or callback is deleted after its end."),
});

/** The body of `PUT /workspaces/{ws}`. The limits apply to requests only; stored workspaces are read as they are. */
export const workspaceInput = workspaceFields
  .superRefine(({ platformUrl = "" }, context) => {
    if (platformUrl.length <= URL_LIMIT) return;
    context.addIssue({ code: "custom", path: ["platformUrl"], message: `must have at most ${URL_LIMIT} characters` });
  })
  .meta({ id: "WorkspaceInput" });

export const workspaceRecord = workspaceFields.extend({
  name: z.string(),
  id: z.uuid(),
  /**
   * Numbers of all shards that the workspace ever had; the first `shards` of them get new unordered executions. Growing
   * appends, so that executions stay in the shard that their ids name.
   */
  placement: z.array(z.int()),
  /** Ordered lanes hash over this many of the first shards. Fixed at creation: a lane that moved could overtake itself. */
  laneShards: z.int(),
});

export type WorkspaceInput = z.output<typeof workspaceInput>;
export type Workspace = z.output<typeof workspaceRecord>;

/** The workspace as the API shows it. */
export function showWorkspace({ placement: _, laneShards: __, ...shown }: Workspace) {
  return shown;
}
