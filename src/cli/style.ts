/** Colours on a terminal. */
import { inspect } from "node:util";
import type { CallbackStatus, LogEntry, Status, StepView } from "../client/index.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Statuses and log levels. */
export type StatusWord = Status | StepView["status"] | CallbackStatus | LogEntry["level"];

export const STATUS_STYLES: Readonly<Record<StatusWord, Style | undefined>> = {
  queued: "dim",
  running: "cyan",
  waiting: "yellow",
  retrying: "yellow",
  succeeded: "green",
  failed: "red",
  cancelled: "dim",
  skipped: "dim",
  pending: "dim",
  info: undefined,
  warning: "yellow",
  error: "red",
  open: "green",
  busy: "yellow",
  closed: "dim",
  expired: "dim",
};

export function styled(style: Style, text: string): string {
  const [on, off] = inspect.colors[style] ?? [0, 0];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
