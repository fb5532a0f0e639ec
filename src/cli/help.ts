/** Help texts, made of the definitions of the commands. */
import { type Command, GLOBAL_OPTIONS, type Options } from "./command.ts";

const EXIT_CODES = `Exit codes
  0  done
  1  refused or failed: the gateway said no, or what was followed did not succeed
  2  wrong usage: nothing was sent
  3  the gateway did not answer`;

const ENVIRONMENT = `Environment
  HOOKBACK_URL        the gateway; http://127.0.0.1:8787 unless you are logged in to another
  HOOKBACK_TOKEN      ADMIN_TOKEN or a personal access token, in place of the one of hookback login
  HOOKBACK_WORKSPACE  the workspace where none is named
  NO_COLOR            no colour on terminals either`;

export const overview = (commands: readonly Command[]) =>
  [
    "Hookback from the command line: webhooks in, callbacks back.",
    "",
    "  hookback <command> [arguments] [options]",
    "",
    "Commands",
    ...rows(commands.map(({ name, args, summary }) => [[name, ...args].join(" "), summary])),
    "",
    "Options of every command",
    ...optionRows(GLOBAL_OPTIONS),
    "",
    ENVIRONMENT,
    "",
    EXIT_CODES,
  ].join("\n");

export const groupHelp = (commands: readonly Command[]) =>
  rows(
    commands.map(({ name, args, summary }) => [`hookback ${[name, ...args].join(" ")}`, summary]),
    "",
  ).join("\n");

export function commandHelp({ name, args, summary, options, details }: Command): string {
  const own = Object.keys(options).length > 0 ? ["", "Options", ...optionRows(options)] : [];
  return [
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    "",
    `  hookback ${[name, ...args].join(" ")} [options]`,
    ...(details === undefined ? [] : ["", details]),
    ...own,
    "",
    "Options of every command",
    ...optionRows(GLOBAL_OPTIONS),
    "",
    EXIT_CODES,
  ].join("\n");
}

const optionRows = (options: Options) =>
  rows(
    Object.entries(options).map(([name, { short, value, summary }]) => [
      `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
      summary,
    ]),
  );

function rows(pairs: readonly (readonly [string, string])[], indent = "  "): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `${indent}${left.padEnd(width)}  ${right}`);
}
