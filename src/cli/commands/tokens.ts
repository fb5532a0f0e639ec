import { Command } from "@commander-js/extra-typings";
import type { Permission } from "../../client/index.ts";
import type { Context } from "../connection.ts";
import { parseEach } from "../options.ts";

const create = ({ terminal, connect }: Context) =>
  new Command("create")
    .summary("make a personal access token and print it, this once")
    .description("It serves one workspace.")
    .argument("<label>")
    .option(
      "--permission <NAME>",
      "a permission, may be repeated; asyncflow.callback.send by default",
      parseEach,
      undefined,
    )
    .option("--expires <TIME>", "when it ends, such as 2030-01-01T00:00:00Z; never by default")
    .action(async (label, { permission = ["asyncflow.callback.send"], expires }) => {
      const { name: workspace } = await connect().workspace();
      // The gateway checks the names.
      const permissions = permission as Permission[];
      const token = await connect().client.tokens.create({
        ...{ label, permissions, workspace },
        ...(expires && { expiresAt: expires }),
      });
      terminal.printResult(token, token.token);
    });

export const tokenCommands = [create];
