import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EXIT } from "../../../src/cli/failure.ts";
import { leafCommands, usageOf } from "../../../src/cli/help.ts";
import { createProgram } from "../../../src/cli/program.ts";
import { createClient } from "../../../src/client/index.ts";
import { freePort, listenOnLoopback } from "../../../tools/lib/loopback.ts";
import { startBrowser } from "../../support/browser.ts";
import { readBlocks, Shell } from "../../support/http/readme.ts";

const gateway = inject("gateway");
const client = createClient(gateway);
const FILE = "docs/client.md";
const page = readFileSync(FILE, "utf8");
const PRELUDE = `npx() { shift; node dist/cli/main.js "$@"; }`;

interface Program {
  code: string;
  readonly printed: string[];
}

/** The programs of the page: a block that begins with the name of a file starts one, and the next blocks continue it. */
function programsOf(text: string): Map<string, Program> {
  const programs = new Map<string, Program>();
  let program: Program | undefined;
  for (const [, language, code = ""] of text.matchAll(/^```(\w+)\n(.*?)\n```$/gms)) {
    if (language === "text") program?.printed.push(...code.split("\n"));
    // Output of the shell is checked by another test.
    else if (language !== "ts") program = undefined;
    else {
      const [, name] = /^\/\/ (\w+\.ts)\n/.exec(code) ?? [];
      if (name !== undefined) {
        program = { code: "", printed: [] };
        programs.set(name, program);
      }
      if (!program) throw new Error(`a block belongs to no program: ${code}`);
      program.code += `${code}\n`;
    }
  }
  return programs;
}

const programs = programsOf(page);
const IN_NODE = [...programs].filter(([, { printed }]) => printed.length > 0).map(([name]) => name);

let folder: string;

/** A project with the installed package, and the programs with the addresses of this run. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hookback-client-"));
  const installed = join(folder, "node_modules", "hookback");
  mkdirSync(installed, { recursive: true });
  for (const part of ["package.json", "dist"]) symlinkSync(resolve(part), join(installed, part));
  for (const name of ["zod", "yaml", "@types"])
    symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const ports = new Map<string, number>();
  for (const [port] of page.matchAll(/\b92\d\d\b/g)) if (!ports.has(port)) ports.set(port, await freePort());
  for (const [name, { code }] of programs) {
    const here = code
      .replaceAll("http://127.0.0.1:8787", gateway.url)
      .replaceAll(/\b92\d\d\b/g, (port) => String(ports.get(port)));
    writeFileSync(join(folder, name), here);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe("the programs of the client's page", () => {
  it("check against the types of the package", () => {
    const compilerOptions = {
      ...{ module: "nodenext", target: "es2024", lib: ["es2024", "dom", "dom.iterable"], types: ["node"] },
      ...{ strict: true, exactOptionalPropertyTypes: true, noUnusedLocals: true, skipLibCheck: true, noEmit: true },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [...programs.keys()] }));
    const check = () => execFileSync(resolve("node_modules/.bin/tsc"), ["-p", "."], { cwd: folder, encoding: "utf8" });
    expect(programs.size).toBe(6);
    try {
      check();
    } catch (error) {
      throw new Error((error as { stdout: string }).stdout);
    }
  });

  it.each(IN_NODE)("%s prints in Node the output below each block", { timeout: 60_000 }, async (name) => {
    const env = { PATH: process.env.PATH, HOOKBACK_TOKEN: gateway.token };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [name], { cwd: folder, env });
    expect(stdout.trimEnd().split("\n")).toEqual(programs.get(name)?.printed);
    expect(stderr).toBe("");
  });

  const bundle = async (name: string) => {
    const lib = { entry: join(folder, name), formats: ["es" as const], fileName: name };
    const built = await build({
      ...{ configFile: false, logLevel: "silent", root: folder },
      build: { lib, write: false, minify: false },
    });
    const [made] = [built].flat();
    return made && "output" in made ? made.output[0].code : "";
  };

  it("worker.ts sends a message from a Worker, through a service binding", async () => {
    const tour = client.workspace("worker-tour");
    await client.workspaces.put("worker-tour", {});
    await tour.flows.put("orders", { steps: [] });
    await tour.triggers.put("orders", { flow: "orders", requestResponse: true });
    let bound = 0;
    const options = {
      modules: true,
      script: await bundle("worker.ts"),
      compatibilityDate: "2025-01-01",
      bindings: { HOOKBACK_TOKEN: gateway.token },
      serviceBindings: {
        GATEWAY: async (request: {
          url: string;
          method: string;
          headers: Iterable<[string, string]>;
          text(): Promise<string>;
        }) => {
          bound++;
          const { method, url } = request;
          return fetch(url, { method, headers: new Headers([...request.headers]), body: await request.text() });
        },
      },
    };
    const runtime = new Miniflare(convertV4MiniflareOptions(options as never));
    try {
      const response = await fetch(await runtime.ready, { method: "POST", body: "an order" });
      const { executionId } = (await response.json()) as { executionId: string };
      expect([response.status, bound]).toEqual([202, 1]);
      await tour.executions.waitFor(executionId, { timeoutMs: 10_000 });
      expect(await (await tour.executions.message(executionId)).text()).toBe("an order");
    } finally {
      await runtime.dispose();
    }
  });

  it("page.ts shows executions in a browser, whose server adds the token", { timeout: 60_000 }, async () => {
    await client.workspaces.put("page-tour", {});
    const tour = client.workspace("page-tour");
    await tour.flows.put("orders", { steps: [] });
    await tour.triggers.put("orders", { flow: "orders" });
    for (const body of ["one", "two"]) await tour.executions.waitFor((await tour.send("orders", { body })).executionId);
    const script = await bundle("page.ts");
    expect(script).not.toContain(gateway.token);
    const server = createServer(async ({ url = "/" }, response) => {
      if (url.startsWith("/api/v1/")) {
        const answer = await fetch(gateway.url + url, { headers: { authorization: `Bearer ${gateway.token}` } });
        response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
      } else {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(`<!doctype html><title>Page</title><body><script type="module">${script}</script>`);
      }
    });
    await using served = await listenOnLoopback(server);
    const browser = await startBrowser();
    try {
      const tab = await browser.newPage();
      await tab.goto(`${served.url}/`);
      await tab.getByText("2 executions").waitFor();
    } finally {
      await browser.close();
    }
  });
});

describe("the client's page", () => {
  const rows = (heading: RegExp, column: RegExp) => {
    const [, section = ""] = page.split(heading);
    const table = section.slice(section.indexOf("\n|"), section.indexOf("\n\n", section.indexOf("\n|")));
    return table.split("\n").flatMap((line) => column.exec(line)?.slice(1) ?? []);
  };

  it("names every noun of the client and each of its methods", () => {
    const workspace = client.workspace("any");
    const documented = rows(
      /^The nouns and their methods;.*$/m,
      /^\| `((?:client|workspace)\.\w+(?:\(\))?)` +\| (.*?) +\|$/,
    );
    const pairs = documented.flatMap((noun, index) =>
      index % 2 === 0 ? [[noun, documented[index + 1] ?? ""] as const] : [],
    );
    const real = [
      ...Object.entries(client).map(([name, value]) => [`client.${name}`, value] as const),
      ...Object.entries(workspace).map(([name, value]) => [`workspace.${name}`, value] as const),
    ].filter(([name]) => name !== "client.workspace" && name !== "workspace.name");
    expect(pairs.map(([noun]) => noun.replace("()", "")).sort()).toEqual(real.map(([name]) => name).sort());
    for (const [noun, methods] of pairs.filter(([name]) => !name.endsWith("()"))) {
      const value = real.find(([name]) => name === noun)?.[1] ?? {};
      expect([...methods.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(), noun).toEqual(Object.keys(value).sort());
    }
  });

  it("names every command with its arguments, and every exit code", () => {
    const documented = rows(/^## The command line$/m, /^\| `([^`]+)` /);
    expect(documented, `${FILE}, The command line`).toEqual(leafCommands(createProgram({} as never, "")).map(usageOf));
    const codes = rows(/^Only you can read that file\..*$/m, /^\| (\d+) /).map(Number);
    expect(codes).toEqual(Object.values(EXIT));
  });

  it("has shell commands that print the output below them", { timeout: 90_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), "hookback-shell-"));
    for (const part of ["package.json", "dist", "node_modules"]) symlinkSync(resolve(part), join(home, part));
    copyFileSync("test/support/http/curl.mjs", join(home, "curl"));
    chmodSync(join(home, "curl"), 0o755);
    writeFileSync(join(home, ".dev.vars"), `ADMIN_TOKEN=${gateway.token}\n`);
    const here = (text: string) => text.replaceAll("http://127.0.0.1:8787", gateway.url);
    const PATH = `${home}:${dirname(process.execPath)}:${process.env.PATH}`;
    await using shell = new Shell({ HOME: home, PATH }, home, PRELUDE);
    // test/http/tools/package.test.ts makes and installs the package.
    const blocks = readBlocks(FILE).filter(({ commands }) => !commands.startsWith("npm "));
    expect(blocks.length).toBeGreaterThan(6);
    for (const { commands, expected } of blocks)
      await shell.run({ commands: here(commands), expected: expected.map(here) });
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
});
