/** The log of an execution, bounded in entries and in their length. */

export const LEVELS = ["info", "warning", "error"] as const;
type Level = (typeof LEVELS)[number];

export interface Note {
  readonly level: Level;
  readonly message: string;
}

export interface LogEntry extends Note {
  /** Epoch ms. */
  readonly at: number;
  readonly step?: string;
}

/** Entries stored per execution: the first one and the newest ones. */
const LOG_LIMIT = 200;
/** Longest message of an entry, in characters. */
const MESSAGE_LIMIT = 2_000;

export function append(
  log: readonly LogEntry[],
  { level, message }: Note,
  step: string | undefined,
  now: number,
): LogEntry[] {
  const entry = { at: now, level, message: printable(message), ...(step !== undefined && { step }) };
  const others = log.length < LOG_LIMIT ? log : [...log.slice(0, 1), ...log.slice(2)];
  return [...others, entry];
}

/** Returns text from outside with bounded length and without control characters. */
export function printable(message: string): string {
  const bounded = message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT - 1)}…` : message;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace.
  return bounded.toWellFormed().replace(/[\0-\x08\x0b-\x1f\x7f]/g, "\ufffd");
}
