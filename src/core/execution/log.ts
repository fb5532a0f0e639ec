/** The log of an execution: bounded in entries and in what others write into it. */

export type Level = "info" | "warning" | "error";

export interface Note {
  readonly level: Level;
  readonly message: string;
}

export interface LogEntry extends Note {
  /** Epoch ms. */
  readonly at: number;
  readonly step?: string | undefined;
}

/** Entries kept per execution: the first and the newest ones. */
const LOG_LIMIT = 200;
/** Longest message of an entry, in characters. */
const MESSAGE_LIMIT = 2_000;

export function append(
  log: readonly LogEntry[],
  { level, message }: Note,
  step: string | undefined,
  now: number,
): LogEntry[] {
  const entry = { at: now, level, message: printable(message), step };
  const kept = log.length < LOG_LIMIT ? log : [...log.slice(0, 1), ...log.slice(2)];
  return [...kept, entry];
}

/** What others say goes into the log as text of bounded length, without control characters. */
export function printable(message: string): string {
  const bounded = message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT - 1)}…` : message;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace.
  return bounded.toWellFormed().replace(/[\0-\x08\x0b-\x1f\x7f]/g, "\ufffd");
}
