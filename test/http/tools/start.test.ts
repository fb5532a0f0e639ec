import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureDevVars } from "../../../scripts/lib/dev-vars.ts";
import { claimPort } from "../../../scripts/lib/start/dev-server.ts";
import { eventually } from "../../support/target.ts";

const folder = mkdtempSync(join(tmpdir(), "hookback-start-"));
const varsFile = join(folder, "dev.vars");
let port: number;
let gateway: Run;

beforeAll(async () => {
  port = (await claimPort("127.0.0.1", 0)) ?? 0;
  const options = ["--port", `${port}`, "--persist-to", join(folder, "state"), "--dev-vars", varsFile];
  gateway = run("npm", ["start", "--", ...options]);
  await eventually(() => (gateway.output().includes("Ctrl-C") || gateway.child.exitCode !== null) && true, 25_000);
  expect(gateway.output()).toContain(`is ready on http://127.0.0.1:${port}`);
});

afterAll(() => {
  for (const pid of family(gateway.child)) process.kill(pid, "SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe("npm start", () => {
  it("says what to open, and that answers with JSON", async () => {
    const page = /Open in a browser\s+(\S+)/.exec(gateway.output())?.[1] ?? "";
    expect(await (await fetch(page)).json()).toMatchObject({ warehouse: expect.any(String), items: expect.any(Array) });
  });

  it("says what to try, and every command works", async () => {
    const [order, shipment, invoice, list] = await Promise.all(curls(gateway.output()).map(perform));
    expect(await order?.json()).toMatchObject({ orderId: expect.stringMatching(/^SO-/) });
    expect(shipment?.status).toBe(202);
    expect(invoice?.status).toBe(202);
    const location = invoice?.headers.get("location") ?? "";
    const result = await eventually(async () => {
      const response = await fetch(location);
      return response.status === 200 ? response : undefined;
    });
    expect(await result.json()).toMatchObject({ voucherId: expect.stringMatching(/^V-/), payable: 6345.24 });
    expect(await list?.json()).toMatchObject({ items: expect.any(Array) });
  });

  it("shows no secret and nothing of the dev server's own", () => {
    for (const [name, value] of Object.entries(ensureDevVars(varsFile))) {
      if (name !== "ALLOW_PRIVATE_DESTINATIONS") expect(gateway.output()).not.toContain(value);
    }
    expect(gateway.output()).not.toMatch(/wrangler|Starting local server|GET \/healthz/i);
  });

  it("refuses a port that is taken, and says so", async () => {
    const second = run(process.execPath, ["scripts/start.ts", "--port", `${port}`, "--dev-vars", varsFile]);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`127.0.0.1:${port} is not free. Choose another port`);
  });
});

describe("npm run demo", () => {
  it("prints each execution's timeline and ends well", async () => {
    const demo = run(process.execPath, [
      "scripts/demo.ts",
      "--url",
      `http://127.0.0.1:${port}`,
      "--dev-vars",
      varsFile,
    ]);
    expect(await demo.ended, demo.output()).toBe(0);
    const output = demo.output();
    expect(output).toMatch(/\+\d+ ms {2}execution +accepted +seq \d+/);
    expect(output).toMatch(/\+\d+ ms {2}create +succeeded +POST http:\/\/127\.0\.0\.1:\d+ answered 201 with \d+ bytes/);
    expect(output).toMatch(/\+\d+ ms {2}#6 {2}book +succeeded/);
    expect(output).toMatch(/\+\d+ ms {2}validate +waiting +.*waiting for its callback/);
    expect(output).toMatch(/\+\d+ ms {2}validate +succeeded +Callback Ok from demo partner/);
    expect(output).toMatch(/\+\d+ ms {2}validate +failed +Callback Failed from demo partner .*INV-017/);
    expect(output).toMatch(/\+\d+ ms {2}enter +skipped/);
    expect(output).toMatch(/execution +failed +document status Failed, technical status Rejected by validation/);
    expect(output).toContain("Everything went as expected.");
    expect(output).not.toContain("✗");
  });

  it("says that no gateway answers", async () => {
    const free = await claimPort("127.0.0.1", 0);
    const demo = run(process.execPath, ["scripts/demo.ts", "--url", `http://127.0.0.1:${free}`]);
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toContain("npm start");
  });
});

describe("the end of npm start", () => {
  it("takes everything with it that was started", async () => {
    const pids = family(gateway.child);
    const partner = /partner of the demo answers on (\S+);/.exec(gateway.output())?.[1] ?? "";
    expect((await fetch(partner)).status).toBe(200);
    gateway.child.kill("SIGTERM");
    await eventually(() => !pids.some(isAlive));
    for (const url of [`http://127.0.0.1:${port}/healthz`, partner]) await expect(fetch(url)).rejects.toThrow();
  });
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

function run(command: string, args: string[]): Run {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const read = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return { child, ended, output: () => stripVTControlCharacters(output) };
}

/** The commands of the banner. */
const curls = (output: string) => [...output.matchAll(/^.*\bcurl (.*)$/gm)].map(([, options = ""]) => options);

/** What curl would send for these options, with the token that `source` would have set. */
function perform(options: string): Promise<Response> {
  const token = ensureDevVars(varsFile).ADMIN_TOKEN ?? "";
  const headers = [...options.matchAll(/-H (['"])(.+?): (.+?)\1/g)].map(
    ([, , name = "", value = ""]): [string, string] => [name, value.replace("$ADMIN_TOKEN", token)],
  );
  const file = /--data-binary @(\S+)/.exec(options)?.[1];
  const url = /http:[^\s']+/.exec(options)?.[0] ?? "";
  return fetch(url, file ? { method: "POST", headers, body: readFileSync(file) } : { headers });
}

/** A process and everything below it that is alive; the process alone on a system without /proc. */
function family({ pid }: ChildProcess): number[] {
  if (pid === undefined) return [];
  if (!existsSync("/proc/self/stat")) return [pid];
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const members = [pid];
  for (const member of members) {
    members.push(...processes.map(Number).filter((other) => stateOf(other)?.parent === member));
  }
  return members.filter(isAlive);
}

/** Whether a process still runs; one that has ended and waits for its parent to notice does not. */
function isAlive(pid: number): boolean {
  const state = stateOf(pid);
  return state !== null && state.letter !== "Z";
}

function stateOf(pid: number): { letter: string; parent: number } | null {
  try {
    const [letter = "", parent = ""] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { letter, parent: Number(parent) };
  } catch {
    return null;
  }
}
