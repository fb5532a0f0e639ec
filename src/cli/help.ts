/** The help of the commands: what commander shows by itself, the environment and the exit codes. */
import type { CommandUnknownOpts, HelpConfiguration } from "@commander-js/extra-typings";
import { EXIT } from "./failure.ts";

const MEANINGS: Record<keyof typeof EXIT, string> = {
  ok: "done",
  failed: "refused or failed: the gateway said no, or what was followed did not succeed",
  usage: "wrong usage: nothing was sent",
  unreachable: "the gateway did not answer",
  interrupted: "interrupted with Ctrl-C",
};
const EXIT_CODES = Object.entries(EXIT).map(([name, code]): Row => [String(code), MEANINGS[name as keyof typeof EXIT]]);

const ENVIRONMENT: readonly Row[] = [
  ["HOOKBACK_URL", "the gateway; http://127.0.0.1:8787 unless you are logged in to another"],
  ["HOOKBACK_TOKEN", "ADMIN_TOKEN or a personal access token, in place of the one of hookback login"],
  ["HOOKBACK_WORKSPACE", "the workspace where none is named"],
  ["NO_COLOR", "no colour on terminals either"],
];

type Row = readonly [term: string, text: string];

/** A command as it is typed, without `hookback`. */
export const nameOf = (command: CommandUnknownOpts): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}`.trim() : "";

/** A command with its arguments, such as `executions show <id>`. */
export const usageOf = (command: CommandUnknownOpts): string =>
  `${nameOf(command)} ${command
    .usage()
    .replace(/^\[options\]/, "")
    .trim()}`.trim();

export const allCommands = (command: CommandUnknownOpts): readonly CommandUnknownOpts[] => [
  command,
  ...command.commands.flatMap(allCommands),
];

/** The commands that do something, without groups such as `executions`. */
export const leafCommands = (command: CommandUnknownOpts) =>
  allCommands(command).filter(({ commands }) => commands.length === 0);

const CONFIGURATION: HelpConfiguration = {
  minWidthToWrap: 20,
  showGlobalOptions: true,
  visibleCommands: (command) => (command.commands.length === 0 ? [] : [...leafCommands(command)]),
  subcommandTerm: usageOf,
  commandDescription: (command) => {
    const summary = command.summary();
    const sentence = summary && `${summary[0]?.toUpperCase()}${summary.slice(1)}.`;
    return [sentence, command.description()].filter(Boolean).join("\n\n");
  },
};

/** @param width the columns of the terminal. */
export function configureHelp(program: CommandUnknownOpts, width: () => number): void {
  for (const command of allCommands(program)) {
    command.helpCommand(false).helpOption("-h, --help", "show this help").configureHelp(CONFIGURATION);
  }
  const section = (title: string, rows: readonly Row[]) => () => {
    const help = program.createHelp();
    help.prepareContext({ helpWidth: width() });
    const termWidth = Math.max(...rows.map(([term]) => term.length));
    return ["", `${title}:`, ...rows.map(([term, text]) => help.formatItem(term, termWidth, text, help))].join("\n");
  };
  program.addHelpText("after", section("Environment", ENVIRONMENT));
  program.addHelpText("afterAll", section("Exit codes", EXIT_CODES));
}
