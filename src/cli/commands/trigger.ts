import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { buffer } from "node:stream/consumers";
import { Command } from "@commander-js/extra-typings";
import mime from "mime";
import { ApiProblem, type Message, type WorkspaceClient } from "../../client/index.ts";
import type { Context } from "../connection.ts";
import { accessFile, EXIT, refused } from "../failure.ts";
import { namesOf, suggest } from "../nearest.ts";
import { jsonOrText, parsePairs, TIMEOUT } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { followToEnd } from "./execution-follow.ts";

const list = ({ terminal, connect }: Context) =>
  new Command("list").summary("list the triggers with their URLs").action(async () => {
    terminal.list(
      await (await connect().workspace()).triggers.all(),
      [
        { title: "NAME", value: ({ name }) => name },
        { title: "FLOW", value: ({ flow }) => flow, extra: 1 },
        { title: "METHODS", value: ({ methods }) => methods.join(" "), extra: 3 },
        { title: "AUTH", value: ({ auth }) => ("scheme" in auth ? auth.scheme : auth.type), extra: 2 },
        { title: "URL", value: ({ url }) => url },
      ],
      "There is no trigger yet; hookback apply makes them.",
    );
  });

const trim = (text: string) => text.trim();

const send = ({ terminal, connect }: Context) =>
  new Command("send")
    .summary("send a message to a trigger, as its consumers do")
    .description("Prints the result when the trigger answers with it, else the id of the execution.")
    .argument("<trigger>")
    .option("-d, --data <TEXT|@FILE|->", "the body: a text, a file or stdin; none by default")
    .option("-t, --type <TYPE>", "its content type; by default from the name of the file or the content")
    .option("-X, --method <METHOD>", "by default POST with a body and GET without")
    .option("-H, --header <NAME:VALUE>", "a header, may be repeated", parsePairs("--header is NAME:VALUE", ":", trim))
    .option("-q, --query <NAME=VALUE>", "a query parameter", parsePairs("--query is NAME=VALUE", "=", trim))
    .option("--key <KEY>", "an API key of the trigger")
    .option("--idempotency-key <KEY>", "within 24 hours, the same key is the same execution")
    .option("-f, --follow", "show the progress of the execution until it ends")
    .option("--result", "wait for the result and print it")
    .addOption(TIMEOUT)
    .action(async (name, { data, type, method, header, query, key, idempotencyKey, follow, result, timeout }) => {
      const workspace = await connect().workspace();
      const message: Message = {
        ...(data !== undefined && (await readBody(data, type))),
        ...{ method: method?.toUpperCase(), apiKey: key, idempotencyKey, query, headers: header },
        ...(follow && { wait: false }),
      };
      const sent = await workspace.send(name, message).catch((error: unknown) => explain(error, workspace, name));
      if (follow) return followToEnd(terminal, workspace, sent.executionId, { timeoutMs: timeout });
      terminal.progress(`Waiting for the result of ${sent.executionId} ...`);
      const response = result ? await sent.result({ timeoutMs: timeout }) : sent.response;
      await show(terminal, sent.executionId, response, sent.location);
      if (!response.ok) process.exitCode = EXIT.failed;
    });

async function show(terminal: Terminal, executionId: string, response: Response, location?: string): Promise<void> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { status } = response;
  if (terminal.isJson) {
    const contentType = response.headers.get("content-type");
    const body = jsonOrText(new TextDecoder().decode(bytes));
    return terminal.printJson({ executionId, status, ...(location && { location }), contentType, body });
  }
  if (status === 202) {
    terminal.print(executionId);
    return terminal.hint(`Follow it with: hookback executions follow ${executionId}`);
  }
  terminal.note(`${status}, execution ${executionId}`);
  terminal.write(bytes);
  if (bytes.at(-1) !== 10) terminal.print("");
}

async function explain(error: unknown, { name: workspace, triggers }: WorkspaceClient, name: string): Promise<never> {
  if (!(error instanceof ApiProblem)) throw error;
  const { status, code, detail } = error;
  if (status === 401 || status === 405) {
    const hint =
      status === 405 ? "With --data it is sent as POST and without as GET, unless --method says otherwise." : undefined;
    throw refused(`The trigger ${name} takes no message like this: ${detail}`, { code, hint });
  }
  const names = status === 404 ? await namesOf(triggers) : null;
  if (names === null || names.includes(name)) throw error;
  throw refused(`There is no trigger ${name} in ${workspace}.`, { code: "not-found", hint: suggest(name, names) });
}

async function readBody(data: string, type: string | undefined): Promise<Pick<Message, "body" | "contentType">> {
  const file = data.startsWith("@") ? data.slice(1) : null;
  const bytes = await (file === null
    ? data === "-"
      ? buffer(process.stdin)
      : Buffer.from(data)
    : accessFile(file, "read", () => readFileSync(file)));
  return { body: new Uint8Array(bytes), contentType: type ?? contentTypeOf(bytes, extname(file ?? "")) };
}

function contentTypeOf(bytes: Buffer, extension: string): string {
  const type = mime.getType(extension);
  if (type !== null && type !== "text/plain") return type;
  if (!isUtf8(bytes)) return type ?? "application/octet-stream";
  const isJson = type === null && typeof jsonOrText(bytes.toString()) !== "string";
  return isJson ? "application/json" : "text/plain; charset=utf-8";
}

export const triggerCommands = [list, send];
