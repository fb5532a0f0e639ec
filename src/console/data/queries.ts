/** What pages load: one place for keys, so that who changes something knows what to load anew. */
import { queryOptions } from "@tanstack/react-query";
import type { Client, WorkspaceClient } from "../../client/index.ts";

/** The beginning of the keys of everything of one kind in a workspace. */
export const keyOf = ({ name }: WorkspaceClient, ...kind: string[]) => ["workspace", name, ...kind];

export const workspacesQuery = (client: Client) =>
  queryOptions({ queryKey: ["workspaces"], queryFn: ({ signal }) => client.workspaces.all({ signal, most: 1_000 }) });

export const flowsQuery = (workspace: WorkspaceClient) =>
  queryOptions({ queryKey: keyOf(workspace, "flows"), queryFn: ({ signal }) => workspace.flows.all({ signal }) });

export const triggersQuery = (workspace: WorkspaceClient) =>
  queryOptions({ queryKey: keyOf(workspace, "triggers"), queryFn: ({ signal }) => workspace.triggers.all({ signal }) });

export const lanesQuery = (workspace: WorkspaceClient) =>
  queryOptions({ queryKey: keyOf(workspace, "lanes"), queryFn: ({ signal }) => workspace.lanes.all({ signal }) });

export const executionQuery = (workspace: WorkspaceClient, id: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "executions", id),
    queryFn: ({ signal }) => workspace.executions.get(id, { signal }),
  });
