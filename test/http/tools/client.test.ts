import { describe, expect, inject, it } from "vitest";
import { ApiProblem, createClient, type ExecutionEvent, WaitTimeout } from "../../../src/client/index.ts";
import { freePort } from "../../../tools/lib/loopback.ts";
import { eventually, startTarget, type Target } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const client = createClient(gateway);
const RECORD = { callbackActivity: { type: "record" }, responseType: "response" } as const;

const newClient = async () => (await newWorkspace(gateway)).client;

/** A flow of one http step to a target, and a trigger of the same name. */
async function endpoint(workspace: Awaited<ReturnType<typeof newClient>>, { url }: Target, more = {}, trigger = {}) {
  const step = { name: "send", type: "http" as const, url, retry: { delaysSeconds: [] }, ...more };
  await workspace.flows.put("send", { steps: [step] });
  await workspace.triggers.put("send", { flow: "send", ...trigger });
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe.concurrent("messages by the client", () => {
  it("are sent and answered, directly or later, and the result is awaited", async () => {
    const workspace = await newClient();
    await using target = await startTarget(({ body }) => ({
      headers: { "content-type": "text/plain" },
      body: `got ${body}`,
    }));
    await endpoint(workspace, target, {}, { requestResponse: true, query: [{ name: "n" }] });
    const now = await workspace.send("send", { json: { ü: "✓" } });
    expect([now.status, now.isReplayed, await now.response.text()]).toEqual([200, false, 'got {"ü":"✓"}']);
    expect(target.received[0]?.headers["content-type"]).toBe("application/json");

    const later = await workspace.send("send", { body: "x", contentType: "text/x", wait: false });
    expect([later.status, later.location]).toEqual([202, expect.stringContaining(later.executionId)]);
    expect(await (await later.result()).text()).toBe("got x");
    expect(await workspace.executions.waitFor(later.executionId)).toMatchObject({ status: "succeeded" });

    const first = await workspace.send("send", { body: "y", idempotencyKey: "one" });
    const again = await workspace.send("send", { body: "y", idempotencyKey: "one" });
    expect([again.executionId, again.isReplayed]).toEqual([first.executionId, true]);
    expect((await workspace.send("send", { query: { n: 1 } })).status).toBe(200);
  });

  it("carry the credentials of the trigger, and never the token of the client", async () => {
    const workspace = await newClient();
    await using target = await startTarget();
    await endpoint(workspace, target, {}, { auth: { type: "apiKeys" } });
    expect(await rejection(workspace.send("send"))).toMatchObject({ status: 401 });
    const { key } = await workspace.keys.create("send", { label: "client" });
    const sent = await workspace.send("send", { apiKey: key, body: "x" });
    expect((await sent.result({ timeoutMs: 10_000 })).status).toBe(200);

    await workspace.secrets.put("password", "pässword");
    await endpoint(workspace, target, {}, { auth: { type: "basic", username: "u", passwordSecret: "password" } });
    const basic = { username: "u", password: "pässword" };
    expect((await (await workspace.send("send", { basic })).result()).status).toBe(200);
    for (const { headers } of target.received) expect(JSON.stringify(headers)).not.toContain(gateway.token);
  });

  it("throw an ApiProblem when they are not accepted; a failed flow is a response", async () => {
    const workspace = await newClient();
    await using target = await startTarget(() => ({ status: 400 }));
    await endpoint(workspace, target, {}, { requestResponse: true });
    const failed = await workspace.send("send", { body: "x" });
    expect([failed.status, (await failed.result()).status]).toEqual([422, 422]);
    expect(await rejection(workspace.send("other"))).toBeInstanceOf(ApiProblem);
    const nobody = createClient({ url: `http://127.0.0.1:${await freePort()}` }).workspace("w");
    expect(await rejection(nobody.send("x"))).toMatchObject({ status: 0, code: "unreachable" });
  });
});

describe.concurrent("executions by the client", () => {
  it("are followed from the first entry to the end, each event once", async () => {
    const workspace = await newClient();
    let attempts = 0;
    await using target = await startTarget(() => ({ status: ++attempts < 3 ? 503 : 200 }));
    await endpoint(workspace, target, { retry: { delaysSeconds: [0.2, 0.2] } });
    const { executionId } = await workspace.send("send", { body: "x" });
    const events: ExecutionEvent[] = [];
    for await (const event of workspace.executions.follow(executionId, { timeoutMs: 20_000 })) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: "status", execution: { status: "succeeded" } });
    const { log } = await workspace.executions.get(executionId);
    const entries = events.flatMap((event) => (event.type === "log" ? [event.entry] : []));
    expect(entries).toEqual(log);
    expect(entries.length).toBeGreaterThan(2);
    const ended: ExecutionEvent[] = [];
    for await (const event of workspace.executions.follow(executionId)) ended.push(event);
    expect(ended.map(({ type }) => type)).toEqual([...log.map(() => "log"), "step", "status"]);
  });

  it("are awaited until they end, with a limit or without", async () => {
    const workspace = await newClient();
    await using target = await startTarget(() => ({ status: 202 }));
    await endpoint(workspace, target, { async: true });
    const { executionId } = await workspace.send("send", { body: "x" });
    const timeout = await rejection(workspace.executions.waitFor(executionId, { timeoutMs: 300 }));
    expect(timeout).toBeInstanceOf(WaitTimeout);
    expect(timeout).toMatchObject({ message: "Waited 0.3 s for the execution to end.", last: { id: executionId } });
    const abort = new AbortController();
    const aborted = rejection(workspace.executions.waitFor(executionId, { signal: abort.signal }));
    abort.abort(new Error("enough"));
    expect(await aborted).toMatchObject({ message: "enough" });
    const waiting = workspace.executions.waitFor(executionId);
    await workspace.executions.cancel(executionId);
    expect((await waiting).status).toBe("cancelled");
    expect(await rejection(workspace.executions.waitFor("nope"))).toMatchObject({ status: 404 });
  });

  it("waiting continues while the gateway is away", async () => {
    let asked = 0;
    const away = createClient({
      url: gateway.url,
      fetch: async () => {
        asked++;
        if (asked === 2) throw new TypeError("fetch failed");
        if (asked === 3) return new Response("busy", { status: 503 });
        return Response.json({ status: "succeeded", ...(asked > 3 && { finishedAt: "now" }) });
      },
    });
    await away.workspace("w").executions.waitFor("id", { intervalMs: 50 });
    expect(asked).toBe(4);
  });
});

describe.concurrent("callbacks and configuration by the client", () => {
  it("a callback is awaited until it is called, called again, or closed", async () => {
    const { callbacks } = await newClient();
    const open = await callbacks.create({ ...RECORD, allowMultipleCalls: true });
    const first = callbacks.waitFor(open.callbackState);
    await fetch(open.callbackUrl, { method: "POST", body: "one" });
    expect((await first).calls).toMatchObject([{ number: 1, body: "one", outcome: "answered" }]);
    const second = callbacks.waitFor(open.callbackState, { after: 1 });
    await fetch(open.callbackUrl, { method: "POST", body: "two" });
    expect((await second).calls).toMatchObject([{ number: 2, body: "two" }, { number: 1 }]);
    const third = callbacks.waitFor(open.callbackState, { after: 2 });
    await callbacks.close(open.callbackState);
    expect(await third).toMatchObject({ status: "closed" });
    const unused = await callbacks.create(RECORD);
    const timeout = await rejection(callbacks.waitFor(unused.callbackState, { timeoutMs: 200 }));
    expect(timeout).toMatchObject({ name: "WaitTimeout", last: { status: "open" } });
  });

  it("a configuration is compared and applied, and then equal", async () => {
    const { config, name } = await newClient();
    const document = { flows: { echo: { steps: [] } }, triggers: { echo: { flow: "echo", requestResponse: true } } };
    const wanted = [
      { kind: "flows", name: "echo", action: "create" },
      { kind: "triggers", name: "echo", action: "create" },
    ];
    expect(await config.compare(document)).toEqual({ dryRun: true, changes: wanted });
    expect((await config.get()).flows).toEqual({});
    expect(await config.apply(document)).toEqual({ dryRun: false, changes: wanted });
    expect((await config.apply(document)).changes).toEqual([]);
    const [change] = (await config.compare({ ...document, triggers: { echo: { flow: "echo" } } })).changes;
    expect(change?.differences).toEqual([{ field: "requestResponse", from: true, to: false }]);
    const sent = await eventually(() => client.workspace(name).send("echo", { body: "x" }));
    expect(await sent.response.text()).toBe("x");
  });
});
