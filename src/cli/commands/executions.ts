/** Looking at executions. */
import type { ExecutionDetail, ExecutionFilter, ExecutionSummary } from "../../client/index.ts";
import { command, type Values } from "../command.ts";
import { EXIT, wrongUsage } from "../failure.ts";
import { oneLine, STATUS_STYLES, type Terminal } from "../terminal.ts";
import { endOf } from "./execution-follow.ts";

export const FILTER_OPTIONS = {
  trigger: { type: "string", value: "NAME", summary: "only those of this trigger" },
  flow: { type: "string", value: "NAME", summary: "only those of this flow" },
  status: {
    type: "string",
    value: "STATUS",
    summary: "queued, running, waiting, retrying, succeeded, failed or cancelled",
  },
  from: { type: "string", value: "TIME", summary: "accepted at this time or later, such as 2030-01-31T12:00:00Z" },
  to: { type: "string", value: "TIME", summary: "accepted before this time" },
} as const;

export const filterOf = ({ trigger, flow, status, from, to }: Values<typeof FILTER_OPTIONS>): ExecutionFilter => ({
  ...{ trigger, flow, status, from, to },
});

const USUAL_COUNT = "20";

export const executionsList = command({
  name: "executions list",
  summary: "list executions, newest first",
  options: {
    ...FILTER_OPTIONS,
    limit: { type: "string", value: "N", summary: `how many at most; ${USUAL_COUNT} unless told` },
  },
  run: async ({ values, connection, terminal }) => {
    const most = Number(values.limit ?? USUAL_COUNT);
    if (!Number.isInteger(most) || most < 1) throw wrongUsage(`--limit is a number from 1, not ${values.limit}.`);
    const { executions } = await connection.workspace();
    const found = await executions.all({ most, query: { ...filterOf(values) } });
    if (terminal.isJson) terminal.printJson(found);
    else if (found.length === 0) terminal.note("No execution matches.");
    else showList(terminal, found);
    return EXIT.ok;
  },
});

function showList(terminal: Terminal, executions: readonly ExecutionSummary[]): void {
  terminal.table(executions, [
    { title: "ID", value: ({ id }) => id },
    { title: "TRIGGER", value: ({ trigger }) => trigger ?? "callback" },
    { title: "SEQ", value: ({ seq }) => seq },
    { title: "STATUS", value: ({ status }) => status, style: ({ status }) => STATUS_STYLES[status] },
    { title: "DOCUMENT", value: ({ documentStatus }) => documentStatus },
    { title: "ACCEPTED", value: ({ createdAt }) => createdAt },
    { title: "TOOK", value: took },
  ]);
}

export const executionsShow = command({
  name: "executions show",
  summary: "show an execution with its steps and its log",
  args: ["<id>"],
  options: { message: { type: "boolean", summary: "print its message as it is now, and nothing else" } },
  run: async ({ args: [id = ""], values, connection, terminal }) => {
    const { executions } = await connection.workspace();
    if (values.message) {
      terminal.write(new Uint8Array(await (await executions.message(id)).arrayBuffer()));
      return EXIT.ok;
    }
    const execution = await executions.get(id);
    if (terminal.isJson) terminal.printJson(execution);
    else showDetail(terminal, execution);
    return EXIT.ok;
  },
});

function showDetail(terminal: Terminal, execution: ExecutionDetail): void {
  const { id, trigger, flow, seq, status, createdAt, steps, log } = execution;
  terminal.print(`${terminal.style("bold", id)}  ${terminal.style(STATUS_STYLES[status], status)}`);
  terminal.print(`${trigger ?? "callback"} -> ${flow}, seq ${seq}, accepted ${createdAt}, ${endOf(execution)}`);
  if (steps.length > 0) {
    terminal.print("");
    terminal.table(steps, [
      { title: "STEP", value: ({ name }) => name },
      { title: "TYPE", value: ({ type }) => type },
      { title: "STATUS", value: (step) => step.status, style: (step) => STATUS_STYLES[step.status] },
      { title: "ATTEMPTS", value: ({ attempts }) => attempts },
      { title: "TOOK", value: took },
    ]);
  }
  if (log.length > 0) terminal.print("");
  for (const { at, level, step, message } of log) {
    const about = step === undefined ? "" : `${step}: `;
    terminal.print(
      `${terminal.style("dim", at)}  ${terminal.style(STATUS_STYLES[level], level.padEnd(7))}  ${about}${oneLine(message)}`,
    );
  }
}

interface Span {
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
}

function took({ startedAt, finishedAt }: Span): string {
  if (startedAt === undefined || finishedAt === undefined) return "";
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}
