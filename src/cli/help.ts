/** Help texts, made of the definitions of the commands. */
import { type Command, GLOBAL_OPTIONS, type Options } from "./command.ts";

const EXIT_CODES = [
  ["0", "done"],
  ["1", "refused or failed: the gateway said no, or what was followed did not succeed"],
  ["2", "wrong usage: nothing was sent"],
  ["3", "the gateway did not answer"],
  ["130", "interrupted with Ctrl-C"],
] as const;

const ENVIRONMENT = [
  ["HOOKBACK_URL", "the gateway; http://127.0.0.1:8787 unless you are logged in to another"],
  ["HOOKBACK_TOKEN", "ADMIN_TOKEN or a personal access token, in place of the one of hookback login"],
  ["HOOKBACK_WORKSPACE", "the workspace where none is named"],
  ["NO_COLOR", "no colour on terminals either"],
] as const;

export const overview = (commands: readonly Command[], width: number) =>
  [
    "Hookback from the command line: webhooks in, callbacks back.",
    "",
    "  hookback <command> [arguments] [options]",
    "",
    "Commands",
    ...rows(
      commands.map(({ name, args, summary }) => [[name, ...args].join(" "), summary]),
      width,
    ),
    "",
    "Options of every command",
    ...optionRows(GLOBAL_OPTIONS, width),
    "",
    "Environment",
    ...rows(ENVIRONMENT, width),
    "",
    "Exit codes",
    ...rows(EXIT_CODES, width),
  ].join("\n");

export const groupHelp = (commands: readonly Command[], width: number) =>
  rows(
    commands.map(({ name, args, summary }) => [`hookback ${[name, ...args].join(" ")}`, summary]),
    width,
    "",
  ).join("\n");

export function commandHelp({ name, args, summary, options, details }: Command, width: number): string {
  const own = Object.keys(options).length > 0 ? ["", "Options", ...optionRows(options, width)] : [];
  return [
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    "",
    `  hookback ${[name, ...args].join(" ")} [options]`,
    ...(details === undefined ? [] : ["", details]),
    ...own,
    "",
    "Options of every command",
    ...optionRows(GLOBAL_OPTIONS, width),
    "",
    "Exit codes",
    ...rows(EXIT_CODES, width),
  ].join("\n");
}

const optionRows = (options: Options, width: number) =>
  rows(
    Object.entries(options).map(([name, { short, value, summary }]) => [
      `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
      summary,
    ]),
    width,
  );

/** Two columns; the right one goes on below itself where a line is full. */
function rows(pairs: readonly (readonly [string, string])[], width: number, indent = "  "): string[] {
  const left = indent.length + Math.max(...pairs.map(([name]) => name.length)) + 2;
  // Where there is hardly room for words, the terminal wraps as it can.
  const room = width - left < LEAST ? Infinity : width - left;
  return pairs.flatMap(([name, text]) =>
    wrapped(text, room).map((line, n) => (n === 0 ? `${indent}${name}` : "").padEnd(left) + line),
  );
}

const LEAST = 20;

function wrapped(text: string, room: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
