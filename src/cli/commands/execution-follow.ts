/** The progress of an execution until it ends. */
import { Command } from "@commander-js/extra-typings";
import type { ExecutionDetail, ExecutionEvent, WaitOptions, WorkspaceClient } from "../../client/index.ts";
import type { Context } from "../connection.ts";
import { EXIT } from "../failure.ts";
import { TIMEOUT } from "../options.ts";
import { STATUS_STYLES, type StatusWord } from "../style.ts";
import { oneLine } from "../table.ts";
import type { Terminal } from "../terminal.ts";

export const follow = ({ terminal, connect }: Context) =>
  new Command("follow")
    .summary("show the progress of an execution until it ends")
    .description(
      "The exit code is 0 when it succeeded, 1 when it failed or was cancelled. With --json each line is an event.",
    )
    .argument("<id>")
    .addOption(TIMEOUT)
    .action(async (id, { timeout }) => followToEnd(terminal, await connect().workspace(), id, { timeoutMs: timeout }));

export async function followToEnd(
  terminal: Terminal,
  { executions }: WorkspaceClient,
  id: string,
  options: WaitOptions,
): Promise<void> {
  let last: ExecutionDetail | undefined;
  let at = "";
  for await (const event of executions.follow(id, options)) {
    if (event.type === "status") last = event.execution;
    // An unfinished step only has the time of its start, which may be before events that were printed already.
    at = [at, timeOf(event) ?? ""].sort().at(-1) ?? at;
    if (terminal.isJson) terminal.print(JSON.stringify(event));
    else printEvent(terminal, at, event);
    terminal.progress(`${last?.status ?? "following"} ...`);
  }
  terminal.endProgress();
  if (last?.status !== "succeeded") process.exitCode = EXIT.failed;
}

function timeOf(event: ExecutionEvent): string | undefined {
  switch (event.type) {
    case "log":
      return event.entry.at;
    case "step":
      return event.step.finishedAt ?? event.step.startedAt;
    case "status":
      return event.execution.finishedAt ?? event.execution.createdAt;
  }
}

function printEvent(terminal: Terminal, at: string, event: ExecutionEvent): void {
  const [subject, word, text] = partsOf(event);
  const time = terminal.style("dim", at.slice(11, 23).padEnd(12));
  const status = terminal.style(STATUS_STYLES[word], word.padEnd(9));
  terminal.print(`${time}  ${subject.padEnd(12)}  ${status}  ${oneLine(text)}`.trimEnd());
}

function partsOf(event: ExecutionEvent): readonly [subject: string, word: StatusWord, text: string] {
  switch (event.type) {
    case "log": {
      const { level, step = "execution", message } = event.entry;
      return [step, level, message];
    }
    case "step": {
      const { name, status, attempts } = event.step;
      return [name, status, attempts > 1 ? `attempt ${attempts}` : ""];
    }
    case "status": {
      const { status, finishedAt, seq } = event.execution;
      return ["execution", status, finishedAt === undefined ? `seq ${seq}` : endOf(event.execution)];
    }
  }
}

export function endOf({ documentStatus, technicalStatus, errorCode }: ExecutionDetail): string {
  const parts = [
    `document status ${documentStatus}`,
    technicalStatus !== undefined && `technical status ${technicalStatus}`,
    errorCode !== undefined && `error code ${errorCode}`,
  ];
  return parts.filter(Boolean).join(", ");
}
