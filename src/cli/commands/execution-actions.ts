/** What operators do with executions: with some that they name, or with all that match. */
import { ApiProblem, type BulkAction, type WorkspaceClient } from "../../client/index.ts";
import { command, YES } from "../command.ts";
import { EXIT, wrongUsage } from "../failure.ts";
import { canAsk, confirm } from "../prompt.ts";
import type { Terminal } from "../terminal.ts";
import { FILTER_OPTIONS, filterOf } from "./executions.ts";

const SUMMARIES: Record<BulkAction, string> = {
  retry: "let failed executions go on at the step that failed",
  resubmit: "start new executions of the same messages",
  cancel: "end executions before their time",
};
const DONE: Record<BulkAction, string> = { retry: "retried", resubmit: "resubmitted", cancel: "cancelled" };

export const bulkCommands = (["retry", "resubmit", "cancel"] as const).map((action) =>
  command({
    name: `executions ${action}`,
    summary: SUMMARIES[action],
    args: ["[id]..."],
    options: {
      all: { type: "boolean", summary: "all that match the options, in place of ids; up to 1,000 at a time" },
      "dry-run": { type: "boolean", summary: "only count them" },
      ...YES,
      ...FILTER_OPTIONS,
    },
    run: async ({ args, values, connection, terminal }) => {
      const isBulk = values.all === true;
      if (isBulk === args.length > 0) throw wrongUsage("Name executions by id, or say --all.");
      if (!isBulk && values["dry-run"]) throw wrongUsage("--dry-run goes with --all.");
      const workspace = await connection.workspace();
      if (!isBulk) return actOnEach(terminal, workspace, action, args);
      const filter = JSON.parse(JSON.stringify(filterOf(values)));
      if (action === "cancel" && !values["dry-run"] && !values.yes && canAsk()) {
        const { matched } = await workspace.executions.bulk(action, filter, true);
        if (matched > 0) await confirm(`${matched === 1 ? "1 execution ends" : `${matched} executions end`} for good.`);
      }
      const { matched, done } = await workspace.executions.bulk(action, filter, values["dry-run"] === true);
      if (terminal.isJson) terminal.printJson({ matched, done });
      else
        terminal.print(values["dry-run"] ? `${matched} match.` : `${done} of ${matched} that match ${DONE[action]}.`);
      return EXIT.ok;
    },
  }),
);

async function actOnEach(
  terminal: Terminal,
  { executions }: WorkspaceClient,
  action: BulkAction,
  ids: readonly string[],
): Promise<number> {
  // What one id is about is told by the failure of the command.
  const isAlone = ids.length === 1;
  const results: { id: string; error?: { code: string; message: string } }[] = [];
  for (const [index, id] of ids.entries()) {
    terminal.progress(`${index + 1} of ${ids.length} ...`);
    try {
      const { id: result } = await executions[action](id);
      results.push({ id: result });
      if (!terminal.isJson) terminal.print(action === "resubmit" ? result : `${id} ${DONE[action]}`);
    } catch (error) {
      if (isAlone || !(error instanceof ApiProblem) || error.status === 0) throw error;
      const message = error.status === 404 ? "There is no such execution." : error.detail;
      results.push({ id, error: { code: error.code, message } });
      if (!terminal.isJson) terminal.note(`${terminal.styleNote("red", "error:")} ${id}: ${message}`);
    }
  }
  if (terminal.isJson) terminal.printJson(results);
  return results.some(({ error }) => error) ? EXIT.failed : EXIT.ok;
}
