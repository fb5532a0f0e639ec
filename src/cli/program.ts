/** All commands, in the order of the help. */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { callbackCommands } from "./commands/callback.ts";
import { apply, exportConfig } from "./commands/config.ts";
import { bulkCommands } from "./commands/execution-actions.ts";
import { follow } from "./commands/execution-follow.ts";
import { list, show } from "./commands/executions.ts";
import { login, logout, whoami } from "./commands/login.ts";
import { secretCommands } from "./commands/secrets.ts";
import { tokenCommands } from "./commands/tokens.ts";
import { triggerCommands } from "./commands/trigger.ts";
import { workspaceCommands } from "./commands/workspaces.ts";
import type { Context } from "./connection.ts";

type MakeCommand = (context: Context) => CommandUnknownOpts;

export function createProgram(context: Context, version: string) {
  const program = new Command("hookback")
    .usage("<command> [arguments] [options]")
    .description("Hookback from the command line: webhooks in, callbacks back.")
    .version(version, "--version", "show the version")
    .option("--url <URL>", "the gateway, in place of the one logged in to")
    .option("-w, --workspace <NAME>", "the workspace")
    .option("--json", "JSON on stdout, errors as JSON on stderr");
  const add = (parent: CommandUnknownOpts, commands: readonly MakeCommand[]) => {
    for (const make of commands) parent.addCommand(make(context));
  };
  const addGroup = (name: string, alias: string, commands: readonly MakeCommand[]) =>
    add(program.command(name).alias(alias), commands);
  add(program, [login, logout, whoami]);
  addGroup("workspaces", "workspace", workspaceCommands);
  add(program, [apply, exportConfig]);
  addGroup("secret", "secrets", secretCommands);
  addGroup("token", "tokens", tokenCommands);
  addGroup("trigger", "triggers", triggerCommands);
  addGroup("callback", "callbacks", callbackCommands);
  addGroup("executions", "execution", [list, show, follow, ...bulkCommands]);
  return program;
}
