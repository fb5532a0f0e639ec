import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

const gateway = inject("gateway");
/** Dependencies: zod for the types, the others for the command line. They are packed here, because npm runs offline. */
const NEEDED = ["zod", "yaml", "@commander-js/extra-typings", "commander", "leven", "mime", "string-width"];
const NEEDED_BY_THESE = ["get-east-asian-width", "strip-ansi", "ansi-regex"];
const npm = (args: readonly string[], cwd = ".") =>
  execFileSync("npm", [...args, "--offline", "--cache", join(folder, "cache")], { cwd, encoding: "utf8" });

const CONSUMER = `
import { ApiProblem, createClient, type ExecutionDetail, type FlowInput, type TriggerInput, WaitTimeout } from "hookback/client";
import { readLinkCall, sendLinkCallback, verifyWebhook } from "hookback/partner";

const client = createClient({ url: "https://gateway.example", token: "t" });
const demo = client.workspace("demo");
export const flow: FlowInput = { steps: [{ name: "send", type: "http", url: "https://erp.example", async: true }] };
export const trigger: TriggerInput = { flow: "f", auth: { type: "signature", scheme: "github", secret: "s" } };
// @ts-expect-error: there is no such kind of step
export const wrong: FlowInput = { steps: [{ name: "send", type: "smoke" }] };
export async function run(request: Request): Promise<ExecutionDetail["status"]> {
  const { callbackState } = await demo.callbacks.create({ responseType: "response", callbackActivity: { type: "record" } });
  const { calls } = await demo.callbacks.waitFor(callbackState, { timeoutMs: 1000 });
  const outcome: "answered" | "redirected" | "rejected" | "failed" | undefined = calls[0]?.outcome;
  for await (const event of demo.executions.follow("id")) if (event.type === "log") console.log(event.entry.message, outcome);
  const call = readLinkCall(request);
  if (call) await sendLinkCallback(call, { token: "t" }, { status: "Ok" });
  await verifyWebhook(request, "whsec_x");
  try {
    return (await demo.executions.waitFor("id")).status;
  } catch (error) {
    if (error instanceof ApiProblem || error instanceof WaitTimeout) return "failed";
    throw error;
  }
}
`;
const TSCONFIG = {
  compilerOptions: {
    ...{ module: "nodenext", target: "es2022", lib: ["es2023", "dom", "dom.iterable"], types: [] },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
  },
  files: ["consumer.ts"],
};

let folder: string;
let installed: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hookback-package-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const sources = [...NEEDED, ...NEEDED_BY_THESE].map((name) => `./node_modules/${name}`);
  npm(["pack", ".", ...sources, "--ignore-scripts", "--pack-destination", folder]);
  const tarballs = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  npm(["install", ...tarballs.map((file) => `./${file}`)], folder);
  installed = join(folder, "node_modules", "hookback");
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the installed package", () => {
  it("contains the client, the partner helpers and the command line, and nothing of the gateway", () => {
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    const wrong = files.filter((file) =>
      /^(?:src|test|scripts|dist\/(?:console|worker))|dist\/core.*\.js$|\.dev\.vars/.test(file),
    );
    expect(wrong).toEqual([]);
    expect(files).toContain("dist/cli/main.js");
    expect(existsSync(join(installed, "LICENSE"))).toBe(true);
  });

  it("runs in plain Node, without zod", () => {
    const program = `
      import { createClient } from "hookback/client";
      import * as partner from "hookback/partner";
      const { label } = await createClient({ url: "${gateway.url}", token: "${gateway.token}" }).session();
      console.log(label, Object.keys(partner).sort().join(" "));
    `;
    const [zod, away] = [join(folder, "node_modules", "zod"), join(folder, "zod-away")];
    renameSync(zod, away);
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: folder,
      encoding: "utf8",
    });
    renameSync(away, zod);
    expect(output).toMatch(
      /^ADMIN_TOKEN SignatureError adapterAcknowledgement .*sendLinkProgress signAdapterBody signWebhook verifyWebhook\n$/,
    );
  });

  it("has types that check on their own", () => {
    writeFileSync(join(folder, "consumer.ts"), CONSUMER);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
    const check = () => execFileSync(resolve("node_modules/.bin/tsc"), ["-p", "."], { cwd: folder, encoding: "utf8" });
    expect(check).not.toThrow();
  });

  it("contains the command line", () => {
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      HOOKBACK_URL: gateway.url,
      HOOKBACK_TOKEN: gateway.token,
    };
    const npx = (...words: string[]) =>
      execFileSync("npx", ["--offline", "hookback", ...words], { cwd: folder, env, encoding: "utf8" });
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(npx("--version")).toBe(`${version}\n`);
    expect(npx("--help")).toContain("hookback <command> [arguments] [options]");
    expect(npx("whoami")).toBe(`ADMIN_TOKEN on ${gateway.url}, in every workspace: admin\n`);
  });

  it("builds nothing where it is installed without development dependencies", () => {
    const before = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(() => npm(["run", "prepare"], installed)).not.toThrow();
    expect(readdirSync(installed, { recursive: true, encoding: "utf8" })).toEqual(before);
  });

  it("may be published: it is not private and names no repository", () => {
    const description = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Record<string, unknown>;
    expect(description).not.toHaveProperty("private");
    expect(description).not.toHaveProperty("repository");
    expect(description).toMatchObject({ license: "Apache-2.0", bin: { hookback: "dist/cli/main.js" } });
    expect(Object.keys(description.dependencies as object).toSorted()).toEqual(NEEDED.toSorted());
  });
});
