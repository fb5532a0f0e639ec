/** Workspaces: there to choose one, and to make one for a first configuration. */
import { command } from "../command.ts";
import { EXIT } from "../failure.ts";

export const workspacesList = command({
  name: "workspaces list",
  summary: "list the workspaces",
  run: async ({ connection, terminal }) => {
    const workspaces = await connection.client.workspaces.all();
    if (terminal.isJson) terminal.printJson(workspaces);
    else {
      terminal.table(
        workspaces,
        [
          { title: "NAME", value: ({ name }) => name },
          { title: "SHARDS", value: ({ shards }) => shards, extra: 2 },
          { title: "RETENTION", value: ({ retentionDays }) => `${retentionDays} days`, extra: 1 },
          { title: "ID", value: ({ id }) => id, extra: 3 },
        ],
        "There is no workspace yet; make one with: hookback workspaces create NAME",
      );
    }
    return EXIT.ok;
  },
});

export const workspacesCreate = command({
  name: "workspaces create",
  summary: "make a workspace with the usual settings, unless it is there",
  args: ["<name>"],
  run: async ({ args: [name = ""], connection, terminal }) => {
    const { client } = connection;
    const known = (await client.workspaces.all()).find((one) => one.name === name);
    // Saving it again would reset the settings of one that is there.
    const workspace = known ?? (await client.workspaces.put(name, {}));
    if (terminal.isJson) terminal.printJson(workspace);
    else terminal.print(known ? `There is a workspace ${name} already.` : `Made the workspace ${name}.`);
    return EXIT.ok;
  },
});
