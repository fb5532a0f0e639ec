import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../../tools/adapter-check/checks/check.ts";
import { freePort } from "../../../tools/lib/loopback.ts";
import { type Example, file, SECRET, startExample } from "../../support/http/adapter-example.ts";
import { FAULTS, hexadecimal, LATER } from "../../support/http/adapter-faults.ts";
import { type Behaviour, startAdapter } from "../../support/http/faulty-adapter.ts";
import { startTarget } from "../../support/target.ts";

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const runCheck = (...args: string[]): Promise<Run> => startCheck(...args).ended;

function startCheck(...args: string[]): { ended: Promise<Run>; callbackUrl: Promise<string> } {
  const child = spawn(process.execPath, ["tools/adapter-check/main.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  const named = Promise.withResolvers<string>();
  const look = () => {
    const url = /taken at (\S+)\n/.exec(stdout + stderr)?.[1];
    if (url) named.resolve(url);
  };
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    look();
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    look();
  });
  const ended = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  return { ended, callbackUrl: named.promise };
}

const findingsOf = ({ stdout }: Run) => (JSON.parse(stdout) as { checks: Finding[] }).checks;
const idsOf = (run: Run, status: Finding["status"]) =>
  findingsOf(run)
    .filter((finding) => finding.status === status)
    .map(({ id }) => id);

const LATER_ARGUMENTS = ["--async-wait", "4", "--configuration", '{"mode":"async","progress":true}'];

describe("the check of the example adapter", () => {
  let [example, port, dir] = [undefined as unknown as Example, 0, ""];
  beforeAll(async () => {
    port = await freePort();
    example = await startExample({ CALLBACK_URL: `http://127.0.0.1:${port}/adapter/callback` });
    dir = await mkdtemp(join(tmpdir(), "check-adapter-"));
  });
  afterAll(async () => {
    await example[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });

  const check = (path: string, ...args: string[]) =>
    runCheck(
      `${example.url}${path}`,
      SECRET,
      "--callback-port",
      String(port),
      "--async-wait",
      "0.5",
      "--json",
      ...args,
    );

  it.each(["input", "output"])("finds nothing wrong when it answers at once, as an %s adapter", async (type) => {
    const run = await check(`/${type}`, "--type", type);
    expect([idsOf(run, "fail"), idsOf(run, "warn"), run.code]).toEqual([[], [], 0]);
    expect(idsOf(run, "pass").length).toBeGreaterThanOrEqual(19);
  });

  it.each(["input", "output"])("finds nothing wrong when it answers later, as an %s adapter", async (type) => {
    const run = await check(`/${type}`, "--type", type, ...LATER_ARGUMENTS);
    expect([idsOf(run, "fail"), idsOf(run, "warn"), run.code]).toEqual([[], [], 0]);
    expect(idsOf(run, "skipped")).toEqual(type === "input" ? ["result-files"] : ["result-files", "empty-payload"]);
  });

  it("sends the payload that it is given", async () => {
    const path = join(dir, "files.json");
    await writeFile(path, JSON.stringify([file("größe.csv", "text/csv", "forwarder_reference|gross_weight_kgs\nA|1")]));
    const right = await check("/input", "--payload", path, "--configuration", '{"delimiter":"|"}');
    expect([idsOf(right, "warn"), right.code]).toEqual([[], 0]);
    const wrong = await check("/input", "--payload", path);
    expect([idsOf(wrong, "warn"), wrong.code]).toEqual([["result-success"], 0]);
  });
});

// Most of their time they wait for what should not come.
describe.concurrent("the check of an adapter with a planted fault", () => {
  const check = async (fault: Partial<Behaviour>, ...args: string[]) => {
    const callbackUrl = Promise.withResolvers<string>();
    await using adapter = await startAdapter(callbackUrl.promise, fault);
    const wait = fault.acknowledge ? "2" : "0.5";
    const check = startCheck(adapter.url, SECRET, "--callback-port", "0", "--async-wait", wait, ...args);
    callbackUrl.resolve(check.callbackUrl);
    return await check.ended;
  };

  it.each(FAULTS)("fails where it should and nowhere else: %s", async (_, fault, expected) => {
    const run = await check(fault, "--json");
    expect([idsOf(run, "fail"), run.code]).toEqual([expected, 1]);
    for (const finding of findingsOf(run).filter(({ status }) => status === "fail")) {
      const said = { expected: expect.any(String), came: expect.any(String), mend: expect.any(String) };
      expect(finding).toMatchObject(said);
    }
  });

  it.each([
    ["a refusal without message", { refuse: { status: 401, body: "no" } }, "refusal-message"],
    ["a misspelt name", { result: ({ callback }) => ({ callback, status: "success", user_log: [] }) }, "result-names"],
    [
      "a message that is no text",
      { result: ({ callback }) => ({ callback, status: "success", message: {} }) },
      "result-names",
    ],
    [
      "a callback that is not sent again",
      { ...LATER, deliver: async (post) => void (await post()) },
      "retries-after-503",
    ],
    [
      "an example that is not understood",
      { result: ({ callback }) => ({ callback, status: "bug" }) },
      "result-success",
    ],
  ] satisfies [string, Partial<Behaviour>, string][])("advises on %s, and passes", async (_, fault, id) => {
    const run = await check(fault, "--json");
    expect([idsOf(run, "warn"), idsOf(run, "fail"), run.code]).toEqual([[id], [], 0]);
  });

  it("takes null for a member that is not there", async () => {
    const run = await check({
      result: ({ callback }) => ({
        callback,
        status: "success",
        payload: 1,
        files: null,
        user_logs: null,
        message: null,
      }),
    });
    expect(run.code).toBe(0);
  });

  it("says in lines for people what was expected, what came and how to mend it", async () => {
    const run = await check({ ...LATER, callbackSignature: hexadecimal });
    expect(run.code).toBe(1);
    const lines = run.stdout.split("\n");
    const at = lines.findIndex((line) => line.startsWith("fail"));
    expect(lines[at]).toMatch(/^fail +CD2 +The callback is signed over its exact bytes$/);
    expect(lines[at + 1]).toMatch(/^ +expected +[\w+/]{43}=$/);
    expect(lines[at + 2]).toMatch(/^ +came +[\da-f]{64}, which is in hexadecimal$/);
    expect(lines[at + 3]).toMatch(/^ +to mend +\S/);
    expect(run.stdout).toMatch(/^\d+ passed, 1 failed, 0 could be better, \d+ skipped$/m);
  });
});

describe("the command line of the check", () => {
  const url = "http://127.0.0.1:9/";

  it("explains itself", async () => {
    const { code, stdout } = await runCheck("--help");
    expect(code).toBe(0);
    for (const option of ["--type", "--configuration", "--payload", "--async-wait", "--callback-port", "--json"]) {
      expect(stdout).toContain(option);
    }
  });

  it("fails an adapter that is not there, and nothing else", async () => {
    const run = await runCheck(url, SECRET, "--callback-port", "0", "--json");
    expect([idsOf(run, "fail"), idsOf(run, "pass"), run.code]).toEqual([["answers-200"], [], 1]);
  });

  it.each([
    [[], "The webhook URL"],
    [[url], "The shared secret"],
    [["nowhere", SECRET], "nowhere is not a URL"],
    [["ftp://127.0.0.1/", SECRET], "http://"],
    [[url, SECRET, "more"], "more is more than"],
    [[url, SECRET, "--type", "both"], "--type is input or output"],
    [[url, SECRET, "--configuration", "[]"], "--configuration is a JSON object"],
    [[url, SECRET, "--configuration", "{"], "--configuration is not JSON"],
    [[url, SECRET, "--payload", "package.json"], "an array of files"],
    [[url, SECRET, "--async-wait", "soon"], "--async-wait is a number"],
    [[url, SECRET, "--surprise"], "--surprise"],
  ])("refuses %j with 2 and a sentence", async (args, sentence) => {
    const { code, stdout, stderr } = await runCheck(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  });

  it("says when the port for callbacks is taken", async () => {
    await using taken = await startTarget();
    const { code, stderr } = await runCheck(url, SECRET, "--callback-port", new URL(taken.url).port);
    expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be used (EADDRINUSE)")]);
  });
});
