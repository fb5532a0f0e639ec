/** Triggers: what there is, and messages to one. */
import { readFileSync } from "node:fs";
import { ApiProblem, type Message, type WorkspaceClient } from "../../client/index.ts";
import { command } from "../command.ts";
import { EXIT, fileTrouble, refused, wrongUsage } from "../failure.ts";
import { whatElse } from "../nearest.ts";
import { secondsToMs } from "../seconds.ts";
import { allOf } from "../stdin.ts";
import type { Terminal } from "../terminal.ts";
import { followToEnd } from "./execution-follow.ts";

export const triggerList = command({
  name: "trigger list",
  summary: "list the triggers with their URLs",
  run: async ({ connection, terminal }) => {
    const triggers = await (await connection.workspace()).triggers.all();
    if (terminal.isJson) terminal.printJson(triggers);
    else {
      terminal.table(
        triggers,
        [
          { title: "NAME", value: ({ name }) => name },
          { title: "FLOW", value: ({ flow }) => flow, extra: 1 },
          { title: "METHODS", value: ({ methods }) => methods.join(" "), extra: 3 },
          { title: "AUTH", value: ({ auth }) => ("scheme" in auth ? auth.scheme : auth.type), extra: 2 },
          { title: "URL", value: ({ url }) => url },
        ],
        "There is no trigger yet; hookback apply makes them.",
      );
    }
    return EXIT.ok;
  },
});

export const triggerSend = command({
  name: "trigger send",
  summary: "send a message to a trigger, as its consumers do",
  args: ["<trigger>"],
  options: {
    data: {
      type: "string",
      short: "d",
      value: "TEXT|@FILE|-",
      summary: "the body: a text, a file, stdin; none unless told",
    },
    type: {
      type: "string",
      short: "t",
      value: "TYPE",
      summary: "its content type; by the file's name, else JSON or text",
    },
    method: { type: "string", short: "X", value: "METHOD", summary: "POST with a body and GET without, unless told" },
    header: {
      type: "string",
      short: "H",
      multiple: true,
      value: "NAME:VALUE",
      summary: "a header, as often as needed",
    },
    query: { type: "string", short: "q", multiple: true, value: "NAME=VALUE", summary: "a query parameter" },
    key: { type: "string", value: "KEY", summary: "an API key of the trigger" },
    "idempotency-key": { type: "string", value: "KEY", summary: "the same key is the same execution, for 24 hours" },
    follow: { type: "boolean", short: "f", summary: "show how the execution goes, to its end" },
    result: { type: "boolean", summary: "wait for the result and print it" },
    timeout: { type: "string", value: "SECONDS", summary: "longest wait with --follow and --result" },
  },
  details: "Prints the result when the trigger answers with it, else the id of the execution.",
  run: async ({ args: [name = ""], values, connection, terminal }) => {
    const workspace = await connection.workspace();
    const message: Message = {
      ...(await bodyOf(values.data, values.type)),
      method: values.method?.toUpperCase(),
      apiKey: values.key,
      idempotencyKey: values["idempotency-key"],
      headers: pairs(values.header, ":", "--header"),
      query: pairs(values.query, "=", "--query"),
      ...(values.follow && { wait: false }),
    };
    const timeoutMs = secondsToMs("--timeout", values.timeout);
    const sent = await workspace.send(name, message).catch((error: unknown) => explain(error, workspace, name));
    if (values.follow) return followToEnd(terminal, workspace, sent.executionId, { timeoutMs });
    terminal.progress(`Waiting for the result of ${sent.executionId} ...`);
    const response = values.result ? await sent.result({ timeoutMs }) : sent.response;
    await show(terminal, sent.executionId, response, sent.location);
    return response.ok ? EXIT.ok : EXIT.failed;
  },
});

async function show(terminal: Terminal, executionId: string, response: Response, location?: string): Promise<void> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status } = response;
  if (terminal.isJson) {
    const type = response.headers.get("content-type");
    const body = parsed(new TextDecoder().decode(bytes));
    return terminal.printJson({ executionId, status, ...(location && { location }), contentType: type, body });
  }
  if (status === 202) {
    terminal.print(executionId);
    return terminal.hint(`Follow it with: hookback executions follow ${executionId}`);
  }
  terminal.note(`${status}, execution ${executionId}`);
  terminal.write(bytes);
  if (bytes.at(-1) !== 10) terminal.print("");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function explain(error: unknown, { name: workspace, triggers }: WorkspaceClient, name: string): Promise<never> {
  if (!(error instanceof ApiProblem)) throw error;
  if (error.status === 401) {
    throw refused(`The trigger ${name} takes no message like this: ${error.detail}`, { code: error.code });
  }
  if (error.status === 405) {
    const hint = "With --data it goes as POST and without as GET, unless --method says otherwise.";
    throw refused(`The trigger ${name} takes no message like this: ${error.detail}`, { code: error.code, hint });
  }
  if (error.status !== 404) throw error;
  const names = await triggers.all().then(
    (all) => all.map((trigger) => trigger.name),
    () => null,
  );
  if (names === null || names.includes(name)) throw error;
  throw refused(`There is no trigger ${name} in ${workspace}.`, { code: "not-found", hint: whatElse(name, names) });
}

const TYPES: Record<string, string> = {
  json: "application/json",
  xml: "application/xml",
  csv: "text/csv",
  txt: "text/plain; charset=utf-8",
};

async function bodyOf(
  data: string | undefined,
  type: string | undefined,
): Promise<Pick<Message, "body" | "contentType">> {
  if (data === undefined) return {};
  const file = data.startsWith("@") ? data.slice(1) : null;
  const bytes = file === null ? (data === "-" ? await allOf(process.stdin) : Buffer.from(data)) : readBody(file);
  const byName = file === null ? undefined : TYPES[file.split(".").at(-1)?.toLowerCase() ?? ""];
  const isJson = typeof parsed(bytes.toString("utf8")) !== "string";
  const guessed = byName ?? (isJson ? "application/json" : "text/plain; charset=utf-8");
  return { body: new Uint8Array(bytes), contentType: type ?? guessed };
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw wrongUsage(`${file} cannot be read: ${fileTrouble(error)}.`);
  }
}

function pairs(given: readonly string[] = [], separator: string, option: string): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const end = text.indexOf(separator);
      if (end < 1) throw wrongUsage(`${option} is NAME${separator}VALUE, not ${text}.`);
      return [text.slice(0, end).trim(), text.slice(end + 1).trim()];
    }),
  );
}
