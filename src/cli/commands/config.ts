/** Configuration as code: one document for a workspace. */
import { writeFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { stringify } from "yaml";
import { ApiProblem, type ConfigChange, type WorkspaceClient } from "../../client/index.ts";
import type { Connection, Context } from "../connection.ts";
import { type ConfigFile, readConfigFile } from "../document.ts";
import { accessFile, refused, wrongUsage } from "../failure.ts";
import { YES } from "../options.ts";
import { confirm } from "../prompt.ts";
import type { Style } from "../style.ts";
import type { Terminal } from "../terminal.ts";

export const apply = ({ terminal, connect }: Context) =>
  new Command("apply")
    .summary("make the configuration equal to a document, and show the difference")
    .description(
      `The file is YAML or JSON; - is stdin. A section of the document (settings, adapters, flows, triggers, callbackConfigs) is complete: what it does not contain is deleted. A section that the document does not have is left unchanged. Documents name secrets and do not contain them: set them with hookback secret set. Applying the same document again changes nothing.`,
    )
    .argument("<file>")
    .option("--dry-run", "show what would change, and change nothing")
    .option("--create", "make the workspace first if it does not exist")
    .addOption(YES)
    .action(async (name, { dryRun = false, create, yes }) => {
      const file = await readConfigFile(name);
      const connection = connect();
      const workspace = await connection.workspace();
      if (create && (await isMissing(connection, workspace.name))) {
        if (dryRun) throw refused(`There is no workspace ${workspace.name} yet, so there is nothing to compare with.`);
        await connection.client.workspaces.put(workspace.name, {});
        terminal.note(`Made the workspace ${workspace.name}.`);
      }
      terminal.progress(`Comparing ${name} with ${workspace.name} ...`);
      const { changes } = await send(() => workspace.config.compare(file.content), file);
      if (!terminal.isJson) showChanges(terminal, changes);
      if (!dryRun && changes.length > 0) {
        if (!yes) await confirmDeletions(terminal, changes);
        terminal.progress(`Applying ${count(changes.length)} ...`);
        await send(() => workspace.config.apply(file.content), file);
      }
      terminal.printResult({ dryRun, changes }, summaryOf(changes.length, dryRun, workspace.name));
    });

export const exportConfig = ({ terminal, connect }: Context) =>
  new Command("export")
    .summary("print the configuration as a document for apply")
    .option("-o, --output <FILE>", "write it to this file")
    .option("--format <yaml|json>", "json if the name of the file ends so, else yaml")
    .action(async ({ output, format: given }) => {
      const format = given ?? (terminal.isJson || output?.endsWith(".json") ? "json" : "yaml");
      if (format !== "yaml" && format !== "json") throw wrongUsage("--format is yaml or json.");
      const workspace = await connect().workspace();
      const document = await workspace.config.get();
      const schema = `${connect().url}/api/v1/config.schema.json`;
      const text =
        format === "json"
          ? `${JSON.stringify({ $schema: schema, ...document }, null, 2)}\n`
          : `# yaml-language-server: $schema=${schema}\n${stringify(document, { lineWidth: 0 })}`;
      if (output === undefined) return terminal.write(text);
      accessFile(output, "written", () => writeFileSync(output, text));
      terminal.note(`Wrote the configuration of ${workspace.name} to ${output}.`);
    });

async function isMissing({ client }: Connection, name: string): Promise<boolean> {
  return client.workspaces.get(name).then(
    () => false,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return true;
      throw error;
    },
  );
}

async function send(request: () => ReturnType<WorkspaceClient["config"]["apply"]>, file: ConfigFile) {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.errors.length === 0) throw error;
    const isSecret = error.errors.some(({ message }) => /secret .*does not exist/.test(message));
    const hint = isSecret ? "Set a secret with: echo VALUE | hookback secret set NAME" : undefined;
    const errors = file.located(error.errors);
    throw refused("The document is refused, and nothing was changed:", { code: error.code, errors, hint });
  }
}

async function confirmDeletions(terminal: Terminal, changes: readonly ConfigChange[]): Promise<void> {
  const deletions = changes.filter(({ action }) => action === "delete");
  if (deletions.length === 0) return;
  terminal.endProgress();
  const share = `${deletions.length} of ${count(changes.length)}`;
  await confirm(`${share} delete something; deleting a trigger also deletes its keys.`);
}

const SIGNS: Record<ConfigChange["action"], readonly [string, Style]> = {
  create: ["+", "green"],
  update: ["~", "yellow"],
  delete: ["-", "red"],
};

function showChanges(terminal: Terminal, changes: readonly ConfigChange[]): void {
  for (const { kind, name, action, differences } of changes) {
    const [sign, style] = SIGNS[action];
    terminal.print(terminal.style(style, `${sign} ${kind}${name === undefined ? "" : ` ${name}`}`));
    for (const { field, from, to } of differences ?? []) {
      terminal.print(`    ${field}: ${valueText(from)} ${terminal.style("dim", "->")} ${valueText(to)}`);
    }
  }
}

const valueText = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
const count = (changes: number) => (changes === 1 ? "1 change" : `${changes} changes`);

function summaryOf(changes: number, isDryRun: boolean, workspace: string): string {
  if (changes === 0) return `${workspace} is as the document says; nothing to change.`;
  return isDryRun
    ? `${count(changes)} to make in ${workspace}; nothing was changed.`
    : `Made ${count(changes)} in ${workspace}.`;
}
