/** Secrets: configurations name them, and never hold them. */
import { command } from "../command.ts";
import { EXIT, refused, wrongUsage } from "../failure.ts";
import { didYouMean } from "../nearest.ts";
import { firstLineOf } from "../stdin.ts";

export const secretList = command({
  name: "secret list",
  summary: "list the names of the secrets; values are never shown",
  run: async ({ connection, terminal }) => {
    const secrets = await (await connection.workspace()).secrets.all();
    if (terminal.isJson) terminal.printJson(secrets);
    else {
      terminal.table(secrets, [
        { title: "NAME", value: ({ name }) => name },
        { title: "CHANGED", value: ({ updatedAt }) => updatedAt },
      ]);
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
  details: `The value is the first line of stdin unless an option says otherwise; it is never an argument, because arguments are
seen by everybody on the machine.

  echo "$ERP_TOKEN" | hookback secret set erp`,
  run: async ({ args: [name = ""], values, connection, terminal }) => {
    const { secrets } = await connection.workspace();
    const value = await readValue(values, connection.env);
    await secrets.put(name, value);
    if (terminal.isJson) terminal.printJson({ name, ...(values.generate && { value }) });
    else terminal.print(values.generate ? value : `Set the secret ${name}.`);
    return EXIT.ok;
  },
});

async function readValue(from: { readonly env?: string; readonly generate?: boolean }, env: NodeJS.ProcessEnv) {
  if (from.generate) return `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`;
  if (from.env === undefined && process.stdin.isTTY)
    throw wrongUsage("Send the value: echo VALUE | hookback secret set NAME");
  const value = from.env === undefined ? await firstLineOf(process.stdin) : env[from.env];
  if (!value) throw wrongUsage(from.env === undefined ? "stdin has no value." : `The variable ${from.env} is not set.`);
  return value;
}

export const secretDelete = command({
  name: "secret delete",
  summary: "delete a secret",
  args: ["<name>"],
  run: async ({ args: [name = ""], connection, terminal }) => {
    const { secrets } = await connection.workspace();
    const names = (await secrets.all()).map((known) => known.name);
    if (!names.includes(name)) {
      throw refused(`There is no secret ${name}.`, { code: "not-found", hint: didYouMean(name, names) });
    }
    await secrets.delete(name);
    if (!terminal.isJson) terminal.print(`Deleted the secret ${name}.`);
    return EXIT.ok;
  },
});
