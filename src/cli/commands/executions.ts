/** Looking at executions. */
import type { ExecutionDetail, ExecutionFilter, ExecutionSummary, WorkspaceClient } from "../../client/index.ts";
import { command, type Values } from "../command.ts";
import { EXIT } from "../failure.ts";
import { LIMIT_OPTION, readLimit } from "../limit.ts";
import { whatElse } from "../nearest.ts";
import { momentOf, oneLine } from "../table.ts";
import { STATUS_STYLES, type Terminal } from "../terminal.ts";
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

export const executionsList = command({
  name: "executions list",
  summary: "list executions, newest first",
  options: {
    ...FILTER_OPTIONS,
    limit: LIMIT_OPTION,
  },
  run: async ({ values, connection, terminal }) => {
    const most = readLimit(values.limit);
    const workspace = await connection.workspace();
    terminal.progress("Loading the executions ...");
    const found = await workspace.executions.all({ most, query: { ...filterOf(values) } });
    if (terminal.isJson) terminal.printJson(found);
    else if (found.length > 0) showList(terminal, found);
    else await explainNone(terminal, workspace, values);
    return EXIT.ok;
  },
});

/** A name that nothing has explains an empty list; executions of what was deleted can still be listed. */
async function explainNone(
  terminal: Terminal,
  { name: workspace, triggers, flows }: WorkspaceClient,
  wanted: Values<typeof FILTER_OPTIONS>,
): Promise<void> {
  terminal.note("No execution matches.");
  for (const [noun, { all }] of Object.entries({ trigger: triggers, flow: flows })) {
    const name = wanted[noun as "trigger" | "flow"];
    if (name === undefined) continue;
    // A token that reads executions need not read the configuration.
    const names = await all().then(namesOf, () => [name]);
    if (!names.includes(name)) terminal.note(`There is no ${noun} ${name} in ${workspace}. ${whatElse(name, names)}`);
  }
}

const namesOf = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

function showList(terminal: Terminal, executions: readonly ExecutionSummary[]): void {
  terminal.table(executions, [
    { title: "ID", value: ({ id }) => id },
    { title: "TRIGGER", value: ({ trigger }) => trigger ?? "callback", isLong: true },
    { title: "SEQ", value: ({ seq }) => seq, extra: 3 },
    { title: "STATUS", value: ({ status }) => status, style: ({ status }) => STATUS_STYLES[status] },
    { title: "DOCUMENT", value: ({ documentStatus }) => documentStatus, extra: 2, isLong: true },
    { title: "ACCEPTED", value: ({ createdAt }) => momentOf(createdAt), extra: 1 },
    { title: "TOOK", value: took, extra: 4 },
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
      { title: "STEP", value: ({ name }) => name, isLong: true },
      { title: "TYPE", value: ({ type }) => type, extra: 1 },
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
