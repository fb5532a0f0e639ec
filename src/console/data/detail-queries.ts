/** What the pages about one callback or adapter load, and those of tokens and settings. */
import { queryOptions } from "@tanstack/react-query";
import type { CallbackDetail, Client, WorkspaceClient } from "../../client/index.ts";
import { keyOf } from "./queries.ts";

const LIVE_MS = 2_000;

const isOver = (callback: CallbackDetail | undefined) =>
  callback?.status === "closed" || callback?.status === "expired";

/** A callback with its calls, kept up to date as long as somebody can call it. */
export const callbackQuery = (workspace: WorkspaceClient, state: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "callbacks", state),
    queryFn: ({ signal }) => workspace.callbacks.get(state, { signal }),
    refetchInterval: ({ state: { data } }) => (isOver(data) ? false : LIVE_MS),
  });

export const callbackConfigQuery = (workspace: WorkspaceClient, name: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "callback-configs", name),
    queryFn: ({ signal }) => workspace.callbackConfigs.get(name, { signal }),
  });

export const adapterQuery = (workspace: WorkspaceClient, id: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "adapters", id),
    queryFn: ({ signal }) => workspace.adapters.get(id, { signal }),
  });

export const tokensQuery = (client: Client) =>
  queryOptions({ queryKey: ["tokens"], queryFn: ({ signal }) => client.tokens.all({ signal }) });

/** Settings of a workspace. */
export const workspaceQuery = (client: Client, name: string) =>
  queryOptions({
    queryKey: ["workspaces", name],
    queryFn: ({ signal }) => client.workspaces.get(name, { signal }),
  });

export const configDocumentQuery = (workspace: WorkspaceClient) =>
  queryOptions({
    queryKey: keyOf(workspace, "config"),
    queryFn: ({ signal }) => workspace.config.get({ signal }),
  });
