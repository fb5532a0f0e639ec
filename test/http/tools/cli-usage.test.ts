import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { freePort } from "../../../tools/lib/loopback.ts";
import { type Home, newHome } from "../../support/cli.ts";
import { onTerminal } from "../../support/http/pseudo-terminal.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

let workspace: Workspace;
let home: Home;

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
  home = newHome({ HOOKBACK_URL: gateway.url, HOOKBACK_TOKEN: gateway.token, HOOKBACK_WORKSPACE: workspace.name });
});

afterAll(() => home[Symbol.dispose]());

describe("wrong usage is reported before a request is sent", () => {
  it.each([
    ["aplly x", "There is no command aplly.", "Did you mean apply?"],
    ["executions lst", "There is no command executions lst.", "Did you mean executions list?"],
    ["trigger", "hookback trigger what?", "There are: trigger list, trigger send."],
    ["executions show", "<id> is missing.", "See hookback executions show --help."],
    ["export one", "one is too much.", "See hookback export --help."],
    ["executions list --staus x", "There is no option --staus.", "Did you mean --status?"],
    ["executions list --limit 0", "--limit is a number from 1, not 0.", ""],
    ["executions retry", "Name executions by id, or say --all.", ""],
    ["export -o nosuch/file.yaml", "nosuch/file.yaml cannot be written: there is no such file or folder.", ""],
    ["apply nosuch.yaml", "nosuch.yaml cannot be read: there is no such file or folder.", ""],
    ["whoami --url ftp://x", "ftp://x is not a URL that begins with http:// or https://.", ""],
  ])("%s", async (words, message, hint) => {
    const { code, stdout, stderr } = await home.run(words.split(" "));
    expect([code, stdout, stderr]).toEqual([2, "", `error: ${message}\n${hint && `${hint}\n`}`]);
  });

  it("help exists for the program, each group and each command", async () => {
    const overview = await home.run(["--help"]);
    expect(overview).toMatchObject({ code: 0, stderr: "" });
    expect(overview.stdout).toMatch(
      /Exit codes:\n {2}0 +done\n {2}1 +refused or failed.*\n {2}2 .*\n {2}3 .*\n {2}130 /,
    );
    const names = [...overview.stdout.matchAll(/^ {2}([a-z]+(?: [a-z]+)?) .* {2}\S/gm)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names.slice(0, -1)) {
      const help = await home.run([...name.split(" "), "--help"]);
      expect([help.code, help.stdout]).toEqual([0, expect.stringContaining(`Usage: hookback ${name}`)]);
    }
    expect((await home.run(["executions", "-h"])).stdout).toContain("  executions follow <id>");
    expect((await home.run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("gateway, token and workspace", () => {
  it("login tries the token, and stores it readable only by its owner", async () => {
    using fresh = newHome({});
    const login = ["login", "--url", gateway.url, "--workspace", workspace.name];
    expect(await fresh.run(login, { input: "wrong\n" })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("token"),
    });
    expect(await fresh.run(["whoami", "--url", gateway.url])).toMatchObject({ code: 2 });
    const { code, stdout } = await fresh.run(login, { input: `${gateway.token}\n` });
    expect([code, stdout]).toEqual([0, `ADMIN_TOKEN on ${gateway.url}, in every workspace: admin\n`]);
    const file = join(fresh.folder, ".config/hookback/config.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ url: gateway.url, workspace: workspace.name });
    expect(await fresh.json("whoami")).toEqual({ url: gateway.url, label: "ADMIN_TOKEN", permissions: ["admin"] });
    expect((await fresh.run(["trigger", "list"])).code).toBe(0);
    await fresh.run(["logout"]);
    expect(await fresh.run(["whoami", "--url", gateway.url])).toMatchObject({ code: 2 });
  });

  it("the token of one gateway is not sent to another", async () => {
    await using other = await startTarget();
    using fresh = newHome({});
    expect(await fresh.run(["login", "--url", gateway.url], { input: gateway.token })).toMatchObject({ code: 0 });
    expect(await fresh.run(["whoami", "--url", other.url])).toMatchObject({ code: 2 });
    expect(other.received).toEqual([]);
  });

  it("the exit code is 3 for a gateway that does not answer, 1 for a wrong token", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const gone = await home.run(["whoami"], { env: { HOOKBACK_URL: url } });
    expect([gone.code, gone.stdout]).toEqual([3, ""]);
    expect(gone.stderr).toContain(`No gateway answers on ${url} (ECONNREFUSED).`);
    const json = await home.run(["whoami", "--json"], { env: { HOOKBACK_URL: url } });
    expect([json.code, JSON.parse(json.stderr)]).toMatchObject([3, { error: { code: "unreachable" } }]);
    expect(await home.run(["whoami"], { env: { HOOKBACK_TOKEN: "wrong" } })).toMatchObject({ code: 1 });
  });

  it("the only workspace of a token needs no name, and errors about unknown ones suggest a similar name", async () => {
    const label = "command line";
    const { token } = await workspace.admin.call<{ token: string }>("POST", "/tokens", {
      ...{ label, permissions: ["config.read"], workspace: workspace.name },
    });
    const bound = await home.run(["trigger", "list"], { env: { HOOKBACK_TOKEN: token, HOOKBACK_WORKSPACE: "" } });
    expect(bound.code).toBe(0);
    const typo = `${workspace.name.slice(0, -1)}`;
    const missing = await home.run(["trigger", "list", "-w", typo]);
    expect(missing).toMatchObject({
      code: 1,
      stderr: `error: There is no workspace ${typo}.\nDid you mean ${workspace.name}?\n`,
    });
  });
});

describe("messages for people", () => {
  it("global options may precede the command", async () => {
    expect((await home.run(["--json", "-w", workspace.name, "trigger", "list"])).stdout).toBe("[]\n");
    expect((await home.run(["-h", "executions"])).stdout).toContain("  executions list");
  });

  it("an error about a token names its source", async () => {
    const wrong = await home.run(["whoami"], { env: { HOOKBACK_TOKEN: "wrong" } });
    expect(wrong.stderr).toBe("error: A valid token is required.\nThe token is that of HOOKBACK_TOKEN.\n");
    const login = await home.run(["login"], { input: "wrong\n" });
    expect(login).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`error: ${gateway.url} does not take this token.\n`),
    });
    const unreachable = await home.run(["login", "--url", "http://127.0.0.1:9"], { input: "x\n" });
    expect(unreachable).toMatchObject({ code: 3, stderr: expect.stringContaining("No gateway answers on") });
  });

  it("an empty list suggests a command, and a filter by an unknown name a similar one", async () => {
    expect(await home.run(["secret", "list"])).toEqual({
      ...{ code: 0, stdout: "" },
      stderr: "There is no secret yet; set one with: hookback secret set NAME\n",
    });
    await workspace.endpoint("orders", []);
    const { stderr } = await home.run(["executions", "list", "--trigger", "ordres"]);
    expect(stderr).toBe(
      `No execution matches.\nThere is no trigger ordres in ${workspace.name}. Did you mean orders?\n`,
    );
    expect(await home.run(["callback", "create", "--flow", "oders"])).toMatchObject({
      ...{ code: 1, stdout: "" },
      stderr: expect.stringMatching(/callbackActivity.flow: the flow oders does not exist\nDid you mean orders\?\n$/),
    });
  });

  it("an execution that does not exist does not stop the others, and sets the exit code", async () => {
    const { executionId } = await workspace.client.send("orders");
    const gone = "00000000-0000-4000-8000-000000000000";
    await workspace.settled(executionId);
    const { code, stdout, stderr } = await home.run(["executions", "resubmit", gone, executionId]);
    expect([code, stderr]).toEqual([1, `error: ${gone}: There is no such execution.\n`]);
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/);
    const json = await home.run(["executions", "resubmit", gone, executionId, "--json"]);
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([1, [{ id: gone, error: { code: "not-found" } }, {}]]);
  });

  it("an error about the method names the allowed ones and the default", async () => {
    await workspace.endpoint("posted", [], { methods: ["POST"] });
    expect(await home.run(["trigger", "send", "posted"])).toEqual({
      ...{ code: 1, stdout: "" },
      stderr:
        "error: The trigger posted takes no message like this: GET is not allowed here; allowed: POST.\n" +
        "With --data it is sent as POST and without as GET, unless --method says otherwise.\n",
    });
  });

  it("callbacks are listed by status", async () => {
    const made = await workspace.client.callbacks.create({
      ...{ callbackActivity: { type: "flow", flow: "orders" }, responseType: "response" },
    });
    const { stdout } = await home.run(["callback", "list", "--status", "open"]);
    expect(stdout).toMatch(new RegExp(`^STATE +STATUS .*\n${made.callbackState}  open +flow orders .*\n$`));
    expect((await home.run(["callback", "list", "--status", "closed"])).stderr).toBe("No callback matches.\n");
    expect((await home.run(["callback", "list", "--status", "over"])).stderr).toContain(
      "status: must be open, busy, closed or expired",
    );
  });

  it("tables and help fit a narrow terminal, and are complete elsewhere", async () => {
    const env = { HOME: home.folder, HOOKBACK_URL: gateway.url, HOOKBACK_TOKEN: gateway.token, NO_COLOR: "1" };
    await workspace.endpoint("shown", []);
    await workspace.client.send("shown");
    const words = `"${process.execPath}" dist/cli/main.js`;
    const narrow = onTerminal(`${words} --help; ${words} executions list -w ${workspace.name}`, { env, columns: 60 });
    expect(await narrow.ended()).toBe(0);
    const lines = narrow.screen.split(/\r*\n/).map((line) => line.split("\u001b[K").at(-1) ?? "");
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(narrow.screen).toMatch(/No room for .*TOOK; --json has all\./);
    expect((await home.run(["executions", "list"])).stdout).toMatch(
      /^ID +TRIGGER +SEQ +STATUS +DOCUMENT +ACCEPTED +TOOK\n/,
    );
  });
});

describe("colour", () => {
  it("is not in what scripts read", async () => {
    const { stdout, stderr } = await home.run(["executions", "list"]);
    const esc = String.fromCharCode(27);
    expect(stdout + stderr + (await home.run(["nonsense"])).stderr).not.toContain(esc);
  });
});
