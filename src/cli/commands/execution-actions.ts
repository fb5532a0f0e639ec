/** What operators do with executions: with some that they name, or with all that match. */
import type { BulkAction, WorkspaceClient } from "../../client/index.ts";
import { command } from "../command.ts";
import { EXIT, wrongUsage } from "../failure.ts";
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
      ...FILTER_OPTIONS,
    },
    run: async ({ args, values, connection, terminal }) => {
      const isBulk = values.all === true;
      if (isBulk === args.length > 0) throw wrongUsage("Name executions by id, or say --all.");
      if (!isBulk && values["dry-run"]) throw wrongUsage("--dry-run goes with --all.");
      const workspace = await connection.workspace();
      if (!isBulk) return actOnEach(terminal, workspace, action, args);
      const filter = JSON.parse(JSON.stringify(filterOf(values)));
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
  const results: { id: string }[] = [];
  for (const [index, id] of ids.entries()) {
    terminal.progress(`${index + 1} of ${ids.length} ...`);
    const { id: result } = await executions[action](id);
    results.push({ id: result });
    if (!terminal.isJson) terminal.print(action === "resubmit" ? result : `${id} ${DONE[action]}`);
  }
  if (terminal.isJson) terminal.printJson(results);
  return EXIT.ok;
}
