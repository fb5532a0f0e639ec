import { Command } from "@commander-js/extra-typings";
import {
  ApiProblem,
  type CallbackDetail,
  type CallbackInput,
  type CallbackSummary,
  type WorkspaceClient,
} from "../../client/index.ts";
import type { Context } from "../connection.ts";
import { EXIT, refused, wrongUsage } from "../failure.ts";
import { namesOf, suggest } from "../nearest.ts";
import { jsonOrText, LIMIT, parsePairs, parseSeconds, TIMEOUT } from "../options.ts";
import { STATUS_STYLES } from "../style.ts";
import { momentOf } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** The length of a body in a table, in characters. */
const SHOWN_LENGTH = 80;

const create = ({ terminal, connect }: Context) =>
  new Command("create")
    .summary("make a callback URL and print it")
    .description(
      "Without --config, --handler and --flow the call is recorded. With --json the whole callback is printed.",
    )
    .option("--config <NAME>", "a stored callback configuration")
    .option("--handler <URL>", "receives each call, and may decide the answer")
    .option("--flow <NAME>", "the flow that a call starts")
    .option("--redirect <URL>", "where the caller is redirected")
    .option("--body <TEXT>", "the body of the answer to the caller")
    .option("--case <TEXT>", "the subject, for the handler and for operators")
    .option("--param <NAME>", "the query parameter that names it, for URLs registered in advance")
    .option("--confirm", "opening the URL shows a button, and only the button uses it")
    .option("--multiple", "may be called more than once")
    .option("--retryable", "can still be called after the handler failed")
    .option("--expires <SECONDS>", "how long it may be called; for ever by default", parseSeconds("--expires"))
    .option(
      "--set <FIELD=JSON>",
      "any other field of the API, such as responseCode=204",
      parsePairs("--set is FIELD=JSON", "=", jsonOrText),
    )
    .action(async ({ config, handler, flow, redirect, expires, set, ...options }) => {
      if (handler !== undefined && flow !== undefined)
        throw wrongUsage("A call goes to a handler or starts a flow, not both.");
      const activity = handler ? { type: "http", url: handler } : flow ? { type: "flow", flow } : { type: "record" };
      const isStored = config !== undefined && handler === undefined && flow === undefined;
      const responseType = redirect !== undefined ? "redirect" : config === undefined ? "response" : undefined;
      // JSON omits undefined values.
      const input = {
        ...{ config, callbackActivity: isStored ? undefined : activity, callbackActivityCase: options.case },
        ...{ responseType, responseRedirectUrl: redirect, responseBody: options.body },
        ...{ stateQueryParameter: options.param, confirm: options.confirm },
        ...{ allowMultipleCalls: options.multiple, retryableAfterError: options.retryable },
        expiresInSeconds: expires === undefined ? undefined : expires / 1000,
        ...set,
      };
      const workspace = await connect().workspace();
      const callback = await workspace.callbacks
        .create(input as CallbackInput)
        .catch((error: unknown) => explain(error, workspace, { flow, config }));
      terminal.printResult(callback, callback.callbackUrl);
      if (!terminal.isJson) terminal.note(`Wait for its call with: hookback callback wait ${callback.callbackState}`);
    });

/** Adds the similar name to the error about a flow or configuration that does not exist. */
async function explain(
  error: unknown,
  { flows, callbackConfigs }: WorkspaceClient,
  { flow, config }: { readonly flow: string | undefined; readonly config: string | undefined },
): Promise<never> {
  if (!(error instanceof ApiProblem) || !error.errors.some(({ message }) => message.endsWith("does not exist"))) {
    throw error;
  }
  const isFlow = error.errors.some(({ field }) => field === "callbackActivity.flow");
  const [name, names] = isFlow ? [flow, await namesOf(flows)] : [config, await namesOf(callbackConfigs)];
  if (name === undefined || names === null) throw error;
  const { code, errors } = error;
  throw refused("The gateway refuses this:", { code, errors, hint: suggest(name, names) });
}

const list = ({ terminal, connect }: Context) =>
  new Command("list")
    .summary("list callbacks, newest first")
    .option("--status <STATUS>", "open, busy, closed or expired")
    .addOption(LIMIT)
    .action(async ({ status, limit }) => {
      const { callbacks } = await connect().workspace();
      terminal.progress("Loading the callbacks ...");
      terminal.list(
        await callbacks.all({ most: limit, query: { status } }),
        [
          { title: "STATE", value: ({ callbackState }) => callbackState },
          {
            title: "STATUS",
            value: (callback) => callback.status,
            style: (callback) => STATUS_STYLES[callback.status],
          },
          { title: "CALL", value: ({ callbackActivity }) => effectOf(callbackActivity), isLong: true, extra: 2 },
          { title: "CASE", value: ({ callbackActivityCase }) => callbackActivityCase, isLong: true, extra: 3 },
          { title: "CREATED", value: ({ createdAt }) => momentOf(createdAt), extra: 1 },
        ],
        "No callback matches.",
      );
    });

/** The effect of a call. */
function effectOf(activity: CallbackSummary["callbackActivity"]): string {
  switch (activity.type) {
    case "http":
      return activity.url;
    case "flow":
      return `flow ${activity.flow}`;
    case "record":
      return "recorded";
  }
}

/** The state of a callback, given as such or as its URL, which `callback create` prints. */
const stateIn = (given: string) => given.split(/[/=]/).at(-1) ?? given;

const show = ({ terminal, connect }: Context) =>
  new Command("show")
    .summary("show a callback and its calls")
    .description("In place of the state you may give the URL that callback create prints.")
    .argument("<state>")
    .action(async (state) => print(terminal, await (await connect().workspace()).callbacks.get(stateIn(state))));

const wait = ({ terminal, connect }: Context) =>
  new Command("wait")
    .summary("wait until a callback is called, and show its calls")
    .description(
      "In place of the state you may give the URL that callback create prints. The exit code is 1 when the callback was closed or has expired without a call.",
    )
    .argument("<state>")
    .addOption(TIMEOUT)
    .action(async (state, { timeout }) => {
      const { callbacks } = await connect().workspace();
      terminal.progress("Waiting for the call ...");
      const callback = await callbacks.waitFor(stateIn(state), { timeoutMs: timeout });
      print(terminal, callback);
      if (callback.calls.length === 0) process.exitCode = EXIT.failed;
    });

function print(terminal: Terminal, callback: CallbackDetail): void {
  if (terminal.isJson) {
    terminal.printJson(callback);
    return;
  }
  const { callbackUrl, status, callbackActivityCase, calls } = callback;
  terminal.print(`${terminal.style("bold", callbackUrl)}  ${terminal.style(STATUS_STYLES[status], status)}`);
  if (callbackActivityCase) terminal.print(callbackActivityCase);
  if (calls.length === 0) return;
  const shownBody = ({ body, bodySize }: (typeof calls)[number]) =>
    (body ?? `${bodySize} bytes`).slice(0, SHOWN_LENGTH);
  terminal.print("");
  terminal.table(calls, [
    { title: "CALL", value: ({ number }) => number },
    { title: "AT", value: ({ at }) => momentOf(at), extra: 1 },
    { title: "METHOD", value: ({ method }) => method.toUpperCase(), extra: 2 },
    { title: "OUTCOME", value: ({ outcome, responseCode }) => `${outcome} ${responseCode}` },
    { title: "QUERY", value: ({ query }) => new URLSearchParams(query).toString(), isLong: true },
    { title: "BODY", value: shownBody, isLong: true },
  ]);
}

export const callbackCommands = [create, list, show, wait];
