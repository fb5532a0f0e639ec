import { describe, expect, inject, it } from "vitest";
import {
  adapterFlow,
  adapterStep,
  type Call,
  json,
  logOf,
  messageOf,
  register,
  send,
  startPartner,
} from "../../support/adapter.ts";
import { type Reply, startTarget, type Target } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const MESSAGE = '{"as":"it came"}';

/** What a reply makes of an execution. */
async function replied(reply: (call: Call) => Reply, statuses?: string[], more: object = {}) {
  await using partner = await startPartner(reply);
  const id = await send(await adapterFlow(workspace, partner.url, more), MESSAGE);
  const execution = await workspace.settled(id, statuses);
  expect(partner.received).toHaveLength(1);
  return { id, execution };
}

const result = (more: object | string) => (call: Call) =>
  typeof more === "string"
    ? { body: `{"callback":${JSON.stringify(call.callback)},"status":"success",${more}}` }
    : json({ callback: call.callback, status: "success", ...more });
const file = (body: string, encoding = "utf8", type = "text/csv") => ({
  file_name: "a.csv",
  mime_type: type,
  body,
  content_transfer_encoding: encoding,
});

describe("a result in the reply", () => {
  it.each([
    '{ "big": 12345678901234567890.10, "e": 1E+02,\n\t"text": "\\u00e9\\/é 船", "a": 1, "a": 2 }',
    "[1.50, -0.0]",
    '"text"',
    "0",
    "false",
    '""',
    "{}",
  ])("its payload becomes the message, byte for byte as it stood: %s (C7 C19 C20 CD4 CD15)", async (payload) => {
    const { id, execution } = await replied(result(`"payload": ${payload} `));
    expect(execution).toMatchObject({ status: "succeeded", result: "success", documentStatus: "Completed" });
    expect(await messageOf(workspace, id)).toEqual(["application/json", payload]);
  });

  it("a payload of 6 MB becomes the message as well (C20 CD15 C26)", async () => {
    const payload = `{ "text": "${"å\\n".repeat(1_500_000)}" }`;
    const { id } = await replied(result(`"payload":${payload}`));
    const [type, text] = await messageOf(workspace, id);
    expect([type, text === payload]).toEqual(["application/json", true]);
  });

  it("one file is its decoded body with its type (CD15)", async () => {
    const plain = await replied(result({ files: [file("a;b\nå")] }));
    expect(await messageOf(workspace, plain.id)).toEqual(["text/csv", "a;b\nå"]);
    const coded = await replied(result({ files: [file("aGVq", "base64", "application/x-hey")], payload: null }));
    expect(await messageOf(workspace, coded.id)).toEqual(["application/x-hey", "hej"]);
  });

  it("several files are the JSON array as it stood (CD2 CD15)", async () => {
    const files = JSON.stringify([file("one"), file("dHdv", "base64")], null, 1);
    const { id } = await replied(result(`"files":${files}`));
    expect(await messageOf(workspace, id)).toEqual(["application/json", files]);
  });

  it("a payload comes before files (CD15)", async () => {
    const { id } = await replied(result({ files: [file("unused")], payload: { used: true } }));
    expect(await messageOf(workspace, id)).toEqual(["application/json", '{"used":true}']);
  });

  it.each([{}, { payload: null }, { files: null }, { files: [] }, { unknown: { payload: 1 }, other: "x" }])(
    "with neither payload nor files the message stays: %j (CD15 CD2)",
    async (more) => {
      const { id, execution } = await replied(result(more));
      expect(execution.status).toBe("succeeded");
      expect(await messageOf(workspace, id)).toEqual(["application/json", MESSAGE]);
    },
  );

  const nextOf = async (target: Target) => [
    adapterStep(await register(workspace, `${target.url}/first`)),
    { name: "next", type: "http", url: `${target.url}/next` },
  ];

  it("the step after it gets what it made (C10 CD15)", async () => {
    await using target = await startTarget(({ path, body }) =>
      path === "/next" ? { body: "end" } : result({ payload: { made: 1 } })(JSON.parse(String(body)) as Call),
    );
    const id = await send(await workspace.endpoint("goes-on", await nextOf(target)));
    expect((await workspace.settled(id)).steps.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    expect(String(target.received[1]?.body)).toBe('{"made":1}');
    expect(target.received[1]?.headers["content-type"]).toBe("application/json");
  });

  it("skipped ends the execution as succeeded, and later steps are skipped (CD2 CD15)", async () => {
    await using target = await startTarget(({ body }) =>
      result({ status: "skipped", payload: { why: "nothing to do" } })(JSON.parse(String(body)) as Call),
    );
    const id = await send(await workspace.endpoint("skips", await nextOf(target)));
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ status: "succeeded", result: "skipped", documentStatus: "Completed" });
    expect(execution).not.toHaveProperty("failure");
    expect(execution.steps.map(({ status }) => status)).toEqual(["succeeded", "skipped"]);
    expect(await messageOf(workspace, id)).toEqual(["application/json", '{"why":"nothing to do"}']);
    expect(target.received).toHaveLength(1);
  });

  it.each(["error", "bug"])("%s ends the execution as failed, and the message stays (CD2)", async (status) => {
    const { id, execution } = await replied(result({ status, payload: { unused: true } }));
    expect(execution).toMatchObject({ status: "failed", failure: status, documentStatus: "Failed" });
    expect(await messageOf(workspace, id)).toEqual(["application/json", MESSAGE]);
  });

  it("message and user_logs go to the user log, each with its level, beside any status (C24 C25 CD2 CD4)", async () => {
    const userLogs = [
      { type: "warning", message: "Weight looks odd" },
      { type: "error", message: "But it went on" },
      { type: "info", message: "Größe 船" },
    ];
    for (const status of ["success", "skipped", "error", "bug"]) {
      const { id, execution } = await replied(result({ status, message: "Converted", user_logs: userLogs }));
      const said = ["info Converted", "warning Weight looks odd", "error But it went on", "info Größe 船"];
      expect((await logOf(workspace, id)).filter((line) => said.includes(line))).toEqual(said);
      expect(new Set(execution.log.map(({ step }) => step))).toEqual(new Set(["convert"]));
    }
  });

  it("what is said is kept bounded, and without control characters (C24)", async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ type: "info", message: `line ${index}` }));
    const { id } = await replied(result({ message: `\u0000\u001b[31m${"x".repeat(100_000)}`, user_logs: many }));
    const log = await logOf(workspace, id);
    expect(log.length).toBeLessThanOrEqual(200);
    expect(Math.max(...log.map((line) => line.length))).toBeLessThan(3_000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to look for.
    expect(log.join("\n")).not.toMatch(/[\0-\x08\x0b-\x1f]/);
  });

  const UNKNOWN = "00000000-0000-8000-8000-000000000000";
  it.each([
    ["another token", (token: string) => `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`],
    ["a space more", (token: string) => `${token} `],
    ["nothing", () => ""],
    ["an id", () => UNKNOWN],
    ["a number", () => 7],
    ["an object", (token: string) => ({ token })],
  ])("a callback that is not the one sent is a bug: %s (CD4)", async (_, change) => {
    const { id, execution } = await replied(({ callback }) => json({ callback: change(callback), status: "success" }));
    expect(execution).toMatchObject({ status: "failed", failure: "bug" });
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*token/);
  });

  it("the token of another execution is not the one sent (CD4)", async () => {
    const tokens: string[] = [];
    await using partner = await startPartner(({ callback }) => {
      tokens.push(callback);
      return tokens.length === 1 ? json({}) : json({ callback: tokens[0] ?? "", status: "success" });
    });
    const url = await adapterFlow(workspace, partner.url);
    const first = await send(url);
    await workspace.settled(first, ["waiting"]);
    expect(await workspace.settled(await send(url))).toMatchObject({ status: "failed", failure: "bug" });
    expect(await workspace.execution(first)).toMatchObject({ status: "waiting" });
  });

  it.each<[string, object | string]>([
    ["no status", { status: undefined }],
    ["another status", { status: "ok" }],
    ["a status in capitals", { status: "SUCCESS" }],
    ["progress, which the step does not allow", { status: "progress" }],
    ["files that are no array", { files: file("x") }],
    ["a file without a body", { files: [{ ...file("x"), body: undefined }] }],
    ["a file with a fifth key", { files: [{ ...file("x"), size: 1 }] }],
    ["a file that is no base64", { files: [file("!", "base64")] }],
    ["a second file in another encoding", { files: [file("x"), file("x", "binary")] }],
    ["user_logs that are no array", { user_logs: "x" }],
    ["a user log of another type", { user_logs: [{ type: "debug", message: "x" }] }],
    ["a user log without a message", { user_logs: [{ type: "info" }] }],
    ["a member twice", '"payload":1,"payload":2'],
    ["no JSON behind its callback", '"payload":'],
  ])("a result that is not valid is a bug: %s (CD4 CD5)", async (_, more) => {
    const { id, execution } = await replied(result(more));
    expect(execution).toMatchObject({ status: "failed", failure: "bug" });
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*(?:valid|read|progress)/);
    expect(await messageOf(workspace, id)).toEqual(["application/json", MESSAGE]);
  });
});

describe("an acknowledgement", () => {
  it.each<[string, Reply]>([
    ["the message of the document", json({ message: "Service received request" })],
    ["nothing", {}],
    ["text", { body: "OK", headers: { "content-type": "text/plain" } }],
    ["HTML", { body: "<html></html>" }],
    ["a JSON array", { body: "[]" }],
    ["a JSON object without callback", json({ status: "success", payload: { a: 1 }, files: [] })],
    ["a callback that is null", json({ callback: null, status: "success" })],
    ["broken JSON", { body: '{"message":"x"' }],
  ])("any other 200 reply lets the step wait: %s (C19 C21 C28 CD4)", async (_, reply) => {
    const { id, execution } = await replied(() => reply, ["waiting", "failed", "succeeded"]);
    expect(execution).toMatchObject({ status: "waiting", documentStatus: "Processing" });
    expect(execution.steps[0]).toMatchObject({ status: "waiting", attempts: 1 });
    expect(await messageOf(workspace, id)).toEqual(["application/json", MESSAGE]);
  });

  it("its message is an info message in the user log (C24 C25)", async () => {
    const { id } = await replied(() => json({ message: "Service received request" }), ["waiting"]);
    expect(await logOf(workspace, id)).toContain("info Service received request");
  });

  it.each([7, null, { text: "x" }, "", "  "])(
    "a message that is no text is nothing to log: %j (C24)",
    async (message) => {
      const { execution } = await replied(() => json({ message }), ["waiting"]);
      expect(execution.log).toHaveLength(1);
    },
  );
});
