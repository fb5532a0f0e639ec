/** Runs the command that the words of a command line name. */
import { CommanderError } from "@commander-js/extra-typings";
import { ApiProblem, WaitTimeout } from "../client/index.ts";
import { Connection } from "./connection.ts";
import { EXIT, Failure, refused, unreachable } from "./failure.ts";
import { allCommands, configureHelp } from "./help.ts";
import { createProgram } from "./program.ts";
import { Terminal } from "./terminal.ts";
import { usageFailure } from "./usage.ts";

/** Sets the exit code of the process. */
export async function run(words: readonly string[], version: string): Promise<void> {
  const { env, stdout, stderr } = process;
  const terminal = new Terminal(stdout, stderr, env, words.includes("--json"));
  process.once("SIGINT", () => {
    terminal.endProgress();
    process.exit(EXIT.interrupted);
  });
  let connection: Connection | undefined;
  const connect = () => {
    connection ??= new Connection(program.opts(), env);
    return connection;
  };
  const program = createProgram({ terminal, connect }, version);
  configureHelp(program, () => terminal.width);
  let help = "";
  for (const command of allCommands(program)) {
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
      // Errors are reported below, as JSON if that is wanted.
      writeErr: () => undefined,
      getOutHelpWidth: () => terminal.width,
    });
    command.exitOverride((error) => {
      throw usageFailure(command, error) ?? error;
    });
  }
  /** The subject of the command, such as `execution 0de1...`. */
  let subject: string | undefined;
  program.hook("preAction", (_, { parent, args }) => {
    if (parent?.parent && args[0] !== undefined) subject = `${parent.name().replace(/s$/, "")} ${args[0]}`;
  });
  try {
    await program.parseAsync(helpLast(words), { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return terminal.write(help);
    const failure = await failureOf(error, connection, subject).catch((other: unknown) => other);
    terminal.endProgress();
    if (!(failure instanceof Failure)) throw failure;
    report(terminal, failure);
    process.exitCode = failure.exitCode;
  }
}

/** Help may be asked for by `help` as the first word, by an option anywhere, or by no word at all. */
function helpLast(words: readonly string[]): readonly string[] {
  const isHelp = (word: string, index: number) =>
    word === "--help" || word === "-h" || (word === "help" && index === 0);
  const others = words.filter((word, index) => !isHelp(word, index));
  return others.length > 0 && others.length === words.length ? words : [...others, "--help"];
}

/** The failure to report; other errors are bugs. */
async function failureOf(
  error: unknown,
  connection: Connection | undefined,
  subject: string | undefined,
): Promise<unknown> {
  if (error instanceof WaitTimeout) return refused(error.message, { code: "timeout" });
  if (!(error instanceof ApiProblem)) return error;
  const { status, code, detail, errors } = error;
  if (status === 0) return unreachable(connection?.url ?? "", error);
  if (status === 404) {
    const where = connection?.workspaceName === undefined ? "" : ` in ${connection.workspaceName}`;
    const missing = refused(subject === undefined ? detail : `There is no ${subject}${where}.`, { code });
    return (await connection?.explainMissing()) ?? missing;
  }
  const hint = status === 401 || status === 403 ? connection?.tokenHint : undefined;
  return refused(errors.length > 0 ? "The gateway refuses this:" : detail, { code, hint, errors });
}

function report(terminal: Terminal, { message, code, hint, errors }: Failure): void {
  if (terminal.isJson) {
    const error = { code, message, ...(hint && { hint }), ...(errors.length > 0 && { errors }) };
    terminal.note(JSON.stringify({ error }));
    return;
  }
  terminal.note(`${terminal.styleNote("red", "error:")} ${message}`);
  for (const { field, message: reason } of errors) terminal.note(`  ${terminal.styleNote("bold", field)}: ${reason}`);
  if (hint) terminal.note(hint);
}
