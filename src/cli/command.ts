/** What a command is: its words, arguments and options, and what it does. */
import { parseArgs } from "node:util";
import type { Connection } from "./connection.ts";
import { wrongUsage } from "./failure.ts";
import { didYouMean } from "./nearest.ts";
import type { Terminal } from "./terminal.ts";

export interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  readonly short?: string;
  /** What the value is, in the help. */
  readonly value?: string;
  readonly summary: string;
}

export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O["type"] extends "boolean" ? boolean : O["multiple"] extends true ? string[] : string;
export type Values<O extends Options> = { readonly [Name in keyof O]?: ValueOf<O[Name]> };

export const GLOBAL_OPTIONS = {
  url: { type: "string", value: "URL", summary: "the gateway, in place of the one logged in to" },
  workspace: { type: "string", short: "w", value: "NAME", summary: "the workspace" },
  json: { type: "boolean", summary: "JSON on stdout, errors as JSON on stderr" },
  help: { type: "boolean", short: "h", summary: "show this help" },
} as const satisfies Options;

/** Of commands that ask before they take something away. */
export const YES = {
  yes: { type: "boolean", short: "y", summary: "do it without asking" },
} as const satisfies Options;

export interface Call<O extends Options = Options> {
  readonly args: readonly string[];
  readonly values: Values<O & typeof GLOBAL_OPTIONS>;
  readonly terminal: Terminal;
  /** The gateway, once it is known which. */
  readonly connection: Connection;
}

export interface Command {
  /** As it is typed, such as `executions list`. */
  readonly name: string;
  readonly summary: string;
  /** Positional arguments: `<one>`, `[maybe]`, `<some>...`. */
  readonly args: readonly string[];
  readonly options: Options;
  /** Further lines of the help. */
  readonly details?: string;
  /** Answers the exit code. */
  readonly run: (call: Call) => Promise<number>;
}

export function command<const O extends Options>(
  definition: Omit<Command, "args" | "options" | "run"> & {
    readonly args?: readonly string[];
    readonly options?: O;
    readonly run: (call: Call<O>) => Promise<number>;
  },
): Command {
  return { args: [], options: {}, ...definition, run: (call) => definition.run(call as Call<O>) };
}

export interface Parsed {
  readonly args: readonly string[];
  readonly values: Call["values"];
}

/** @param words what follows the command's name. */
export function parseCall({ name, args: expected, options }: Command, words: readonly string[]): Parsed {
  const known = { ...options, ...GLOBAL_OPTIONS };
  const { values, positionals } = parseWords(name, known, words);
  if (values.help) return { args: positionals, values };
  const isOpenEnded = expected.at(-1)?.endsWith("...");
  const missing = expected.filter((arg) => arg.startsWith("<"))[positionals.length];
  if (missing !== undefined) throw wrongUsage(`${missing.replace("...", "")} is missing.`, seeHelp(name));
  if (positionals.length > expected.length && !isOpenEnded) {
    throw wrongUsage(`${positionals.slice(expected.length).join(" ")} is too much.`, seeHelp(name));
  }
  return { args: positionals, values };
}

export const seeHelp = (name: string) => `See hookback ${name ? `${name} ` : ""}--help.`;

function parseWords(name: string, options: Options, words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    return { values: values as Call["values"], positionals };
  } catch (error) {
    const message = (error as Error).message.replace(/\. To specify.*$/s, ".");
    const [, unknown] = /Unknown option '--?([^'=]+)/.exec(message) ?? [];
    const meant = unknown === undefined ? undefined : didYouMean(`--${unknown}`, Object.keys(options).map(asOption));
    throw wrongUsage(
      unknown === undefined ? message : `There is no option ${dashed(unknown)}.`,
      meant ?? seeHelp(name),
    );
  }
}

const asOption = (name: string) => `--${name}`;
const dashed = (name: string) => (name.length === 1 ? `-${name}` : `--${name}`);
