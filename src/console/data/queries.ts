/** Everything that pages load, with its key. After a change, the keys say what to load again. */
import { queryOptions } from "@tanstack/react-query";
import type { CallbackDetail, CallOptions, Client, WorkspaceClient } from "../../client/index.ts";
import { IS_CALLBACK_OVER } from "./statuses.ts";

const CALLBACK_LIVE_MS = 2_000;

/** The prefix of the keys of everything of one kind in a workspace. */
export const keyOf = ({ name }: WorkspaceClient, ...kind: string[]) => ["workspace", name, ...kind];

/** A query for one kind of thing: for the list without an argument, for one of it by its name or id. */
const inWorkspace =
  <Args extends string[], Data>(
    kind: string,
    load: (workspace: WorkspaceClient, options: CallOptions, ...args: Args) => Promise<Data>,
  ) =>
  (workspace: WorkspaceClient, ...args: Args) =>
    queryOptions({
      queryKey: keyOf(workspace, kind, ...args),
      queryFn: ({ signal }) => load(workspace, { signal }, ...args),
    });

export const flowsQuery = inWorkspace("flows", ({ flows }, options) => flows.all(options));
export const flowQuery = inWorkspace("flows", ({ flows }, options, name: string) => flows.get(name, options));
export const triggersQuery = inWorkspace("triggers", ({ triggers }, options) => triggers.all(options));
export const triggerQuery = inWorkspace("triggers", ({ triggers }, options, name: string) =>
  triggers.get(name, options),
);
export const adaptersQuery = inWorkspace("adapters", ({ adapters }, options) => adapters.all(options));
export const adapterQuery = inWorkspace("adapters", ({ adapters }, options, id: string) => adapters.get(id, options));
export const secretsQuery = inWorkspace("secrets", ({ secrets }, options) => secrets.all(options));
export const lanesQuery = inWorkspace("lanes", ({ lanes }, options) => lanes.all(options));
export const executionQuery = inWorkspace("executions", ({ executions }, options, id: string) =>
  executions.get(id, options),
);
export const callbackConfigsQuery = inWorkspace("callback-configs", ({ callbackConfigs }, options) =>
  callbackConfigs.all(options),
);
export const callbackConfigQuery = inWorkspace("callback-configs", ({ callbackConfigs }, options, name: string) =>
  callbackConfigs.get(name, options),
);
export const configDocumentQuery = inWorkspace("config", ({ config }, options) => config.get(options));

export const keysQuery = (workspace: WorkspaceClient, trigger: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "triggers", trigger, "keys"),
    queryFn: ({ signal }) => workspace.keys.all(trigger, { signal }),
  });

/** A callback with its calls, loaded again as long as it can be called. */
export const callbackQuery = (workspace: WorkspaceClient, state: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "callbacks", state),
    queryFn: ({ signal }): Promise<CallbackDetail> => workspace.callbacks.get(state, { signal }),
    refetchInterval: ({ state: { data } }) => (data && IS_CALLBACK_OVER[data.status] ? false : CALLBACK_LIVE_MS),
  });

export const workspacesQuery = (client: Client) =>
  queryOptions({ queryKey: ["workspaces"], queryFn: ({ signal }) => client.workspaces.all({ signal, most: 1_000 }) });

/** The settings of a workspace. */
export const workspaceQuery = (client: Client, name: string) =>
  queryOptions({ queryKey: ["workspaces", name], queryFn: ({ signal }) => client.workspaces.get(name, { signal }) });

export const tokensQuery = (client: Client) =>
  queryOptions({ queryKey: ["tokens"], queryFn: ({ signal }) => client.tokens.all({ signal }) });
