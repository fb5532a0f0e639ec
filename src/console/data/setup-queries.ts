/** What the pages that set something up load: one trigger or flow, and what these choose from. */
import { queryOptions } from "@tanstack/react-query";
import { ApiProblem, type WorkspaceClient } from "../../client/index.ts";
import { keyOf } from "./queries.ts";

export const triggerQuery = (workspace: WorkspaceClient, name: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "triggers", name),
    queryFn: ({ signal }) => workspace.triggers.get(name, { signal }),
  });

export const keysQuery = (workspace: WorkspaceClient, trigger: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "triggers", trigger, "keys"),
    queryFn: ({ signal }) => workspace.keys.all(trigger, { signal }),
  });

export const flowQuery = (workspace: WorkspaceClient, name: string) =>
  queryOptions({
    queryKey: keyOf(workspace, "flows", name),
    queryFn: ({ signal }) => workspace.flows.get(name, { signal }),
  });

export const secretsQuery = (workspace: WorkspaceClient) =>
  queryOptions({ queryKey: keyOf(workspace, "secrets"), queryFn: ({ signal }) => workspace.secrets.all({ signal }) });

export const adaptersQuery = (workspace: WorkspaceClient) =>
  queryOptions({ queryKey: keyOf(workspace, "adapters"), queryFn: ({ signal }) => workspace.adapters.all({ signal }) });

export const callbackConfigsQuery = (workspace: WorkspaceClient) =>
  queryOptions({
    queryKey: keyOf(workspace, "callback-configs"),
    queryFn: ({ signal }) => workspace.callbackConfigs.all({ signal }),
  });

/** A problem with one field that the API cannot know of. */
export const fieldProblem = (field: string, message: string) =>
  new ApiProblem(422, "invalid-input", message, [{ field, message }]);

/**
 * Saves something new under a name: PUT would replace what has it.
 *
 * @param field the path of the field with the name.
 */
export async function createNamed<Item, Input>(
  noun: { get(name: string): Promise<Item>; put(name: string, input: Input): Promise<Item> },
  { name, field, what }: { readonly name: string; readonly field: string; readonly what: string },
  input: Input,
): Promise<Item> {
  if (name === "") throw fieldProblem(field, "a name is required");
  const isTaken = await noun.get(name).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return false;
      throw error;
    },
  );
  if (isTaken) throw fieldProblem(field, `there is a ${what} of this name already`);
  return noun.put(name, input);
}
