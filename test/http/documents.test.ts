import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openDemo } from "../../scripts/lib/demo-workspace.ts";
import { type Gateway, startGateway } from "../../scripts/lib/gateway.ts";
import type { Partner } from "../../scripts/lib/partner.ts";
import { createClient } from "../../src/client/index.ts";
import { eventually, startTarget, type Target } from "../support/target.ts";
import { Workspace } from "../support/workspace.ts";

interface Block {
  readonly file: string;
  readonly language: string;
  readonly code: string;
}

const files = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync("docs").map((file) => join("docs", file)),
].filter((file) => file.endsWith(".md") && existsSync(file));

const blocks: Block[] = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({
    ...{ file, language, code },
  })),
);

/** What starts tools, needs an account or works on the whole machine: CI and the other tests run it by its name. */
const isToolCommand = (line: string) => /^(?:npm|npx|GATEWAY_LOG=)/.test(line);

const { scripts, bin } = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, Record<string, string>>;

describe("the documents", () => {
  let gateway: Gateway;
  let partner: Partner;
  let asked: Target;
  let folder: string;

  beforeAll(async () => {
    gateway = await startGateway();
    partner = await openDemo(createClient(gateway));
    asked = await startTarget(() => ({ status: 202 }));
    folder = mkdtempSync(join(tmpdir(), "documents-"));
    copyFileSync("test/support/curl.mjs", join(folder, "curl"));
    chmodSync(join(folder, "curl"), 0o755);
  });

  afterAll(async () => {
    await partner?.close();
    await asked?.[Symbol.asyncDispose]();
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What stands in the environment of somebody who follows the README with the demo running. */
  async function environment(): Promise<NodeJS.ProcessEnv> {
    const workspace = new Workspace(gateway, "demo");
    const url = await workspace.endpoint("asked", [{ name: "ask", type: "http", url: asked.url, async: true }]);
    await fetch(url, { method: "POST", body: "{}" });
    const { headers } = await eventually(() => asked.received[0]);
    return {
      PATH: `${folder}:${dirname(process.execPath)}:${process.env.PATH}`,
      ADMIN_TOKEN: gateway.token,
      TOKEN: gateway.token,
      api: `${gateway.url}/api/v1/workspaces/demo`,
      X_LINK_CALLBACK_URL: headers["x-link-callback-url"],
      X_LINK_CORRELATION_ID: headers["x-link-correlation-id"],
    };
  }

  it("every command that calls the gateway works as printed, in the order of its document", async () => {
    const env = await environment();
    const commands = blocks.filter(({ language, code }) => language === "sh" && !code.split("\n").some(isToolCommand));
    expect(commands.length).toBeGreaterThan(15);
    for (const { file, code } of commands) {
      const here = code
        .replaceAll("http://127.0.0.1:8787", gateway.url)
        .split("\n")
        .filter((line) => !/^(?:\. \.\/\.dev\.vars|api=)/.test(line))
        .join("\n");
      const run = promisify(execFile)("sh", ["-e", "-c", here], { env, encoding: "utf8" });
      await run.catch((error: { stdout: string; stderr: string }) => {
        throw new Error(`${file}:\n${code}\n${error.stdout}${error.stderr}`);
      });
    }
  });

  it("every npm script and tool that a command starts is there", () => {
    const lines = blocks
      .filter(({ language }) => language === "sh")
      .flatMap(({ code }) => code.split("\n").filter(isToolCommand));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      for (const [, run, name] of line.matchAll(/\bnpm (run )?([a-z:-]+)/g)) {
        if (run || name === "start" || name === "test") expect(Object.keys(scripts ?? {}), line).toContain(name);
        else expect(["ci", "install"], line).toContain(name);
      }
      for (const [, tool = ""] of line.matchAll(/\bnpx ([a-z]+)/g)) {
        expect(tool in (bin ?? {}) || existsSync(join("node_modules", ".bin", tool)), line).toBe(true);
      }
    }
  });

  it("every configuration block parses in its language", () => {
    for (const { language, code } of blocks) {
      if (language === "yaml") expect(parse(code)).toBeTypeOf("object");
      if (language === "json") expect(JSON.parse(code)).toBeTypeOf("object");
    }
  });

  it("every link to a file of the repository leads somewhere", () => {
    for (const file of files) {
      for (const [, link = ""] of readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)) {
        expect(existsSync(join(dirname(file), link)), `${file}: ${link}`).toBe(true);
      }
    }
  });
});
