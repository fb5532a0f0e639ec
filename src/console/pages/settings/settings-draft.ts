/** The draft of a workspace's settings. */
import type { Workspace, WorkspaceInput } from "../../../client/index.ts";
import { rowId } from "../../ui/form/fields/row-id.ts";

interface StatusRow {
  readonly id: string;
  readonly name: string;
}

export interface SettingsDraft {
  readonly platformUrl: string;
  readonly retentionDays: string;
  readonly shards: string;
  readonly documentStatuses: readonly StatusRow[];
}

export const draftOf = ({ platformUrl, retentionDays, shards, documentStatuses }: Workspace): SettingsDraft => ({
  platformUrl: platformUrl ?? "",
  retentionDays: String(retentionDays),
  shards: String(shards),
  documentStatuses: documentStatuses.map((name) => ({ id: rowId(), name })),
});

export const blankStatus = (): StatusRow => ({ id: rowId(), name: "" });

export const inputOf = ({ platformUrl, retentionDays, shards, documentStatuses }: SettingsDraft): WorkspaceInput => ({
  ...(platformUrl.trim() !== "" && { platformUrl: platformUrl.trim() }),
  retentionDays: Number(retentionDays),
  shards: Number(shards),
  documentStatuses: documentStatuses.map(({ name }) => name),
});
