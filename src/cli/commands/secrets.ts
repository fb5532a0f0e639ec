/** Secrets: configurations name them and never contain them. */
import { Command } from "@commander-js/extra-typings";
import type { Context } from "../connection.ts";
import { EXIT, refused, wrongUsage } from "../failure.ts";
import { suggest } from "../nearest.ts";
import { YES } from "../options.ts";
import { askHidden, canAsk, confirm, readFirstLine } from "../prompt.ts";
import { momentOf } from "../table.ts";

const list = ({ terminal, connect }: Context) =>
  new Command("list").summary("list the names of the secrets; values are never shown").action(async () => {
    terminal.list(
      await (await connect().workspace()).secrets.all(),
      [
        { title: "NAME", value: ({ name }) => name },
        { title: "CHANGED", value: ({ updatedAt }) => momentOf(updatedAt), extra: 1 },
      ],
      "There is no secret yet; set one with: hookback secret set NAME",
    );
  });

const set = ({ terminal, connect }: Context) =>
  new Command("set")
    .summary("set or replace a secret")
    .description(
      `Asks for the value; without a terminal, the first line of stdin is the value. It is never an argument, because every user of the machine can see arguments.

  echo "$ERP_TOKEN" | hookback secret set erp`,
    )
    .argument("<name>")
    .option("--env <VARIABLE>", "take the value from this variable")
    .option("--generate", "make a whsec_ secret and print it, this once")
    .action(async (name, { env, generate }) => {
      const { secrets } = await connect().workspace();
      const value = generate ? generateSecret() : await readValue(name, env, connect().env);
      await secrets.put(name, value);
      terminal.printResult({ name, ...(generate && { value }) }, generate ? value : `Set the secret ${name}.`);
    });

const generateSecret = () => `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`;

async function readValue(name: string, variable: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  if (variable !== undefined) {
    const value = env[variable];
    if (!value) throw wrongUsage(`The variable ${variable} is not set.`);
    return value;
  }
  // Without a hidden prompt, the terminal would show the value.
  const read = canAsk() ? askHidden(`Value of ${name}: `) : process.stdin.isTTY ? "" : readFirstLine();
  const value = await read;
  if (!value) throw wrongUsage("There is no value.", `Type it, or send it: echo VALUE | hookback secret set ${name}`);
  return value;
}

const remove = ({ terminal, connect }: Context) =>
  new Command("delete")
    .summary("delete a secret")
    .argument("<name>")
    .addOption(YES)
    .action(async (name, { yes }) => {
      const { secrets } = await connect().workspace();
      const names = (await secrets.all()).map((known) => known.name);
      if (!names.includes(name)) {
        throw refused(`There is no secret ${name}.`, { code: "not-found", hint: suggest(name, names) });
      }
      if (!yes) await confirm(`Everything that uses the secret ${name} fails without it.`);
      await secrets.delete(name);
      if (!terminal.isJson) terminal.print(`Deleted the secret ${name}.`);
    });

const reseal = ({ terminal, connect }: Context) =>
  new Command("reseal")
    .summary("after a rotation of ENCRYPTION_KEY, move the secrets of all workspaces to the new key")
    .description(
      `Needs a token with admin. It may be repeated: secrets under the current key are left unchanged. When all are under the current key and a minute has passed, ENCRYPTION_KEY_PREVIOUS can be removed. Secrets that no key opens are listed, and the exit code is 1: set each again with hookback secret set, or give the adapter a new one.`,
    )
    .action(async () => {
      terminal.progress("Sealing with the current key ...");
      const result = await connect().client.reseal();
      const { resealed, current, unopened } = result;
      terminal.printResult(result, `Moved ${resealed} to the current key; ${current} were under it already.`);
      if (unopened.length === 0) return;
      process.exitCode = EXIT.failed;
      if (terminal.isJson) return;
      terminal.print(`No key opens ${unopened.length}:`);
      terminal.table(unopened, [
        { title: "WORKSPACE", value: ({ workspace }) => workspace ?? "-" },
        { title: "KIND", value: ({ kind }) => kind },
        { title: "NAME", value: ({ name }) => name },
        { title: "VERSIONS", value: ({ versions }) => versions ?? 1 },
      ]);
    });

export const secretCommands = [list, set, remove, reseal];
