import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Home, newHome } from "../../support/cli.ts";
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

const configuration = (url: string) => `# yaml-language-server: $schema=${gateway.url}/api/v1/config.schema.json
adapters:
  Shipment files:
    type: input
    webhook_url: ${url}/adapter
    shared_secret_from: adapter-secret
flows:
  echo: { steps: [] }
  partner:
    steps:
      - { name: send, type: http, url: "${url}/inbox", headers: { authorization: "Bearer {{ secrets.erp }}" }, retry: { delaysSeconds: [] } }
triggers:
  echo: { flow: echo, requestResponse: true }
  orders: { flow: partner }
`;

describe("configuration as code", () => {
  it("is compared, applied once, unchanged by the same document, and exported as a document", async () => {
    await using target = await startTarget();
    const file = join(home.folder, "config.yaml");
    writeFileSync(file, configuration(target.url));
    const refused = await home.run(["apply", file]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`${file}:6 adapters.Shipment files.shared_secret_from: `);
    expect(refused.stderr).toContain("hookback secret set NAME");
    await home.run(["secret", "set", "adapter-secret"], { input: "s3cret\n" });
    await home.run(["secret", "set", "erp", "--env", "ERP"], { env: { ERP: "t0ken" } });

    const dry = await home.run(["apply", file, "--dry-run"]);
    expect([dry.code, dry.stdout]).toEqual([
      0,
      `+ adapters Shipment files\n+ flows echo\n+ flows partner\n+ triggers echo\n+ triggers orders\n5 changes to make in ${workspace.name}; nothing was changed.\n`,
    ]);
    expect((await home.json<{ changes: unknown[] }>("apply", file)).changes).toHaveLength(5);
    expect((await home.run(["apply", file])).stdout).toBe(
      `${workspace.name} is as the document says; nothing to change.\n`,
    );

    writeFileSync(
      file,
      configuration(target.url)
        .replace("requestResponse: true", "maxConcurrency: 2")
        .replace("  orders:", "  invoices:"),
    );
    const changed = await home.run(["apply", file]);
    expect(changed.stdout).toBe(
      [
        "~ triggers echo",
        "    requestResponse: true -> false",
        "    maxConcurrency: nothing -> 2",
        "+ triggers invoices",
        "- triggers orders",
        `Made 3 changes in ${workspace.name}.\n`,
      ].join("\n"),
    );
    for (const name of ["copy.yaml", "copy.json"]) {
      const copy = join(home.folder, name);
      expect(await home.run(["export", "-o", copy])).toMatchObject({ code: 0, stdout: "" });
      expect(readFileSync(copy, "utf8")).toContain("/api/v1/config.schema.json");
      expect((await home.run(["apply", copy])).stdout).toContain("nothing to change");
      const into = `${workspace.name}-${name.slice(5)}`;
      const created = await home.run(["apply", "-", "--create", "-w", into], {
        input: readFileSync(copy, "utf8").replace(/shared_secret_from/, "$&"),
      });
      // The copy names no secret for its new adapter, and a new workspace has none.
      expect(created).toMatchObject({ code: 1, stderr: expect.stringContaining("shared_secret_from: is required") });
      await workspace.admin.call("DELETE", `/workspaces/${into}`);
    }
  });

  it("is refused with the line of each error, and changes nothing", async () => {
    const file = join(home.folder, "wrong.yaml");
    writeFileSync(
      file,
      "flows:\n  a.b:\n    steps:\n      - { name: x, type: http, url: 'ftp://x' }\n      - name: y\n        type: transform\n        template: '{{ x'\n",
    );
    const before = await home.run(["export"]);
    const { code, stderr } = await home.run(["apply", file]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}:4 flows.a.b.steps[0].url: `);
    expect(stderr).toContain(`${file}:7 flows.a.b.steps[1].template: `);
    writeFileSync(file, "flows: {\n");
    expect(await home.run(["apply", file])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("cannot be read"),
    });
    writeFileSync(file, "- flows\n");
    expect(await home.run(["apply", file])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no configuration"),
    });
    expect(await home.run(["export"])).toEqual(before);
  });

  it("secrets are set and listed by name, and never shown", async () => {
    const made = await home.run(["secret", "set", "made", "--generate"]);
    expect(made.stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
    const list = await home.run(["secrets", "list"]);
    expect(list.stdout).toMatch(/^NAME +CHANGED\n/);
    expect(list.stdout).toMatch(/^made +\d{4}-/m);
    expect(list.stdout).not.toContain("whsec_");
    expect(await home.run(["secret", "delete", "mad"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Did you mean made?"),
    });
    expect(await home.run(["secret", "delete", "made"])).toMatchObject({ code: 0 });
    expect(await home.run(["secret", "set", "empty"])).toMatchObject({ code: 2 });
  });
});

describe("messages and executions", () => {
  it("a message is sent, followed and shown", async () => {
    await using target = await startTarget(({ body }) =>
      String(body) === "bad" ? { status: 400 } : { body: "taken" },
    );
    const steps = [{ name: "send", type: "http", url: target.url, retry: { delaysSeconds: [] } }];
    await workspace.endpoint("now", steps, { requestResponse: true });
    await workspace.endpoint("later", steps);

    const now = await home.run(["trigger", "send", "now", "-d", '{"a":1}', "-H", "x-one: 1", "-q", "b=2"]);
    expect([now.code, now.stdout]).toEqual([0, "taken\n"]);
    expect(target.received.at(-1)).toMatchObject({ method: "POST", headers: { "content-type": "application/json" } });
    expect(await home.json("trigger", "send", "now", "-d", "x")).toMatchObject({ status: 200, body: "taken" });

    const { code, stdout: id } = await home.run(["trigger", "send", "later", "-d", "-"], { input: "from stdin" });
    expect([code, id]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}\n$/)]);
    const followed = await home.run(["executions", "follow", id.trim()]);
    expect(followed.code).toBe(0);
    expect(followed.stdout).toMatch(/send +succeeded\n.*execution +succeeded +document status Completed\n$/);
    expect(String(target.received.at(-1)?.body)).toBe("from stdin");

    const failed = await home.run(["trigger", "send", "later", "-d", "bad", "--follow", "--json"]);
    expect(failed.code).toBe(1);
    const events = failed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ type: "status", execution: { status: "failed" } });
    expect((await home.run(["trigger", "send", "now", "-d", "bad"])).code).toBe(1);
    expect((await home.run(["trigger", "send", "later", "-d", "good", "--result"])).stdout).toBe("taken\n");

    const list = await home.run(["executions", "list", "--trigger", "later"]);
    expect(list.stdout.split("\n")[0]).toMatch(/^ID +TRIGGER +SEQ +STATUS +DOCUMENT +ACCEPTED +TOOK$/);
    expect(list.stdout).toMatch(/later +\d+ +failed +Failed/);
    const [bad] = await home.json<{ id: string }[]>("executions", "list", "--trigger", "later", "--status", "failed");
    const shown = await home.run(["executions", "show", bad?.id ?? ""]);
    expect(shown.stdout).toMatch(/STEP +TYPE +STATUS +ATTEMPTS +TOOK\nsend +http +failed +1/);
    expect((await home.run(["executions", "show", bad?.id ?? "", "--message"])).stdout).toBe("bad");
    expect((await home.run(["executions", "retry", bad?.id ?? ""])).stdout).toBe(`${bad?.id} retried\n`);
    expect((await home.run(["executions", "follow", bad?.id ?? ""])).code).toBe(1);
    const retry = "executions retry --all --trigger later --status failed --dry-run";
    expect(await home.json(...retry.split(" "))).toEqual({ matched: 1, done: 0 });
    expect((await home.run(["executions", "resubmit", id.trim()])).stdout).toMatch(/^[0-9a-f-]{36}\n$/);
  });

  it("the content type of a body follows from the name of its file, else from its content", async () => {
    await using target = await startTarget();
    await workspace.endpoint("typed", [{ name: "send", type: "http", url: target.url }], { requestResponse: true });
    const binary = Buffer.from([0xff, 0x00, 0xfe]);
    for (const [name, content, type, ...options] of [
      ["a.pdf", binary, "application/pdf"],
      ["a.pdf", binary, "text/x-other", "-t", "text/x-other"],
      ["A.CSV", "a;b", "text/csv"],
      ["a.txt", '{"a":1}', "text/plain; charset=utf-8"],
      ["latin1.txt", binary, "text/plain"],
      ["a.unknown", '{"a":1}', "application/json"],
      ["none", "grün", "text/plain; charset=utf-8"],
      ["json", binary, "application/octet-stream"],
    ] as [name: string, content: string | Buffer, type: string, ...options: string[]][]) {
      const file = join(home.folder, name);
      writeFileSync(file, content);
      expect(await home.run(["trigger", "send", "typed", "-d", `@${file}`, ...options])).toMatchObject({ code: 0 });
      const { headers, body } = target.received.at(-1) ?? {};
      expect([name, headers?.["content-type"], body]).toEqual([name, type, Buffer.from(content)]);
    }
  });

  it("errors about unknown names suggest a similar name", async () => {
    await workspace.endpoint("returns", []);
    expect(await home.run(["trigger", "send", "retruns"])).toMatchObject({
      ...{ code: 1, stdout: "" },
      stderr: `error: There is no trigger retruns in ${workspace.name}.\nDid you mean returns?\n`,
    });
    const unknown = await home.run(["executions", "show", "00000000-0000-4000-8000-000000000000"]);
    expect(unknown.stderr).toMatch(/^error: There is no execution 0+-/);
    await workspace.endpoint("closed", [], { auth: { type: "apiKeys" } });
    expect(await home.run(["trigger", "send", "closed"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("takes no message"),
    });
    const { key } = await workspace.post<{ key: string }>("/triggers/closed/keys", { label: "cli" });
    expect(await home.run(["trigger", "send", "closed", "--key", key])).toMatchObject({ code: 0 });
  });

  it("a waiting execution is cancelled, and following it ends with 1", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    await workspace.endpoint("waits", [{ name: "ask", type: "http", url: target.url, async: true }]);
    const { executionId } = await home.json<{ executionId: string }>("trigger", "send", "waits");
    await workspace.settled(executionId, ["waiting"]);
    const impatient = await home.run(["executions", "follow", executionId, "--timeout", "0.2"]);
    expect([impatient.code, impatient.stderr]).toEqual([1, "error: Waited 0.2 s for the execution to end.\n"]);
    const following = home.run(["executions", "follow", executionId]);
    expect((await home.run(["execution", "cancel", executionId])).code).toBe(0);
    expect(await following).toMatchObject({ code: 1, stdout: expect.stringContaining("cancelled") });
  });
});

describe("callbacks", () => {
  it("a callback is made, waited for and shown", async () => {
    const create = "callback create --redirect https://shop.example/thanks --case".split(" ");
    const made = await home.run([...create, "order 7"]);
    const url = made.stdout.trim();
    const state = url.split("/").at(-1) ?? "";
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining(`hookback callback wait ${state}`) });
    const waiting = home.run(["callback", "wait", state]);
    expect((await fetch(`${url}?paid=yes`, { redirect: "manual" })).headers.get("location")).toBe(
      "https://shop.example/thanks",
    );
    const waited = await waiting;
    expect([waited.code, waited.stdout]).toEqual([
      0,
      expect.stringMatching(/order 7\n\nCALL.*\n1 .*GET +redirected 302 +paid=yes/),
    ]);
    expect((await home.run(["callback", "wait", state, "--timeout", "1"])).code).toBe(0);
    expect((await home.run(["callback", "show", url])).stdout).toBe(waited.stdout);
    const inQuery = (await home.run(["callback", "create", "--param", "state"])).stdout.trim();
    expect((await home.run(["callback", "show", inQuery])).stdout).toContain(`${inQuery}  open`);
    const open = await home.json<{ callbackState: string; responseCode: number }>(
      ...["callback", "create", "--set", "responseCode=204"],
    );
    expect(open.responseCode).toBe(204);
    expect((await home.run(["callback", "wait", open.callbackState, "--timeout", "0.2"])).code).toBe(1);
    expect((await home.run(["callback", "create", "--handler", "nonsense"])).stderr).toContain("callbackActivity.url");
  });

  it("a token for senders of callbacks is printed once", async () => {
    const made = await home.json<{ token: string; permissions: string[] }>("token", "create", "partner");
    expect(made).toMatchObject({ permissions: ["asyncflow.callback.send"], workspace: workspace.name });
    const refused = await home.run(["token", "create", "partner", "--permission", "everything"]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("permissions[0]") });
  });
});
