/** From the words of the command line to an exit code. */
import { ApiProblem, WaitTimeout } from "../client/index.ts";
import { type Command, parseCall, seeHelp } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { Connection } from "./connection.ts";
import { EXIT, Failure, refused, unreachable, wrongUsage } from "./failure.ts";
import { commandHelp, groupHelp, overview } from "./help.ts";
import { nearest } from "./nearest.ts";
import { Terminal } from "./terminal.ts";

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly version: string;
}

export async function run(given: readonly string[], { env, stdout, stderr, version }: Surroundings): Promise<number> {
  const words = commandFirst(given);
  const terminal = new Terminal(stdout, stderr, env, words.includes("--json"));
  process.once("SIGINT", () => {
    terminal.endProgress();
    process.exit(EXIT.interrupted);
  });
  let connection: Connection | undefined;
  let subject: string | undefined;
  try {
    const [first = "--help"] = words;
    if (first === "--version") return print(terminal, version);
    const named = words.filter((word) => word !== "--help" && word !== "-h");
    if (first === "help" || named.length === 0) {
      return print(
        terminal,
        help(
          named.filter((word) => word !== "help" && !word.startsWith("-")),
          terminal.width,
        ),
      );
    }
    const found = findCommand(words, terminal.width);
    if ("text" in found) return print(terminal, found.text);
    const { args, values } = parseCall(found.command, found.rest);
    if (values.help) return print(terminal, commandHelp(found.command, terminal.width));
    connection = new Connection(values, env);
    if (args[0] !== undefined) subject = `${found.command.name.split(" ")[0]?.replace(/s$/, "")} ${args[0]}`;
    return await found.command.run({ args, values, terminal, connection });
  } catch (error) {
    const failure = await failureOf(error, connection, subject).catch((other: unknown) => other);
    terminal.endProgress();
    if (!(failure instanceof Failure)) throw failure;
    report(terminal, failure);
    return failure.exitCode;
  }
}

function print(terminal: Terminal, text: string): number {
  terminal.print(text);
  return EXIT.ok;
}

/** Options of every command may stand before it, too. */
function commandFirst(words: readonly string[]): readonly string[] {
  let start = 0;
  while (words[start]?.startsWith("-")) {
    const [word = "", value] = (words[start] ?? "").split("=", 2);
    const takesNext = value === undefined && ["--url", "--workspace", "-w"].includes(word);
    start += takesNext ? 2 : 1;
  }
  return [...words.slice(start), ...words.slice(0, start)];
}

/** Singular and plural are the same word. */
const key = (word: string | undefined) => word?.toLowerCase().replace(/s$/, "");

function findCommand(
  words: readonly string[],
  width: number,
): { command: Command; rest: readonly string[] } | { text: string } {
  const [first = "", second] = words;
  for (const command of COMMANDS) {
    const [head, tail] = command.name.split(" ");
    if (key(head) !== key(first)) continue;
    if (tail === undefined) return { command, rest: words.slice(1) };
    if (tail === second) return { command, rest: words.slice(2) };
  }
  const group = COMMANDS.filter(({ name }) => key(name.split(" ")[0]) === key(first));
  if (group.length === 0) {
    const names = [...new Set(COMMANDS.map(({ name }) => name.split(" ")[0] ?? ""))];
    const meant = nearest(first, names);
    throw wrongUsage(`There is no command ${first}.`, meant ? `Did you mean ${meant}?` : seeHelp(""));
  }
  if (second === undefined || second.startsWith("-")) {
    if (second === "--help" || second === "-h") return { text: groupHelp(group, width) };
    throw wrongUsage(`hookback ${first} what?`, `There are: ${group.map(({ name }) => name).join(", ")}.`);
  }
  const meant = nearest(
    second,
    group.map(({ name }) => name.split(" ")[1] ?? ""),
  );
  const there = `There are: ${group.map(({ name }) => name).join(", ")}.`;
  throw wrongUsage(`There is no command ${first} ${second}.`, meant ? `Did you mean ${first} ${meant}?` : there);
}

function help(words: readonly string[], width: number): string {
  if (words.length === 0) return overview(COMMANDS, width);
  const found = findCommand([...words, ...(words.length === 1 ? ["--help"] : [])], width);
  return "text" in found ? found.text : commandHelp(found.command, width);
}

/**
 * The failure that somebody should read; anything else is a bug.
 *
 * @param subject what the command is about, such as `execution 0de1...`.
 */
async function failureOf(error: unknown, connection?: Connection, subject?: string): Promise<unknown> {
  if (error instanceof WaitTimeout) return refused(error.message, { code: "timeout" });
  if (!(error instanceof ApiProblem)) return error;
  const { status, code, detail, errors } = error;
  if (status === 0) return unreachable(connection?.url ?? "", error);
  if (status === 404) {
    const where = connection?.workspaceName === undefined ? "" : ` in ${connection.workspaceName}`;
    const missing = refused(subject === undefined ? detail : `There is no ${subject}${where}.`, { code });
    return (await connection?.explainMissing()) ?? missing;
  }
  const hint = (status === 401 || status === 403) && connection ? connection.tokenHint : undefined;
  return refused(errors.length > 0 ? "The gateway refuses this:" : detail, { code, hint, errors });
}

function report(terminal: Terminal, { message, code, hint, errors }: Failure): void {
  if (terminal.isJson) {
    const error = { code, message, ...(hint && { hint }), ...(errors.length > 0 && { errors }) };
    terminal.note(JSON.stringify({ error }));
    return;
  }
  terminal.note(`${terminal.styleNote("red", "error:")} ${message}`);
  for (const { field, message: why } of errors) terminal.note(`  ${terminal.styleNote("bold", field)}: ${why}`);
  if (hint) terminal.note(hint);
}
