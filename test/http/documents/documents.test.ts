import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openDemo } from "../../../scripts/lib/demo/demo-workspace.ts";
import type { Partner } from "../../../scripts/lib/demo/partner.ts";
import { createClient } from "../../../src/client/index.ts";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { freePort } from "../../../tools/lib/loopback.ts";
import { readBlocks, Shell } from "../../support/http/readme.ts";
import { eventually, startTarget, type Target } from "../../support/target.ts";
import { Workspace } from "../../support/workspace.ts";

interface Block {
  readonly file: string;
  readonly language: string;
  readonly code: string;
}

const files = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((file) => join("docs", file)),
].filter((file) => file.endsWith(".md") && existsSync(file));

/** Pages that test/http/tools/client-document.test.ts and test/http/documents/migration.test.ts play. */
const isPlayedElsewhere = (file: string) => file === join("docs", "client.md") || /migration/.test(file);

const blocks: Block[] = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({
    ...{ file, language, code },
  })),
);

/** What is read from the first to the last block, as somebody does who follows it in one terminal. */
const stories = files.filter(
  (file) =>
    (file === "README.md" || file.startsWith(join("docs", "how-to"))) && blocks.some((block) => block.file === file),
);

/** What starts tools, needs an account or works on the whole machine: CI and the other tests run it by its name. */
const isToolCommand = (line: string) => /^(?:npm|npx|GATEWAY_LOG=)/.test(line);

/** npx and npm are slow to start, and the gateway runs already. */
const PRELUDE = `
  npx() { shift; node dist/cli/main.js "$@"; }
  npm() { case "$*" in ci | start* | test | "run "*) ;; *) false ;; esac; }
`;

const { scripts, bin } = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, Record<string, string>>;

const codesIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
const permissionIn = (description = "") => /Permission: `(.*)`/.exec(description)?.[1] ?? "";

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
    copyFileSync("test/support/http/curl.mjs", join(folder, "curl"));
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
    const commands = blocks.filter(
      ({ file, language, code }) =>
        language === "sh" &&
        !stories.includes(file) &&
        !isPlayedElsewhere(file) &&
        !code.split("\n").some(isToolCommand),
    );
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

  it.each(stories)("%s: every command does what is written beside it", { timeout: 120_000 }, async (file) => {
    const home = mkdtempSync(join(tmpdir(), "document-"));
    for (const part of ["package.json", "dist", "node_modules", "examples", "docs"]) {
      symlinkSync(resolve(part), join(home, part));
    }
    writeFileSync(join(home, ".dev.vars"), `ADMIN_TOKEN=${gateway.token}\n`);
    const [port, adapterPort] = [await freePort(), await freePort()].map(String) as [string, string];
    const env = {
      HOME: home,
      HOOKBACK_URL: gateway.url,
      PORT: port,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    };
    const here = (text: string) =>
      text
        .replaceAll("http://127.0.0.1:8787", gateway.url)
        .replaceAll("127.0.0.1:9000", `127.0.0.1:${port}`)
        .replaceAll(/(?<=127\.0\.0\.1:|PORT=)8790\b/g, adapterPort);
    try {
      await using shell = new Shell(env, home, PRELUDE);
      const played = readBlocks(file);
      expect(played.length).toBeGreaterThan(0);
      for (const { commands, expected } of played) {
        const seen = await shell.run({ commands: here(commands), expected: expected.map(here) });
        const isRefusalMeant = expected.some((line) => /"code"|HTTP\/1\.1 [45]/.test(line));
        expect(isRefusalMeant ? "" : seen, `${file}\n${commands}`).not.toMatch(
          /urn:hookback:problem|"code":"|^error:|command not found|curl: \(/m,
        );
      }
    } finally {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  it("the reference has every endpoint of the API with its permission, and no other", async () => {
    type Api = { paths: Record<string, Record<string, { description?: string }>> };
    const { paths } = (await (await fetch(`${gateway.url}/api/v1/openapi.json`)).json()) as Api;
    const offered = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { description }]) =>
        path.startsWith("/api/v1/")
          ? `${method.toUpperCase()} ${path.slice("/api/v1".length)} ${permissionIn(description)}`
          : [],
      ),
    );
    const [, table = ""] = /^### Administration\n(.*?)^### /ms.exec(readFileSync("docs/reference.md", "utf8")) ?? [];
    const told = [...table.matchAll(/^\| `(\/[^`]*)` +\|([^|]*)\|([^|]*)\|/gm)].map(
      ([, path, methods = "", permissions = ""]) => ({
        path,
        methods: codesIn(methods),
        permissions: codesIn(permissions),
      }),
    );
    const operations = told.flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`));
    expect(operations.sort()).toEqual(offered.map((line) => line.split(" ").slice(0, 2).join(" ")).sort());
    for (const { path, methods, permissions } of told) {
      const wanted = offered.filter((line) => methods.some((method) => line.startsWith(`${method} ${path} `)));
      const own = new Set(wanted.map((line) => line.split(" ")[2]).filter((name) => name !== ""));
      expect(new Set(permissions), path).toEqual(own);
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
        else expect(["ci", "install", "pack"], line).toContain(name);
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

  it("every link to a file of the repository, and to a heading in it, leads somewhere", () => {
    for (const file of files) {
      for (const [, link = ""] of readFileSync(file, "utf8").matchAll(/\]\((?!https?:|mailto:)([^)]+)/g)) {
        const [path = "", heading] = link.split("#");
        const target = path === "" ? file : join(dirname(file), path);
        expect(existsSync(target), `${file}: ${link}`).toBe(true);
        if (heading !== undefined) expect(headingsOf(target), `${file}: ${link}`).toContain(heading);
      }
    }
  });
});

/** The headings of a document as links name them. */
const headingsOf = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
