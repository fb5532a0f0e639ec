/** Secrets: configurations name them, and never hold them. */
import { command, YES } from "../command.ts";
import { EXIT, refused, wrongUsage } from "../failure.ts";
import { whatElse } from "../nearest.ts";
import { askHidden, canAsk, confirm } from "../prompt.ts";
import { firstLineOf } from "../stdin.ts";
import { momentOf } from "../table.ts";

export const secretList = command({
  name: "secret list",
  summary: "list the names of the secrets; values are never shown",
  run: async ({ connection, terminal }) => {
    const secrets = await (await connection.workspace()).secrets.all();
    if (terminal.isJson) terminal.printJson(secrets);
    else {
      terminal.table(
        secrets,
        [
          { title: "NAME", value: ({ name }) => name },
          { title: "CHANGED", value: ({ updatedAt }) => momentOf(updatedAt), extra: 1 },
        ],
        "There is no secret yet; set one with: hookback secret set NAME",
      );
    }
    return EXIT.ok;
  },
});

export const secretSet = command({
  name: "secret set",
  summary: "set or replace a secret",
  args: ["<name>"],
  options: {
    env: { type: "string", value: "VARIABLE", summary: "take the value from this variable" },
    generate: { type: "boolean", summary: "make a whsec_ secret and print it, this once" },
  },
  details: `The value is asked for, or the first line of stdin where nobody can be asked, unless an option says otherwise. It is
never an argument: arguments are seen by everybody on the machine.

  echo "$ERP_TOKEN" | hookback secret set erp`,
  run: async ({ args: [name = ""], values, connection, terminal }) => {
    const { secrets } = await connection.workspace();
    const value = await readValue(name, values, connection.env);
    await secrets.put(name, value);
    if (terminal.isJson) terminal.printJson({ name, ...(values.generate && { value }) });
    else terminal.print(values.generate ? value : `Set the secret ${name}.`);
    return EXIT.ok;
  },
});

interface Source {
  readonly env?: string;
  readonly generate?: boolean;
}

async function readValue(name: string, { env: variable, generate }: Source, env: NodeJS.ProcessEnv): Promise<string> {
  if (generate) return `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`;
  if (variable !== undefined) {
    const value = env[variable];
    if (!value) throw wrongUsage(`The variable ${variable} is not set.`);
    return value;
  }
  const isAsking = canAsk();
  const value = isAsking
    ? await askHidden(`Value of ${name}: `)
    : process.stdin.isTTY
      ? ""
      : await firstLineOf(process.stdin);
  if (!value) throw wrongUsage("There is no value.", `Type it, or send it: echo VALUE | hookback secret set ${name}`);
  return value;
}

export const secretDelete = command({
  name: "secret delete",
  summary: "delete a secret",
  args: ["<name>"],
  options: YES,
  run: async ({ args: [name = ""], values, connection, terminal }) => {
    const { secrets } = await connection.workspace();
    const names = (await secrets.all()).map((known) => known.name);
    if (!names.includes(name)) {
      throw refused(`There is no secret ${name}.`, { code: "not-found", hint: whatElse(name, names) });
    }
    if (!values.yes) await confirm(`Whatever uses the secret ${name} fails without it.`);
    await secrets.delete(name);
    if (!terminal.isJson) terminal.print(`Deleted the secret ${name}.`);
    return EXIT.ok;
  },
});

export const secretReseal = command({
  name: "secret reseal",
  summary: "after a rotation of ENCRYPTION_KEY, move the secrets of all workspaces to the new key",
  details: `Needs a token with admin. It may be repeated; what is under the current key stays as it is. When it says that all are,
and a minute has passed, ENCRYPTION_KEY_PREVIOUS can go. Secrets that no key opens are listed, and the exit code is then 1:
store each again with hookback secret set, or give the adapter a new one.`,
  run: async ({ connection, terminal }) => {
    terminal.progress("Sealing with the current key ...");
    const { resealed, current, unopened } = await connection.client.reseal();
    if (terminal.isJson) terminal.printJson({ resealed, current, unopened });
    else {
      terminal.print(`Moved ${resealed} to the current key; ${current} were under it already.`);
      if (unopened.length > 0) {
        terminal.print(`No key opens ${unopened.length}:`);
        terminal.table(unopened, [
          { title: "WORKSPACE", value: ({ workspace }) => workspace ?? "-" },
          { title: "KIND", value: ({ kind }) => kind },
          { title: "NAME", value: ({ name }) => name },
          { title: "VERSIONS", value: ({ versions }) => versions ?? 1 },
        ]);
      }
    }
    return unopened.length > 0 ? EXIT.failed : EXIT.ok;
  },
});
