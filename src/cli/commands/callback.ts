/** Callbacks: URLs that somebody else calls. */
import {
  ApiProblem,
  type CallbackDetail,
  type CallbackInput,
  type CallbackSummary,
  type WorkspaceClient,
} from "../../client/index.ts";
import { command } from "../command.ts";
import { EXIT, refused, wrongUsage } from "../failure.ts";
import { LIMIT_OPTION, readLimit } from "../limit.ts";
import { whatElse } from "../nearest.ts";
import { secondsToMs } from "../seconds.ts";
import { type Column, momentOf } from "../table.ts";
import { STATUS_STYLES, type Terminal } from "../terminal.ts";

/** How much of a body is in a table, in characters. */
const SHOWN_LENGTH = 80;

export const callbackCreate = command({
  name: "callback create",
  summary: "make a callback URL and print it",
  options: {
    config: { type: "string", value: "NAME", summary: "a stored callback configuration" },
    handler: { type: "string", value: "URL", summary: "who is told of each call, and may say how it is answered" },
    flow: { type: "string", value: "NAME", summary: "the flow that a call starts" },
    redirect: { type: "string", value: "URL", summary: "where the caller is sent" },
    body: { type: "string", value: "TEXT", summary: "what the caller is answered" },
    case: { type: "string", value: "TEXT", summary: "what it is about, for the handler and for operators" },
    param: {
      type: "string",
      value: "NAME",
      summary: "the query parameter that names it, for URLs registered in advance",
    },
    confirm: { type: "boolean", summary: "opening the URL asks first; only the button uses it" },
    multiple: { type: "boolean", summary: "may be called more than once" },
    retryable: { type: "boolean", summary: "stays usable when the handler fails" },
    expires: { type: "string", value: "SECONDS", summary: "how long it may be called; for ever unless told" },
    set: {
      type: "string",
      multiple: true,
      value: "FIELD=JSON",
      summary: "any other field of the API, such as responseCode=204",
    },
  },
  details: "Without --config, --handler and --flow the call is recorded. With --json the whole callback is printed.",
  run: async ({ values, connection, terminal }) => {
    const { config, handler, flow, redirect, body, param, confirm, multiple, retryable } = values;
    if (handler !== undefined && flow !== undefined)
      throw wrongUsage("A call goes to a handler or starts a flow, not both.");
    const activity = handler ? { type: "http", url: handler } : flow ? { type: "flow", flow } : { type: "record" };
    const isStored = config !== undefined && handler === undefined && flow === undefined;
    const expires = secondsToMs("--expires", values.expires);
    const input = {
      ...(config !== undefined && { config }),
      ...(!isStored && { callbackActivity: activity }),
      ...((config === undefined || redirect !== undefined) && {
        responseType: redirect === undefined ? "response" : "redirect",
      }),
      ...(redirect !== undefined && { responseRedirectUrl: redirect }),
      ...(body !== undefined && { responseBody: body }),
      ...(values.case !== undefined && { callbackActivityCase: values.case }),
      ...(param !== undefined && { stateQueryParameter: param }),
      ...(confirm && { confirm }),
      ...(multiple && { allowMultipleCalls: true }),
      ...(retryable && { retryableAfterError: true }),
      ...(expires !== undefined && { expiresInSeconds: expires / 1000 }),
      ...fieldsOf(values.set),
    };
    const workspace = await connection.workspace();
    const callback = await workspace.callbacks
      .create(input as CallbackInput)
      .catch((error: unknown) => explain(error, workspace, values));
    if (terminal.isJson) terminal.printJson(callback);
    else {
      terminal.print(callback.callbackUrl);
      terminal.note(`Wait for its call with: hookback callback wait ${callback.callbackState}`);
    }
    return EXIT.ok;
  },
});

/** A flow or configuration that is not there is told with what may be meant. */
async function explain(
  error: unknown,
  { flows, callbackConfigs }: WorkspaceClient,
  { flow, config }: { readonly flow?: string; readonly config?: string },
): Promise<never> {
  if (!(error instanceof ApiProblem) || !error.errors.some(({ message }) => message.endsWith("does not exist"))) {
    throw error;
  }
  const isFlow = error.errors.some(({ field }) => field === "callbackActivity.flow");
  const [name, { all }] = isFlow ? [flow, flows] : [config, callbackConfigs];
  const names = await all().then(
    (items) => items.map((item) => item.name),
    () => null,
  );
  if (name === undefined || names === null) throw error;
  const { code, errors } = error;
  throw refused("The gateway refuses this:", { code, errors, hint: whatElse(name, names) });
}

/** A value is JSON if it parses as JSON, else text. */
function fieldsOf(given: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    given.map((text) => {
      const end = text.indexOf("=");
      if (end < 1) throw wrongUsage(`--set is FIELD=JSON, not ${text}.`);
      const value = text.slice(end + 1);
      try {
        return [text.slice(0, end), JSON.parse(value)];
      } catch {
        return [text.slice(0, end), value];
      }
    }),
  );
}

export const callbackList = command({
  name: "callback list",
  summary: "list callbacks, newest first",
  options: {
    status: { type: "string", value: "STATUS", summary: "open, busy, closed or expired" },
    limit: LIMIT_OPTION,
  },
  run: async ({ values, connection, terminal }) => {
    const most = readLimit(values.limit);
    const { callbacks } = await connection.workspace();
    terminal.progress("Loading the callbacks ...");
    const found = await callbacks.all({ most, query: { status: values.status } });
    if (terminal.isJson) terminal.printJson(found);
    else {
      const columns: readonly Column<CallbackSummary>[] = [
        { title: "STATE", value: ({ callbackState }) => callbackState },
        { title: "STATUS", value: ({ status }) => status, style: ({ status }) => STATUS_STYLES[status] },
        { title: "CALL", value: ({ callbackActivity }) => callOf(callbackActivity), isLong: true, extra: 2 },
        { title: "CASE", value: ({ callbackActivityCase }) => callbackActivityCase, isLong: true, extra: 3 },
        { title: "CREATED", value: ({ createdAt }) => momentOf(createdAt), extra: 1 },
      ];
      terminal.table(found, columns, "No callback matches.");
    }
    return EXIT.ok;
  },
});

/** What a call does. */
const callOf = (activity: CallbackSummary["callbackActivity"]) =>
  activity.type === "http" ? activity.url : activity.type === "flow" ? `flow ${activity.flow}` : "recorded";

/** The state of a callback, of which its URL may be given as well: that is what `callback create` prints. */
const stateIn = (given: string) => given.split(/[/=]/).at(-1) ?? given;

export const callbackShow = command({
  name: "callback show",
  summary: "show a callback and its calls",
  args: ["<state>"],
  details: "The URL that callback create prints may stand in place of the state.",
  run: async ({ args: [state = ""], connection, terminal }) => {
    print(terminal, await (await connection.workspace()).callbacks.get(stateIn(state)));
    return EXIT.ok;
  },
});

export const callbackWait = command({
  name: "callback wait",
  summary: "wait until a callback is called, and show its calls",
  args: ["<state>"],
  options: { timeout: { type: "string", value: "SECONDS", summary: "longest wait; as long as it takes unless told" } },
  details: `The URL that callback create prints may stand in place of the state. The exit code is 1 when it was closed or has
expired without a call.`,
  run: async ({ args: [state = ""], values, connection, terminal }) => {
    const { callbacks } = await connection.workspace();
    const timeoutMs = secondsToMs("--timeout", values.timeout);
    terminal.progress("Waiting for the call ...");
    const callback = await callbacks.waitFor(stateIn(state), { timeoutMs });
    print(terminal, callback);
    return callback.calls.length > 0 ? EXIT.ok : EXIT.failed;
  },
});

function print(terminal: Terminal, callback: CallbackDetail): void {
  if (terminal.isJson) terminal.printJson(callback);
  else show(terminal, callback);
}

function show(terminal: Terminal, { callbackUrl, status, callbackActivityCase, calls }: CallbackDetail): void {
  terminal.print(`${terminal.style("bold", callbackUrl)}  ${terminal.style(STATUS_STYLES[status], status)}`);
  if (callbackActivityCase) terminal.print(callbackActivityCase);
  if (calls.length === 0) return;
  terminal.print("");
  terminal.table(calls, [
    { title: "CALL", value: ({ number }) => number },
    { title: "AT", value: ({ at }) => momentOf(at), extra: 1 },
    { title: "METHOD", value: ({ method }) => method.toUpperCase(), extra: 2 },
    { title: "OUTCOME", value: ({ outcome, responseCode }) => `${outcome} ${responseCode}` },
    { title: "QUERY", value: ({ query }) => new URLSearchParams(query).toString(), isLong: true },
    {
      title: "BODY",
      value: ({ body, bodySize }) => (body ?? `${bodySize} bytes`).slice(0, SHOWN_LENGTH),
      isLong: true,
    },
  ]);
}
