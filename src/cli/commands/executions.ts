import { Command } from "@commander-js/extra-typings";
import type { ExecutionDetail, ExecutionFilter, WorkspaceClient } from "../../client/index.ts";
import type { Context } from "../connection.ts";
import { namesOf, suggest } from "../nearest.ts";
import { LIMIT } from "../options.ts";
import { STATUS_STYLES } from "../style.ts";
import { momentOf, oneLine } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { endOf } from "./execution-follow.ts";

/** A command with the options of {@link ExecutionFilter}. */
export const filteredCommand = (name: string) =>
  new Command(name)
    .option("--trigger <NAME>", "only those of this trigger")
    .option("--flow <NAME>", "only those of this flow")
    .option("--status <STATUS>", "queued, running, waiting, retrying, succeeded, failed or cancelled")
    .option("--from <TIME>", "accepted at this time or later, such as 2030-01-31T12:00:00Z")
    .option("--to <TIME>", "accepted before this time");

export const list = ({ terminal, connect }: Context) =>
  filteredCommand("list")
    .summary("list executions, newest first")
    .addOption(LIMIT)
    .action(async ({ limit, ...filter }) => {
      const workspace = await connect().workspace();
      terminal.progress("Loading the executions ...");
      const found = await workspace.executions.all({ most: limit, query: filter });
      terminal.list(
        found,
        [
          { title: "ID", value: ({ id }) => id },
          { title: "TRIGGER", value: ({ trigger }) => trigger ?? "callback", isLong: true },
          { title: "SEQ", value: ({ seq }) => seq, extra: 3 },
          { title: "STATUS", value: ({ status }) => status, style: ({ status }) => STATUS_STYLES[status] },
          { title: "DOCUMENT", value: ({ documentStatus }) => documentStatus, extra: 2, isLong: true },
          { title: "ACCEPTED", value: ({ createdAt }) => momentOf(createdAt), extra: 1 },
          { title: "TOOK", value: took, extra: 4 },
        ],
        "No execution matches.",
      );
      if (found.length === 0 && !terminal.isJson) await explainNone(terminal, workspace, filter);
    });

/** Names that do not exist explain an empty list. Executions of deleted triggers and flows can still be listed. */
async function explainNone(
  terminal: Terminal,
  { name: workspace, triggers, flows }: WorkspaceClient,
  { trigger, flow }: ExecutionFilter,
): Promise<void> {
  for (const [kind, noun, name] of [["trigger", triggers, trigger] as const, ["flow", flows, flow] as const]) {
    const names = name === undefined ? null : await namesOf(noun);
    if (name === undefined || names === null || names.includes(name)) continue;
    terminal.note(`There is no ${kind} ${name} in ${workspace}. ${suggest(name, names)}`);
  }
}

export const show = ({ terminal, connect }: Context) =>
  new Command("show")
    .summary("show an execution with its steps and its log")
    .argument("<id>")
    .option("--message", "print only its current message")
    .action(async (id, { message }) => {
      const { executions } = await connect().workspace();
      if (message) return terminal.write(new Uint8Array(await (await executions.message(id)).arrayBuffer()));
      const execution = await executions.get(id);
      if (terminal.isJson) terminal.printJson(execution);
      else showDetail(terminal, execution);
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
    const styledLevel = terminal.style(STATUS_STYLES[level], level.padEnd(7));
    const text = step === undefined ? oneLine(message) : `${step}: ${oneLine(message)}`;
    terminal.print(`${terminal.style("dim", at)}  ${styledLevel}  ${text}`);
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
