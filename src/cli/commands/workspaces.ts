import { Command } from "@commander-js/extra-typings";
import type { Context } from "../connection.ts";

const list = ({ terminal, connect }: Context) =>
  new Command("list").summary("list the workspaces").action(async () => {
    terminal.list(
      await connect().client.workspaces.all(),
      [
        { title: "NAME", value: ({ name }) => name },
        { title: "SHARDS", value: ({ shards }) => shards, extra: 2 },
        { title: "RETENTION", value: ({ retentionDays }) => `${retentionDays} days`, extra: 1 },
        { title: "ID", value: ({ id }) => id, extra: 3 },
      ],
      "There is no workspace yet; make one with: hookback workspaces create NAME",
    );
  });

const create = ({ terminal, connect }: Context) =>
  new Command("create")
    .summary("make a workspace with the default settings, unless it exists")
    .argument("<name>")
    .action(async (name) => {
      const { workspaces } = connect().client;
      const known = (await workspaces.all()).find((workspace) => workspace.name === name);
      // Saving an existing one would reset its settings.
      const workspace = known ?? (await workspaces.put(name, {}));
      terminal.printResult(workspace, known ? `There is a workspace ${name} already.` : `Made the workspace ${name}.`);
    });

export const workspaceCommands = [list, create];
