import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Bundle, problemsOf } from "../../../scripts/lib/deploy/bundle.ts";
import { addressOf } from "../../../scripts/lib/deploy/health.ts";
import { readOptions } from "../../../scripts/lib/deploy/options.ts";
import { chooseSecrets, namesInFile, SECRETS } from "../../../scripts/lib/deploy/secrets.ts";
import { type Account, openAccount } from "../../support/http/cloudflare-account.ts";

const NAMES = SECRETS.map(({ name }) => name);
const VALUES = Object.fromEntries(NAMES.map((name) => [name, `${name}-of-a-test-`.padEnd(40, "x")]));
const gateway = inject("gateway");
/** Temporary files of the run: nothing may be left of them. */
const temporary = mkdtempSync(join(tmpdir(), "deploy-"));
const reached = ["--var", `PUBLIC_URL:${gateway.url}`];

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** `npm run deploy -- ...` with nobody at the terminal. */
function deploy(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:CLOUDFLARE_|WRANGLER_|WORKERS_CI|npm_)/.test(name),
  );
  const child = spawn(process.execPath, ["scripts/deploy.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...Object.fromEntries(inherited), HOME: temporary, TMPDIR: temporary, WRANGLER_LOG_PATH: temporary, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, output: stripVTControlCharacters(output) }));
  });
}

const isLeftover = (name: string) => name.startsWith("hookback-");

describe("npm run deploy, with wrangler as it is and an account on loopback", { timeout: 120_000 }, () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount();
  });
  afterAll(() => account[Symbol.asyncDispose]());

  it("deploys nothing without the secrets, and says what to do", async () => {
    const { code, output } = await deploy(reached, { ...account.env, SIGNING_KEY: VALUES.SIGNING_KEY ?? "" });
    expect(code, output).toBe(1);
    expect(output).toContain("The Worker has no ADMIN_TOKEN, no ENCRYPTION_KEY. Set each as a variable");
    expect(output).toContain("Nothing was deployed.");
    expect(account.workers.size + account.namespaces.length + account.buckets.length).toBe(0);
  });

  it("makes everything in an account that has nothing, with the secrets of the environment", async () => {
    const { code, output } = await deploy(reached, { ...account.env, ...VALUES });
    expect(code, output).toBe(0);
    expect(account.namespaces).toEqual(["hookback-config"]);
    expect(account.buckets).toEqual(["hookback-bodies"]);
    expect(account.secrets.get("hookback")).toEqual(VALUES);
    expect(output).toMatch(/It answers, version \d/);
    expect(output).toContain(`Console   ${gateway.url}/console/`);
    for (const value of Object.values(VALUES)) expect(output).not.toContain(value);
    expect(readdirSync(temporary).filter(isLeftover)).toEqual([]);
  });

  it("leaves secrets, variables, namespace and bucket alone when it deploys again", async () => {
    const other = Object.fromEntries(NAMES.map((name) => [name, "another".padEnd(40, "y")]));
    const { code, output } = await deploy(reached, { ...account.env, ...other });
    expect(code, output).toBe(0);
    expect(account.secrets.get("hookback")).toEqual(VALUES);
    expect(account.namespaces).toHaveLength(1);
    expect(account.buckets).toHaveLength(1);
    const { keep_bindings: kept } = account.workers.get("hookback") ?? {};
    expect(kept).toEqual(expect.arrayContaining(["plain_text", "secret_text"]));
  });

  it("gives an environment a Worker, data and secrets of its own", async () => {
    const { code, output } = await deploy(["--env", "staging", ...reached], { ...account.env, ...VALUES });
    expect(code, output).toBe(0);
    expect(account.namespaces).toContain("hookback-staging-config");
    expect(account.buckets).toContain("hookback-staging-bodies");
    const [staging, top] = [account.workers.get("hookback-staging"), account.workers.get("hookback")];
    expect(staging?.bindings.map(({ name }) => name).sort()).toEqual(
      [...NAMES, "ASSETS", "BODIES", "CONFIG", "PUBLIC_URL", "SHARDS", "SHIELD"].sort(),
    );
    expect(staging?.limits).toEqual(top?.limits);
    expect(staging?.migrations).toMatchObject({ steps: [{ new_sqlite_classes: ["Shard"] }] });
  });

  it("takes a file of secrets as wrangler does", async () => {
    const file = join(temporary, "secrets.json");
    writeFileSync(file, JSON.stringify(VALUES));
    const { code, output } = await deploy(["--name", "third", "--secrets-file", file, ...reached], account.env);
    expect(code, output).toBe(0);
    expect(account.secrets.get("third")).toEqual(VALUES);
  });

  it("deploys for the button before its secrets are set, which its user was asked for elsewhere", async () => {
    const { code, output } = await deploy(["--name", "button", ...reached], { ...account.env, WORKERS_CI: "1" });
    expect(code, output).toBe(0);
    expect(output).toContain("Not set yet: ADMIN_TOKEN, SIGNING_KEY, ENCRYPTION_KEY.");
    expect(account.workers.has("button")).toBe(true);
  });

  it("makes nothing in an account without R2, and says so", async () => {
    account.hasR2 = false;
    const before = [...account.namespaces];
    const { code, output } = await deploy(["--name", "bare", ...reached], { ...account.env, ...VALUES });
    account.hasR2 = true;
    expect(code, output).toBe(1);
    expect(output).toContain("R2 has to be enabled once for the account");
    expect(account.namespaces).toEqual(before);
  });

  it("passes on that wrangler failed, and uses again what the failed deployment left", async () => {
    const args = ["--name", "again", "--env", "staging", ...reached];
    account.isFailing = true;
    const failed = await deploy(args, { ...account.env, ...VALUES });
    account.isFailing = false;
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("Nobody knows why.");
    expect(failed.output).not.toContain("Console ");
    expect(account.namespaces).toContain("again-config");
    const { code, output } = await deploy(args, { ...account.env, ...VALUES });
    expect(code, output).toBe(0);
    expect(output).toContain("Used again, with what is in them: again-config and again-bodies.");
    expect(account.secrets.get("again")).toEqual(VALUES);
    expect(account.workers.get("again")?.bindings).toContainEqual(
      expect.objectContaining({ name: "BODIES", bucket_name: "again-bodies" }),
    );
    expect(readdirSync(".").filter((file) => /^wrangler\..*toml$/.test(file))).toEqual(["wrangler.toml"]);
  });

  it("says that there are no credentials", async () => {
    const { code, output } = await deploy(reached, VALUES);
    expect(code).toBe(1);
    expect(output).toContain("wrangler has no credentials for Cloudflare. Run `npx wrangler login`");
    expect(output).toContain("Nothing was deployed.");
  });
});

describe("npm run deploy -- --dry-run", { timeout: 120_000 }, () => {
  it("checks size and bindings of each environment without an account", async () => {
    for (const args of [[], ["--env", "staging"]]) {
      const { code, output } = await deploy(["--dry-run", ...args], {});
      expect(code, output).toBe(0);
      expect(output).toMatch(
        /Worker: \d+ KiB, \d+ KiB compressed \(limit 512 KiB\)\nBindings: ASSETS, BODIES, CONFIG, SHARDS, SHIELD\n/,
      );
    }
    expect(existsSync("index.js")).toBe(false);
  });

  it("fails for what does not belong into a deployment, and for an environment that is not there", async () => {
    const open = await deploy(["--dry-run", "--var", "ALLOW_PRIVATE_DESTINATIONS:true"], {});
    expect(open.code).toBe(1);
    expect(open.output).toContain("ALLOW_PRIVATE_DESTINATIONS does not belong into a deployment.");
    const nowhere = await deploy(["--dry-run", "--env", "moon"], {});
    expect(nowhere.code).toBe(1);
    expect(nowhere.output).toMatch(/moon|SHARDS is missing/);
  });

  it("knows a bundle that is too large, lacks a binding or has modules of tests", () => {
    const fine: Bundle = {
      rawBytes: 1,
      gzipBytes: 1,
      bindings: ["ASSETS", "BODIES", "CONFIG", "SHARDS", "SHIELD", "METRICS"],
      modules: ["src/index.ts", "node_modules/zod/index.js"],
    };
    expect(problemsOf(fine)).toEqual([]);
    expect(problemsOf({ ...fine, gzipBytes: 2 ** 20 })).toEqual([expect.stringContaining("1024 KiB compressed")]);
    expect(problemsOf({ ...fine, bindings: fine.bindings.slice(0, 4) })).toEqual([
      expect.stringContaining("SHIELD is missing"),
    ]);
    for (const path of ["test/support/target.ts", "src/console/main.tsx", "scripts/start.ts"]) {
      expect(problemsOf({ ...fine, modules: [path] })).toEqual([`${path} does not belong into the Worker.`]);
    }
    expect(problemsOf({ ...fine, bindings: [...fine.bindings, "ADMIN_TOKEN"] })).toHaveLength(1);
    expect(problemsOf({ ...fine, bindings: [...fine.bindings, "ADMIN_TOKEN"] }, "secrets.json")).toEqual([]);
  });
});

describe("the parts of npm run deploy", () => {
  it("asks for what is missing alone, and makes what is left empty at random", async () => {
    const asked: string[] = [];
    const answers = ["", VALUES.ENCRYPTION_KEY ?? ""];
    const { values, generated } = await chooseSecrets(
      SECRETS,
      { SIGNING_KEY: VALUES.SIGNING_KEY },
      async (question) => {
        asked.push(question);
        return answers.shift() ?? "";
      },
    );
    expect(asked.map((question) => question.split(" ")[0])).toEqual(["ADMIN_TOKEN", "ENCRYPTION_KEY"]);
    expect(generated).toEqual(["ADMIN_TOKEN"]);
    expect(values.ADMIN_TOKEN).toMatch(/^[\w-]{43}$/);
    expect(values).toMatchObject({ SIGNING_KEY: VALUES.SIGNING_KEY, ENCRYPTION_KEY: VALUES.ENCRYPTION_KEY });
  });

  it("refuses a secret that the gateway would refuse", async () => {
    const chosen = chooseSecrets(SECRETS, { ...VALUES, SIGNING_KEY: "short" }, null);
    await expect(chosen).rejects.toThrow("SIGNING_KEY has fewer than 32 characters.");
  });

  it("knows the names in a file of secrets, as JSON and as lines", () => {
    const file = join(temporary, "names");
    writeFileSync(file, "# mine\nADMIN_TOKEN=a=b\nSIGNING_KEY='c'\n");
    expect(namesInFile(file)).toEqual(["ADMIN_TOKEN", "SIGNING_KEY"]);
    writeFileSync(file, '{"ENCRYPTION_KEY":"d"}');
    expect(namesInFile(file)).toEqual(["ENCRYPTION_KEY"]);
    expect(() => namesInFile("nowhere")).toThrow("--secrets-file nowhere cannot be read.");
  });

  it("passes every option on, and tells which Worker is meant to the list of secrets as well", () => {
    const args = ["-e", "staging", "--config=other.toml", "--name", "x", "--tag", "v1", "--minify", ...reached];
    expect(readOptions(args, {})).toMatchObject({
      passed: args,
      target: ["--env=staging", "--config=other.toml", "--name=x"],
      environment: "staging",
      isDryRun: false,
      publicUrl: gateway.url,
    });
    expect(readOptions(["--help"], {})).toBeNull();
    expect(() => readOptions(["--env"], {})).toThrow("--env needs a value.");
  });

  it.each([
    [["https://hookback.example.workers.dev"], "https://hookback.example.workers.dev"],
    [["hooks.example.com (custom domain)"], "https://hooks.example.com"],
    [["hooks.example.com/* (zone name: example.com)"], "https://hooks.example.com"],
    [["*.example.com/*", "schedule: 1 * * * *", "b.example.com (custom domain)"], "https://b.example.com"],
    [[], null],
  ])("finds the address in %j", (targets, url) => {
    expect(addressOf(targets)).toBe(url);
  });
});
