/** Configuration as code: one document for a workspace. */
import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { ApiProblem, type ConfigChange, type WorkspaceClient } from "../../client/index.ts";
import { command, YES } from "../command.ts";
import type { Connection } from "../connection.ts";
import { type ConfigFile, readConfigFile } from "../document.ts";
import { EXIT, fileTrouble, refused, wrongUsage } from "../failure.ts";
import { confirm } from "../prompt.ts";
import type { Style, Terminal } from "../terminal.ts";

export const apply = command({
  name: "apply",
  summary: "make the configuration what a document says, and show the difference",
  args: ["<file>"],
  options: {
    "dry-run": { type: "boolean", summary: "show what would change, and change nothing" },
    create: { type: "boolean", summary: "make the workspace first if it is not there" },
    ...YES,
  },
  details: `The file is YAML or JSON; - is stdin. A section that it has (settings, adapters, flows, triggers,
callbackConfigs) is the whole of its kind: what it lacks is deleted. A section that it lacks is left as it is. Secrets
are named and not contained: set them with hookback secret set. Applying the same document again changes nothing.`,
  run: async ({ args: [name = ""], values, connection, terminal }) => {
    const file = await readConfigFile(name);
    const isDryRun = values["dry-run"] === true;
    const workspace = await connection.workspace();
    if (values.create && (await isMissing(connection, workspace.name))) {
      if (isDryRun) throw refused(`There is no workspace ${workspace.name} yet, so there is nothing to compare with.`);
      await connection.client.workspaces.put(workspace.name, {});
      terminal.note(`Made the workspace ${workspace.name}.`);
    }
    terminal.progress(`Comparing ${name} with ${workspace.name} ...`);
    const { changes } = await sent(() => workspace.config.compare(file.content), file);
    if (!terminal.isJson) showChanges(terminal, changes);
    const isChanging = !isDryRun && changes.length > 0;
    if (isChanging) {
      if (!values.yes) await confirmDeletions(terminal, changes);
      terminal.progress(`Applying ${count(changes.length)} ...`);
      await sent(() => workspace.config.apply(file.content), file);
    }
    if (terminal.isJson) terminal.printJson({ dryRun: isDryRun, changes });
    else terminal.print(closing(changes.length, isDryRun, workspace.name));
    return EXIT.ok;
  },
});

export const exportConfig = command({
  name: "export",
  summary: "print the configuration as a document that apply takes",
  options: {
    output: { type: "string", short: "o", value: "FILE", summary: "write it to this file" },
    format: { type: "string", value: "yaml|json", summary: "yaml unless told, or the file's name says otherwise" },
  },
  run: async ({ values, connection, terminal }) => {
    const { output } = values;
    const format = values.format ?? (terminal.isJson || output?.endsWith(".json") ? "json" : "yaml");
    if (format !== "yaml" && format !== "json") throw wrongUsage("--format is yaml or json.");
    const workspace = await connection.workspace();
    const document = await workspace.config.get();
    const schema = `${connection.url}/api/v1/config.schema.json`;
    const text =
      format === "json"
        ? `${JSON.stringify({ $schema: schema, ...document }, null, 2)}\n`
        : `# yaml-language-server: $schema=${schema}\n${stringify(document, { lineWidth: 0 })}`;
    if (output === undefined) terminal.write(text);
    else write(output, text);
    if (output !== undefined) terminal.note(`Wrote the configuration of ${workspace.name} to ${output}.`);
    return EXIT.ok;
  },
});

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw wrongUsage(`${file} cannot be written: ${fileTrouble(error)}.`);
  }
}

async function isMissing({ client }: Connection, name: string): Promise<boolean> {
  return client.workspaces.get(name).then(
    () => false,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return true;
      throw error;
    },
  );
}

async function sent(send: () => ReturnType<WorkspaceClient["config"]["apply"]>, file: ConfigFile) {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.errors.length === 0) throw error;
    const isSecret = error.errors.some(({ message }) => /secret .*does not exist/.test(message));
    const hint = isSecret ? "Set a secret with: echo VALUE | hookback secret set NAME" : undefined;
    const errors = file.located(error.errors);
    throw refused("The document is refused, and nothing was changed:", { code: error.code, errors, hint });
  }
}

async function confirmDeletions(terminal: Terminal, changes: readonly ConfigChange[]): Promise<void> {
  const gone = changes.filter(({ action }) => action === "delete");
  if (gone.length === 0) return;
  terminal.endProgress();
  await confirm(
    `${gone.length} of ${count(changes.length)} delete something; the keys of a deleted trigger go with it.`,
  );
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
      terminal.print(`    ${field}: ${value(from)} ${terminal.style("dim", "->")} ${value(to)}`);
    }
  }
}

const value = (of: unknown) => (of === undefined ? "nothing" : JSON.stringify(of));
const count = (changes: number) => (changes === 1 ? "1 change" : `${changes} changes`);

function closing(changes: number, isDryRun: boolean, workspace: string): string {
  if (changes === 0) return `${workspace} is as the document says; nothing to change.`;
  return isDryRun
    ? `${count(changes)} to make in ${workspace}; nothing was changed.`
    : `Made ${count(changes)} in ${workspace}.`;
}
