/** One execution as it goes, to its end. */
import type { ExecutionDetail, ExecutionEvent, WaitOptions, WorkspaceClient } from "../../client/index.ts";
import { command } from "../command.ts";
import { EXIT } from "../failure.ts";
import { secondsToMs } from "../seconds.ts";
import { oneLine } from "../table.ts";
import { STATUS_STYLES, type Terminal } from "../terminal.ts";

export const follow = command({
  name: "executions follow",
  summary: "show how an execution goes, to its end",
  args: ["<id>"],
  options: { timeout: { type: "string", value: "SECONDS", summary: "longest wait; as long as it takes unless told" } },
  details:
    "The exit code is 0 when it succeeded, 1 when it failed or was cancelled. With --json each line is an event.",
  run: async ({ args: [id = ""], values, connection, terminal }) =>
    followToEnd(terminal, await connection.workspace(), id, { timeoutMs: secondsToMs("--timeout", values.timeout) }),
});

export async function followToEnd(
  terminal: Terminal,
  { executions }: WorkspaceClient,
  id: string,
  options: WaitOptions,
): Promise<number> {
  let last: ExecutionDetail | undefined;
  let at = "";
  for await (const event of executions.follow(id, options)) {
    if (event.type === "status") last = event.execution;
    // What is not over has only the time of its beginning, and is told after what came since.
    at = [at, timeOf(event) ?? ""].sort().at(-1) ?? at;
    if (terminal.isJson) terminal.print(JSON.stringify(event));
    else printEvent(terminal, at, event);
    terminal.progress(`${last?.status ?? "following"} ...`);
  }
  terminal.endProgress();
  return last?.status === "succeeded" ? EXIT.ok : EXIT.failed;
}

function timeOf(event: ExecutionEvent): string | undefined {
  if (event.type === "log") return event.entry.at;
  if (event.type === "step") return event.step.finishedAt ?? event.step.startedAt;
  return event.execution.finishedAt ?? event.execution.createdAt;
}

function printEvent(terminal: Terminal, at: string, event: ExecutionEvent): void {
  if (event.type === "log") {
    const { level, step, message } = event.entry;
    row(terminal, at, step ?? "execution", level, message);
  } else if (event.type === "step") {
    const { name, status, attempts } = event.step;
    row(terminal, at, name, status, attempts > 1 ? `attempt ${attempts}` : "");
  } else {
    const { status, finishedAt, seq } = event.execution;
    row(terminal, at, "execution", status, finishedAt === undefined ? `seq ${seq}` : endOf(event.execution));
  }
}

function row(terminal: Terminal, at: string, subject: string, word: string, text: string): void {
  const time = terminal.style("dim", at.slice(11, 23).padEnd(12));
  const status = terminal.style(STATUS_STYLES[word], word.padEnd(9));
  terminal.print(`${time}  ${subject.padEnd(12)}  ${status}  ${oneLine(text)}`.trimEnd());
}

export function endOf({ documentStatus, technicalStatus, errorCode }: ExecutionDetail): string {
  const parts = [
    `document status ${documentStatus}`,
    technicalStatus !== undefined && `technical status ${technicalStatus}`,
    errorCode !== undefined && `error code ${errorCode}`,
  ];
  return parts.filter(Boolean).join(", ");
}
