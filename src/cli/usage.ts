/** Errors about the command line itself. */
import type { CommanderError, CommandUnknownOpts } from "@commander-js/extra-typings";
import { type Failure, wrongUsage } from "./failure.ts";
import { nameOf } from "./help.ts";
import { didYouMean, listOf } from "./nearest.ts";

/** The failure for an error of commander; null when it ended the command with success, as `--help` does. */
export function usageFailure(command: CommandUnknownOpts, { code, exitCode, message }: CommanderError): Failure | null {
  const name = nameOf(command);
  const seeHelp = `See hookback ${name && `${name} `}--help.`;
  const [, quoted = ""] = /'([^'=]*)/.exec(message) ?? [];
  const isGroup = command.commands.length > 0;
  // Also for `hookback unknown --help`.
  const [unknown] = isGroup ? command.args.filter((word) => !word.startsWith("-")) : [];
  if (unknown !== undefined) {
    const names = command.commands.map((known) => known.name());
    const meant = didYouMean(unknown, names)?.replace("mean ", `mean ${name && `${name} `}`);
    const others = name ? listOf(command.commands.map(nameOf)) : seeHelp;
    return wrongUsage(`There is no command ${name && `${name} `}${unknown}.`, meant ?? others);
  }
  if (exitCode === 0) return null;
  switch (code) {
    case "commander.help":
      return wrongUsage(`${`hookback ${name}`.trim()} what?`, listOf(command.commands.map(nameOf)));
    case "commander.unknownOption":
      return wrongUsage(`There is no option ${quoted}.`, suggestOption(command, quoted) ?? seeHelp);
    case "commander.missingArgument":
      return wrongUsage(`<${quoted}> is missing.`, seeHelp);
    case "commander.excessArguments":
      return wrongUsage(`${command.args.slice(command.registeredArguments.length).join(" ")} is too much.`, seeHelp);
    default:
      return wrongUsage(`${message.replace(/^error: ./, (start) => start.slice(-1).toUpperCase())}.`, seeHelp);
  }
}

function suggestOption(command: CommandUnknownOpts | null, typed: string): string | undefined {
  const names: string[] = [];
  for (let current = command; current; current = current.parent) {
    names.push(...current.options.flatMap(({ long }) => long?.slice(2) ?? []));
  }
  return didYouMean(typed.replace(/^--?/, ""), names)?.replace("mean ", "mean --");
}
