import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../tools/lib/gateway.ts";
import { Marks } from "../support/hostile/marked.ts";
import {
  type Answer,
  callBackAndForth,
  callTriggers,
  readEverything,
  runSteps,
  storeSecrets,
  useTokens,
} from "../support/hostile/secret-drive.ts";
import { startTarget } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const marks = new Marks();
const answers: Answer[] = [];
/** Answers with the status that its path begins with, else 400, and repeats all that it was sent. */
const echo = await startTarget(({ path, headers, body, method }) => ({
  status: Number(/^\/(\d{3})\//.exec(path)?.[1] ?? 400),
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message: `no: ${JSON.stringify(headers)}`, method, path, headers, body: String(body) }),
}));
let gateway: Gateway;
let workspace: Workspace;

beforeAll(async () => {
  const deployment = ["ADMIN_TOKEN", "SIGNING_KEY", "ENCRYPTION_KEY"];
  gateway = await startGateway(Object.fromEntries(deployment.map((name) => [name, marks.of(name)])));
  workspace = await newWorkspace(gateway);
  const drive = { gateway, workspace, echo, marks, answers };
  await storeSecrets(drive);
  await runSteps(drive);
  await callTriggers(drive);
  await callBackAndForth(drive);
  await useTokens(drive);
  await readEverything(drive);
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await echo[Symbol.asyncDispose]();
});

describe("secrets", () => {
  it("go to the partners they are for, and nowhere else: so much has been done with them", () => {
    const sent = echo.received.map(({ path, headers }) => `${path} ${JSON.stringify(headers)}`).join("\n");
    for (const name of ["header", "path", "query"]) expect([name, sent.includes(marks.of(name))]).toEqual([name, true]);
    expect(answers.length).toBeGreaterThan(80);
    const paths = new Set(answers.map(({ where }) => where.replace(/[0-9a-f-]{36}/g, "ID")));
    expect([...paths].filter((path) => path.includes("/executions/ID/message"))).not.toEqual([]);
  });

  it("are in no answer of any route: lists, details, messages, problems, exports", () => {
    expect(answers.flatMap(({ where, text }) => marks.in(where, text))).toEqual([]);
  });

  it("are not in the log, which tells what was refused", () => {
    const log = gateway.log();
    expect(log).toContain("a call was refused");
    expect(log).toContain("signature-mismatch");
    expect(marks.in("log", log)).toEqual([]);
  });

  it("are stored encrypted or as hashes: no file holds one (ND4 LD3)", () => {
    const { found, files, bytes } = marks.inFiles(join(gateway.folder, "state"));
    expect(files).toBeGreaterThan(3);
    expect(bytes).toBeGreaterThan(10_000);
    expect(found).toEqual([]);
  });

  it("the search finds what is there: a message that holds a mark is in its file and in its answer", async () => {
    const planted = new Marks();
    const url = await workspace.endpoint("planted", []);
    await fetch(url, { method: "POST", body: `x${planted.of("planted")}x` });
    const [execution] = await workspace.executions({ trigger: "planted" });
    const path = `/workspaces/${workspace.name}/executions/${execution?.id}/message`;
    const text = await (await workspace.admin.request("GET", path)).text();
    expect(planted.in("answer", text)).toHaveLength(1);
    expect(planted.in("base64", btoa(`ab${text}`))).toHaveLength(1);
    expect(planted.inFiles(join(gateway.folder, "state")).found.length).toBeGreaterThan(0);
  });
});
