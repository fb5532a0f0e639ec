import { describe, inject, it } from "vitest";
import type { ExecutionDetail } from "../../../src/core/schema/views.ts";
import { answerCall, callOf, register } from "../../support/adapter.ts";
import { callBack } from "../../support/link.ts";
import { eventually, type Received, type Reply, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

/** What one of the three partners does with its request: reply, and call back if it likes. */
type Act = (request: Received) => { readonly reply: Reply; readonly later?: () => Promise<Response> };

interface Acts {
  readonly input: Act;
  readonly erp: Act;
  readonly output: Act;
}

const json = (status: number, value: object): Reply => ({ status, body: JSON.stringify(value) });
const result =
  (more: object): Act =>
  (request) => ({
    reply: json(200, { callback: callOf(request).callback, ...more }),
  });
const calledBack =
  (more: object): Act =>
  (request) => ({
    reply: json(200, { message: "Service received request" }),
    later: () => answerCall(gateway.url, { callback: callOf(request).callback, ...more }),
  });
const linked =
  (headers: Record<string, string>, body = ""): Act =>
  (request) => ({
    reply: { status: 202 },
    later: () =>
      callBack(request, { token: gateway.token, headers: { "content-type": "application/json", ...headers }, body }),
  });
const replied =
  (reply: Reply): Act =>
  () => ({ reply });

const SOLUTION = { tms_system_identifier: "S1", gross_weight: { amount: 1000, units: "kilogram" } };
const good: Acts = {
  input: result({ status: "success", payload: SOLUTION, message: "converted" }),
  erp: linked({}, '{"order":  7}'),
  output: calledBack({ status: "success", payload: { booked: true } }),
};

interface Case {
  readonly name: string;
  readonly acts: Partial<Acts>;
  /** Whether a callback is awaited for two seconds only, because none comes. */
  readonly isHurried?: true;
  /** How far the message comes. */
  readonly reached: number;
  readonly execution: object;
  readonly steps: readonly string[];
  /** What the last entry of the status log says. */
  readonly statusSet: object;
  /** Entries of the log, in their order among others. */
  readonly log: readonly (readonly [level: string, step: string, message: string | RegExp])[];
}

const FAILED = { documentStatus: "Failed" };
const failed = (failure: "error" | "bug", more: object = {}) => ({ status: "failed", failure, ...FAILED, ...more });

const cases: Case[] = [
  {
    ...{ name: "all three succeed", acts: {}, reached: 3, statusSet: { documentStatus: "Completed" } },
    execution: { status: "succeeded", documentStatus: "Completed", result: "success" },
    steps: ["succeeded", "succeeded", "succeeded"],
    log: [
      ["info", "convert", "converted"],
      ["info", "register", "Callback Ok from ADMIN_TOKEN"],
      ["info", "book", "Service received request"],
      ["info", "book", "Callback success from the adapter"],
    ],
  },
  {
    name: "the input adapter answers 400: an error with its message",
    acts: { input: replied(json(400, { message: "Unknown carrier code" })) },
    ...{ reached: 1, execution: failed("error"), steps: ["failed", "skipped", "skipped"], statusSet: FAILED },
    log: [
      ["error", "convert", "Unknown carrier code"],
      ["error", "convert", /answered 400.*the execution failed/],
    ],
  },
  {
    name: "the input adapter breaks down with 500: a bug",
    acts: { input: replied(json(500, { message: "Out of order" })) },
    ...{ reached: 1, execution: failed("bug"), steps: ["failed", "skipped", "skipped"], statusSet: FAILED },
    log: [
      ["error", "convert", "Out of order"],
      ["error", "convert", /answered 500.*the execution failed/],
    ],
  },
  {
    name: "the input adapter finds nothing to do: the rest is skipped, and it is no failure",
    acts: { input: result({ status: "skipped", message: "no shipments" }) },
    ...{ reached: 1, steps: ["succeeded", "skipped", "skipped"], statusSet: { documentStatus: "Completed" } },
    execution: { status: "succeeded", documentStatus: "Completed", result: "skipped" },
    log: [["info", "convert", "no shipments"]],
  },
  {
    name: "the partner of the async step calls back Failed: a document status, a technical status, code and text",
    acts: {
      erp: linked({
        ...{ "X-Link-Status": "Failed", "X-Link-Document-Status": "Credit check" },
        ...{ "X-Link-Error-Code": "E42", "X-Link-Error-Text": "Limit reached" },
      }),
    },
    ...{ reached: 2, steps: ["succeeded", "failed", "skipped"] },
    execution: failed("error", { technicalStatus: "Credit check", errorCode: "E42" }),
    statusSet: {
      ...{ ...FAILED, technicalStatus: "Credit check", errorCode: "E42" },
      ...{ by: "ADMIN_TOKEN", text: "Limit reached" },
    },
    log: [["error", "register", /^Callback Failed from ADMIN_TOKEN .*Limit reached.*document status set to Failed$/]],
  },
  {
    name: "the partner of the async step sets a document status that the workspace has added",
    acts: { erp: linked({ "X-Link-Status": "Failed", "X-Link-Document-Status": "needs-review" }) },
    ...{ reached: 2, steps: ["succeeded", "failed", "skipped"] },
    execution: { status: "failed", failure: "error", documentStatus: "Needs Review" },
    statusSet: { documentStatus: "Needs Review", by: "ADMIN_TOKEN" },
    log: [["error", "register", /document status set to Needs Review$/]],
  },
  {
    name: "the partner of the async step never calls back: a bug with the technical status Timeout",
    acts: { erp: replied({ status: 202 }) },
    isHurried: true,
    ...{ reached: 2, steps: ["succeeded", "failed", "skipped"] },
    execution: failed("bug", { technicalStatus: "Timeout" }),
    statusSet: { ...FAILED, technicalStatus: "Timeout" },
    log: [["error", "register", /waiting limit/]],
  },
  {
    name: "the output adapter calls back with an error",
    acts: {
      output: calledBack({ status: "error", user_logs: [{ type: "error", message: "Booking refused" }] }),
    },
    ...{ reached: 3, execution: failed("error"), steps: ["succeeded", "succeeded", "failed"] },
    statusSet: { ...FAILED, by: "the adapter", text: "Booking refused" },
    log: [
      ["error", "book", "Booking refused"],
      ["error", "book", "Callback error from the adapter; the execution failed"],
    ],
  },
  {
    name: "the output adapter calls back with a bug of its own",
    acts: { output: calledBack({ status: "bug" }) },
    ...{ reached: 3, execution: failed("bug"), steps: ["succeeded", "succeeded", "failed"] },
    statusSet: { ...FAILED, by: "the adapter" },
    log: [["error", "book", "Callback bug from the adapter; the execution failed"]],
  },
  {
    name: "the output adapter never calls back: a bug, because it is unresponsive",
    acts: { output: replied(json(200, { message: "Service received request" })) },
    isHurried: true,
    ...{ reached: 3, execution: failed("bug"), steps: ["succeeded", "succeeded", "failed"], statusSet: FAILED },
    log: [
      ["info", "book", "Service received request"],
      ["error", "book", /unresponsive/],
    ],
  },
  {
    name: "what the async step made is no JSON: an error before the output adapter is called",
    acts: { erp: linked({ "content-type": "text/plain" }, "order 7") },
    ...{ reached: 2, execution: failed("error"), steps: ["succeeded", "succeeded", "failed"], statusSet: FAILED },
    log: [["error", "book", /not JSON/]],
  },
];

describe.concurrent("a flow of input adapter, async http step and output adapter", () => {
  it.for(cases)("$name (L13 L15 L17 L20 C10 C22 C23 C24 C27 CD6 CD15)", async (one, { expect }) => {
    const { execution, requests, message } = await play({ ...good, ...one.acts }, one.isHurried ? 2 : 30);
    expect(requests.map(({ path }) => path)).toEqual(["/input", "/erp", "/output"].slice(0, one.reached));
    expect(execution).toMatchObject(one.execution);
    for (const field of ["technicalStatus", "errorCode", "failure"]) {
      expect([field, Object.hasOwn(execution, field)]).toEqual([field, Object.hasOwn(one.execution, field)]);
    }
    expect(execution.steps.map(({ status }) => status)).toEqual(one.steps);
    expect(execution.statusLog).toEqual([
      { at: execution.createdAt, documentStatus: "Inbox" },
      { at: execution.startedAt, documentStatus: "Processing" },
      { at: execution.finishedAt, ...one.statusSet },
    ]);
    const said = execution.log.map(({ level, step, message }) => [level, step, message] as const);
    let at = -1;
    for (const [level, step, text] of one.log) {
      const matches = (message: string) => (typeof text === "string" ? message === text : text.test(message));
      at = said.findIndex((entry, place) => place > at && matches(entry[2]));
      expect(said[at], `${level} ${step} ${text}`).toMatchObject([level, step, expect.any(String)]);
    }
    if (one.reached < 3) return;
    // Each partner gets what the one before has made, byte for byte.
    expect(callOf(requests[0]).payload).toMatchObject([{ file_name: "message.json", body: '{"doc":1}' }]);
    expect(requests[1]?.body.toString()).toBe(JSON.stringify(SOLUTION));
    expect(requests[2]?.body.toString()).toContain(',"payload":{"order":  7},');
    expect(message).toBe(execution.status === "succeeded" ? '{"booked":true}' : '{"order":  7}');
  });
});

interface Played {
  readonly execution: ExecutionDetail;
  readonly requests: readonly Received[];
  /** The message as it is in the end. */
  readonly message: string;
}

async function play(acts: Acts, waitSeconds: number): Promise<Played> {
  const late: (() => Promise<Response>)[] = [];
  await using target = await startTarget((request) => {
    const { reply, later } = acts[request.path.slice(1) as keyof Acts](request);
    if (later) late.push(later);
    return reply;
  });
  const workspace = await newWorkspace(gateway, { documentStatuses: ["Needs Review"] });
  const limits = { token_ttl_seconds: waitSeconds };
  const input = await register(workspace, `${target.url}/input`, limits);
  const output = { type: "output", solution: "co2.register_shipment", ...limits };
  const url = await workspace.endpoint("flow", [
    { name: "convert", type: "adapter", adapter: input },
    { name: "register", type: "http", url: `${target.url}/erp`, async: true, callbackTimeoutSeconds: waitSeconds },
    { name: "book", type: "adapter", adapter: await register(workspace, `${target.url}/output`, output) },
  ]);
  const sent = { method: "POST", headers: { "content-type": "application/json" }, body: '{"doc":1}' };
  const { executionId: id } = (await (await fetch(url, sent)).json()) as { executionId: string };
  const path = `/workspaces/${workspace.name}/executions/${id}/message`;
  const execution = await eventually(async () => {
    const found = await workspace.execution(id);
    if (found.status === "waiting") await late.shift()?.();
    return ["succeeded", "failed"].includes(found.status) ? found : undefined;
  });
  const message = await (await workspace.admin.request("GET", path)).text();
  return { execution, requests: target.received, message };
}
