import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Home, newHome } from "../../support/cli.ts";
import { CTRL_C, CTRL_D, ENTER, onTerminal } from "../../support/http/pseudo-terminal.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const HOOKBACK = `"${process.execPath}" dist/cli/main.js`;
/** Prints the modes of the terminal after the command, and returns its exit code. */
const AFTERWARDS = "; code=$?; stty -a; exit $code";

let workspace: Workspace;
let home: Home;
let env: Record<string, string>;

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
  home = newHome({});
  env = {
    ...{ HOME: home.folder, HOOKBACK_URL: gateway.url, HOOKBACK_TOKEN: gateway.token },
    HOOKBACK_WORKSPACE: workspace.name,
  };
});

afterAll(() => home[Symbol.dispose]());

/** True when the terminal echoes, reads lines and handles Ctrl-C, as before. */
const isRestored = (screen: string) =>
  ["echo", "icanon", "isig"].every((mode) => new RegExp(`[\\s;]${mode}[\\s;]`).test(screen));

describe("login on a terminal", () => {
  it("asks for the URL and the token, hides the token and restores the terminal", async () => {
    using fresh = newHome({});
    const session = onTerminal(`${HOOKBACK} login ${AFTERWARDS}`, { env: { HOME: fresh.folder } });
    await session.shows("Gateway [http://127.0.0.1:8787]: ");
    session.type(gateway.url + ENTER);
    await session.shows("Token: ");
    session.type(gateway.token + ENTER);
    await session.shows(`ADMIN_TOKEN on ${gateway.url}, in every workspace: admin`);
    expect(await session.ended()).toBe(0);
    // Once as typed, once in the result.
    expect(session.screen.split(gateway.url)).toHaveLength(3);
    expect(session.screen).not.toContain(gateway.token);
    expect(isRestored(session.screen)).toBe(true);
    const stored = readFileSync(join(fresh.folder, ".config/hookback/config.json"), "utf8");
    expect(JSON.parse(stored)).toEqual({ url: gateway.url, token: gateway.token });
  });

  it("hides a token that is pasted with the URL, and does not use it as the answer", async () => {
    using fresh = newHome({});
    const session = onTerminal(`${HOOKBACK} login`, { env: { HOME: fresh.folder } });
    await session.shows("Gateway [");
    session.type(gateway.url + ENTER + gateway.token + ENTER);
    await session.shows("Token: ");
    session.type(gateway.token + ENTER);
    expect(await session.ended()).toBe(0);
    expect(session.screen).not.toContain(gateway.token);
  });

  it.each([
    ["Ctrl-C at the URL", "Gateway [", CTRL_C, ""],
    ["Ctrl-C at the token", "Token: ", `half a token${CTRL_C}`, "--url http://127.0.0.1:9"],
    ["Ctrl-D at the token", "Token: ", CTRL_D, "--url http://127.0.0.1:9"],
  ])("%s ends it with 130, stores nothing and restores the terminal", async (_, question, typed, options) => {
    using fresh = newHome({});
    const session = onTerminal(`${HOOKBACK} login ${options} ${AFTERWARDS}`, { env: { HOME: fresh.folder } });
    await session.shows(question);
    session.type(typed);
    expect(await session.ended()).toBe(130);
    expect(session.screen).not.toContain("half a token");
    expect(isRestored(session.screen)).toBe(true);
    expect((await fresh.run(["whoami", "--url", "http://127.0.0.1:9"])).code).toBe(2);
  });

  it.each([
    ["Ctrl-D at the URL", "]: ", CTRL_D, "", 130],
    ["Ctrl-D at the token", "Token: ", CTRL_D, "--url http://127.0.0.1:9", 130],
    ["a token, not shown", "Token: ", `typed-at-once${ENTER}`, "--url http://127.0.0.1:9", 3],
  ])(
    "reads answers that are typed as soon as the question is visible: %s",
    async (_, question, typed, options, code) => {
      using fresh = newHome({});
      const env = { HOME: fresh.folder, NODE_OPTIONS: "--import=./test/support/http/slow-questions.mjs" };
      const session = onTerminal(`${HOOKBACK} login ${options} ${AFTERWARDS}`, { env });
      await session.shows(question);
      session.type(typed);
      expect(await session.ended()).toBe(code);
      expect(session.screen).not.toContain("typed-at-once");
      expect(isRestored(session.screen)).toBe(true);
    },
  );

  it("does not ask when questions would not be visible, or without a terminal", async () => {
    const unseen = onTerminal(`${HOOKBACK} login 2>${home.folder}/errors`, { env: { HOME: home.folder } });
    expect(await unseen.ended()).toBe(2);
    expect(readFileSync(join(home.folder, "errors"), "utf8")).toMatch(
      /^error: Nobody can be asked\.\n.*hookback login/,
    );
    expect(await home.run(["login", "--url", gateway.url])).toMatchObject({
      ...{ code: 2, stdout: "" },
      stderr: "error: There is no token.\nType it, or send it: echo TOKEN | hookback login --url URL\n",
    });
  });
});

describe("secrets on a terminal", () => {
  it("are asked for and not shown", async () => {
    const session = onTerminal(`${HOOKBACK} secret set erp ${AFTERWARDS}`, { env });
    await session.shows("Value of erp: ");
    session.type(`t0p-s3cret${ENTER}`);
    await session.shows("Set the secret erp.");
    expect(await session.ended()).toBe(0);
    expect(session.screen).not.toContain("t0p-s3cret");
    expect(isRestored(session.screen)).toBe(true);
    expect(await workspace.client.secrets.all()).toMatchObject([{ name: "erp" }]);
  });

  it("an empty answer stores nothing", async () => {
    const session = onTerminal(`${HOOKBACK} secret set nothing`, { env });
    await session.shows("Value of nothing: ");
    session.type(ENTER);
    await session.shows("There is no value.");
    expect(await session.ended()).toBe(2);
    const names = (await workspace.client.secrets.all()).map(({ name }) => name);
    expect(names).not.toContain("nothing");
  });
});

describe("destructive commands ask first", () => {
  const ask = async (command: string, answer: string) => {
    const session = onTerminal(`${HOOKBACK} ${command}`, { env });
    await session.shows("Go on? [y/N] ");
    session.type(answer);
    return { code: await session.ended(), screen: session.screen };
  };

  it("a secret is deleted only after a yes", async () => {
    await workspace.client.secrets.put("used", "x");
    const there = async () => (await workspace.client.secrets.all()).some(({ name }) => name === "used");
    for (const [answer, code] of [[ENTER, 1] as const, [`n${ENTER}`, 1] as const, [CTRL_C, 130] as const]) {
      expect(await ask("secret delete used", answer)).toMatchObject({ code });
      expect(await there()).toBe(true);
    }
    expect(await ask("secret delete used", `y${ENTER}`)).toMatchObject({
      code: 0,
      screen: expect.stringContaining("Deleted the secret used."),
    });
    expect(await there()).toBe(false);
    await workspace.client.secrets.put("used", "x");
    const confirmed = onTerminal(`${HOOKBACK} secret delete used --yes`, { env });
    expect(await confirmed.ended()).toBe(0);
    expect(confirmed.screen).not.toContain("Go on?");
    expect(await there()).toBe(false);
  });

  it("a document that deletes something is applied after a yes", async () => {
    await workspace.client.flows.put("old", { steps: [] });
    const apply = `apply ${home.folder}/empty.yaml`;
    const made = await home.run(["export", "-o", join(home.folder, "empty.yaml")], { env });
    expect(made.code).toBe(0);
    await workspace.client.flows.put("newer", { steps: [] });
    const refused = await ask(apply, `n${ENTER}`);
    expect(refused.code).toBe(1);
    expect(refused.screen).toMatch(/- flows newer.*1 of 1 change.*Go on\?.*Nothing was changed\./s);
    expect(await workspace.client.flows.all()).toHaveLength(2);
    expect(await ask(apply, `yes${ENTER}`)).toMatchObject({ code: 0 });
    expect(await workspace.client.flows.all()).toMatchObject([{ name: "old" }]);
  });

  it("executions are cancelled after a yes", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    await workspace.endpoint("waits", [{ name: "ask", type: "http", url: target.url, async: true }]);
    const { executionId } = await workspace.client.send("waits");
    await workspace.settled(executionId, ["waiting"]);
    const cancel = "executions cancel --all --trigger waits";
    expect(await ask(cancel, `n${ENTER}`)).toMatchObject({
      code: 1,
      screen: expect.stringContaining("1 execution ends"),
    });
    expect((await workspace.execution(executionId)).status).toBe("waiting");
    expect((await ask(cancel, `y${ENTER}`)).code).toBe(0);
    expect((await workspace.execution(executionId)).status).toBe("cancelled");
  });
});

describe("long waits", () => {
  it("show progress, and Ctrl-C ends them with 130 on a clean line", async () => {
    const { callbackState } = await workspace.client.callbacks.create({
      ...{ callbackActivity: { type: "record" }, responseType: "response" },
    });
    const session = onTerminal(`${HOOKBACK} callback wait ${callbackState} ${AFTERWARDS}`, { env });
    await session.shows("Waiting for the call ...");
    session.type(CTRL_C);
    expect(await session.ended()).toBe(130);
    expect(session.screen).toContain("\r\u001b[K");
    expect(isRestored(session.screen)).toBe(true);
  });
});
