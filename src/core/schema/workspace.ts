/** A tenant: its settings, and where its shards are. */
import { z } from "zod";

const URL_LIMIT = 2_000;

const workspaceFields = z.strictObject({
  shards: z.int().min(1).max(256).default(4),
  platformUrl: z.url({ protocol: /^https?$/, error: "must be an absolute http or https URL" }).optional(),
  documentStatuses: z.array(z.string().trim().min(1).max(64)).max(100).default([]),
  retentionDays: z.int().min(1).max(365).default(30),
});

/** What `PUT /workspaces/{ws}` takes. Bounds are for what comes in; what is stored is read as it is. */
export const workspaceInput = workspaceFields.superRefine(({ platformUrl = "" }, context) => {
  if (platformUrl.length <= URL_LIMIT) return;
  context.addIssue({ code: "custom", path: ["platformUrl"], message: `must have at most ${URL_LIMIT} characters` });
});

export const workspaceRecord = workspaceFields.extend({
  name: z.string(),
  id: z.uuid(),
  /**
   * Numbers of all shards the workspace ever had; the first `shards` of them take new unordered executions. Growing
   * appends, so that what lies in a shard stays where its ids say.
   */
  placement: z.array(z.int()),
  /** Ordered lanes hash over so many of the first shards. Fixed at creation: a lane that moved could overtake itself. */
  laneShards: z.int(),
});

export type WorkspaceInput = z.output<typeof workspaceInput>;
export type Workspace = z.output<typeof workspaceRecord>;

/** The workspace as the API shows it. */
export function showWorkspace({ placement: _, laneShards: __, ...shown }: Workspace) {
  return shown;
}
