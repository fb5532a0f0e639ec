import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { freePort } from "../../../tools/lib/loopback.ts";
import { readBlocks, Shell } from "../../support/http/readme.ts";

const gateway = inject("gateway");
const USUAL_PORT = "8787";
const EXAMPLES = readdirSync("examples", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "documents")
  .map(({ name }) => name);

/** npx and npm are slow to start, and the gateway runs already. */
const PRELUDE = `
  npx() { shift; node dist/cli/main.js "$@"; }
  npm() { case "$*" in ci | start) ;; *) false ;; esac; }
`;

/** A checkout of its own with a folder of this one, at this run's gateway and at ports that nobody else uses. */
async function stage(source: string, readme: string) {
  const folder = mkdtempSync(join(tmpdir(), "hookback-example-"));
  const example = join(folder, source);
  cpSync(source, example, { recursive: true, filter: (file) => !file.endsWith("images") });
  // The examples import `hookback/client` from the package that they are a part of.
  for (const part of ["package.json", "dist", "node_modules"]) {
    symlinkSync(resolve(part), join(folder, part));
  }
  const entries = readdirSync(example, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ name }) => join(example, name));
  const ports = new Map([[USUAL_PORT, new URL(gateway.url).port]]);
  for (const file of files) {
    for (const [port] of readFileSync(file, "utf8").matchAll(/\b(?:91\d\d|879\d)\b/g)) {
      if (!ports.has(port)) ports.set(port, String(await freePort()));
    }
  }
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replaceAll(/\b(?:91\d\d|87\d\d)\b/g, (port) => ports.get(port) ?? port),
    );
  }
  writeFileSync(join(folder, ".dev.vars"), `ADMIN_TOKEN=${gateway.token}\n`);
  const env = {
    ...{ HOME: folder, HOOKBACK_URL: gateway.url },
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  };
  const shell = new Shell(env, folder, PRELUDE);
  return {
    blocks: readBlocks(join(example, readme)),
    shell,
    folder,
    [Symbol.asyncDispose]: async () => {
      await shell[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

describe("each example, as its README tells it", () => {
  it("is there, with a configuration that editors complete", () => {
    expect(EXAMPLES).toHaveLength(6);
    for (const name of EXAMPLES) {
      const [first] = readFileSync(`examples/${name}/config.yaml`, "utf8").split("\n");
      expect(first).toBe(`# yaml-language-server: $schema=http://127.0.0.1:${USUAL_PORT}/api/v1/config.schema.json`);
    }
  });

  it.concurrent.each(EXAMPLES)(
    "%s: every command does what is written beside it",
    { timeout: 90_000 },
    async (name) => {
      await using staged = await stage(join("examples", name), "README.md");
      expect(staged.blocks.length).toBeGreaterThan(3);
      let seen = "";
      // What the check of an adapter says is for test/http/adapter/check-adapter.test.ts.
      const blocks = staged.blocks.filter(({ commands }) => !commands.includes("check:adapter"));
      for (const block of blocks) seen += await staged.shell.run(block);
      expect(seen).not.toMatch(/^error:|OUT OF ORDER|command not found|Error: /m);
    },
  );
});

describe("configuration as code, as its document tells it", () => {
  it("every command does what is written beside it", { timeout: 60_000 }, async () => {
    await using staged = await stage("docs", "configuration-as-code.md");
    const document = readFileSync(join(staged.folder, "docs/configuration-as-code.md"), "utf8");
    const [, yaml = ""] = /^```yaml\n(.*?)^```$/ms.exec(document) ?? [];
    writeFileSync(join(staged.folder, "config.yaml"), yaml);
    for (const block of staged.blocks) await staged.shell.run(block);
  });

  it("its table names the sections that the schema has", async () => {
    const schema = (await (await fetch(`${gateway.url}/api/v1/config.schema.json`)).json()) as { properties: object };
    const document = readFileSync("docs/configuration-as-code.md", "utf8");
    const named = [...document.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(schema.properties).filter((name) => name !== "$schema"));
  });
});
