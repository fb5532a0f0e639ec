/** Retrying, resubmitting and cancelling executions: some by id, or all that match. */
import { ApiProblem, type BulkAction, type WorkspaceClient } from "../../client/index.ts";
import type { Context } from "../connection.ts";
import { EXIT, wrongUsage } from "../failure.ts";
import { YES } from "../options.ts";
import { canAsk, confirm } from "../prompt.ts";
import type { Terminal } from "../terminal.ts";
import { filteredCommand } from "./executions.ts";

const ACTIONS: Record<BulkAction, { readonly summary: string; readonly done: string }> = {
  retry: { summary: "continue failed executions at the step that failed", done: "retried" },
  resubmit: { summary: "start new executions of the same messages", done: "resubmitted" },
  cancel: { summary: "end executions early", done: "cancelled" },
};

const bulkCommand =
  (action: BulkAction) =>
  ({ terminal, connect }: Context) =>
    filteredCommand(action)
      .summary(ACTIONS[action].summary)
      .argument("[id...]")
      .option("--all", "all that match the options, in place of ids; up to 1,000 at a time")
      .option("--dry-run", "only count them")
      .addOption(YES)
      .action(async (ids, { all = false, dryRun = false, yes, ...filter }) => {
        if (all === ids.length > 0) throw wrongUsage("Name executions by id, or say --all.");
        if (!all && dryRun) throw wrongUsage("--dry-run goes with --all.");
        const workspace = await connect().workspace();
        if (!all) return actOnEach(terminal, workspace, action, ids);
        const { executions } = workspace;
        if (action === "cancel" && !dryRun && !yes && canAsk()) {
          const { matched } = await executions.bulk(action, filter, true);
          const subject = matched === 1 ? "1 execution ends" : `${matched} executions end`;
          if (matched > 0) await confirm(`${subject} for good.`);
        }
        const { matched, done } = await executions.bulk(action, filter, dryRun);
        const text = dryRun ? `${matched} match.` : `${done} of ${matched} that match ${ACTIONS[action].done}.`;
        terminal.printResult({ matched, done }, text);
      });

async function actOnEach(
  terminal: Terminal,
  { executions }: WorkspaceClient,
  action: BulkAction,
  ids: readonly string[],
): Promise<void> {
  const results: { id: string; error?: { code: string; message: string } }[] = [];
  for (const [index, id] of ids.entries()) {
    terminal.progress(`${index + 1} of ${ids.length} ...`);
    try {
      const { id: result } = await executions[action](id);
      results.push({ id: result });
      if (!terminal.isJson) terminal.print(action === "resubmit" ? result : `${id} ${ACTIONS[action].done}`);
    } catch (error) {
      // The error of a single id is the error of the command.
      if (ids.length === 1 || !(error instanceof ApiProblem) || error.status === 0) throw error;
      const message = error.status === 404 ? "There is no such execution." : error.detail;
      results.push({ id, error: { code: error.code, message } });
      if (!terminal.isJson) terminal.note(`${terminal.styleNote("red", "error:")} ${id}: ${message}`);
    }
  }
  if (terminal.isJson) terminal.printJson(results);
  if (results.some(({ error }) => error)) process.exitCode = EXIT.failed;
}

export const bulkCommands = (["retry", "resubmit", "cancel"] as const).map(bulkCommand);
