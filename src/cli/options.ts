/** Options of several commands, and parsers for their values. */
import { Option } from "@commander-js/extra-typings";
import { wrongUsage } from "./failure.ts";

/** Of commands that ask before they delete or end something. */
export const YES = new Option("-y, --yes", "do it without asking");

export const LIMIT = new Option("--limit <N>", "the highest number to show").default(20).argParser((text): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw wrongUsage(`--limit is a number from 1, not ${text}.`);
  return limit;
});

export const TIMEOUT = new Option("--timeout <SECONDS>", "the longest wait; unlimited by default").argParser(
  parseSeconds("--timeout"),
);

/** Reads seconds, returns milliseconds. */
export function parseSeconds(option: string) {
  return (text: string): number => {
    const seconds = Number(text);
    if (text.trim() === "" || !(seconds >= 0)) throw wrongUsage(`${option} is a number of seconds, not ${text}.`);
    return seconds * 1000;
  };
}

/** For options that may be repeated. */
export const parseEach = (text: string, earlier: readonly string[] = []): readonly string[] => [...earlier, text];

/** For options that may be repeated, each with a name and a value. */
export function parsePairs<Value>(usage: string, separator: string, parseValue: (text: string) => Value) {
  return (text: string, earlier: Readonly<Record<string, Value>> = {}): Readonly<Record<string, Value>> => {
    const end = text.indexOf(separator);
    if (end < 1) throw wrongUsage(`${usage}, not ${text}.`);
    return { ...earlier, [text.slice(0, end).trim()]: parseValue(text.slice(end + 1)) };
  };
}

/** The value of a JSON text; any other text unchanged. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
