import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../tools/lib/gateway.ts";
import { register, SECRET } from "../support/adapter.ts";
import { INSIDE, watchPort } from "../support/hostile/watched-port.ts";
import { refusedFields } from "../support/problem.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const port = await watchPort();
const urls = INSIDE.map((host) => `http://${host}:${port.port}/x`);
const own = `http://127.0.0.1:${port.port}/x`;
let gateway: Gateway;
let workspace: Workspace;
/** What was saved while private destinations were allowed. */
let callbackUrl: string;
let adapter: string;

beforeAll(async () => {
  gateway = await startGateway();
  workspace = await newWorkspace(gateway);
  adapter = await register(workspace, own);
  await workspace.endpoint("plain", [{ name: "send", type: "http", url: own }]);
  await workspace.endpoint("async", [{ name: "send", type: "http", url: own, async: true }]);
  await workspace.endpoint("made", [{ name: "send", type: "http", url: "{{ message }}" }]);
  await workspace.endpoint("host", [{ name: "send", type: "http", url: `http://{{ message }}:${port.port}/x` }]);
  await workspace.endpoint("adapter", [{ name: "ask", type: "adapter", adapter }]);
  const activity = { type: "http", url: own };
  ({ callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
    ...{ callbackActivity: activity, responseType: "response", allowMultipleCalls: true },
  }));
  await gateway.kill();
  await gateway.restart({ ALLOW_PRIVATE_DESTINATIONS: "" });
});
afterAll(async () => {
  await gateway.stop();
  await port[Symbol.asyncDispose]();
});

async function execute(trigger: string, body: string) {
  const response = await fetch(`${gateway.url}/${workspace.name}/${trigger}`, { method: "POST", body });
  const { executionId } = (await response.json()) as { executionId: string };
  return workspace.settled(executionId);
}

/** The field that each save names, by URL; a save that is taken names none. */
async function refused(method: string, path: string, body: (url: string) => object) {
  const told = await Promise.all(
    urls.map(async (url) => {
      const answer = await workspace.admin.request(method, `/workspaces/${workspace.name}${path}`, body(url));
      return [url, answer.status === 422 ? (await refusedFields(answer)).join() : answer.status];
    }),
  );
  return Object.fromEntries(told);
}

const everywhere = (field: string) => Object.fromEntries(urls.map((url) => [url, field]));

describe("where private destinations are not allowed", () => {
  it("a flow with one is refused when it is saved, however it is written (ND16)", async () => {
    const steps = (url: string) => [{ name: "send", type: "http", url }];
    expect(await refused("PUT", "/flows/new", (url) => ({ steps: steps(url) }))).toEqual(everywhere("steps[0].url"));
    const kept = (await workspace.get<{ flows: object }>("/config")).flows;
    const document = (url: string) => ({ flows: { ...kept, new: { steps: steps(url) }, plain: { steps: [] } } });
    const wrong = ["async", "new"].map((name) => `flows.${name}.steps[0].url`).join();
    expect(await refused("PUT", "/config", document)).toEqual(everywhere(wrong));
    expect((await workspace.admin.request("GET", `/workspaces/${workspace.name}/flows/new`)).status).toBe(404);
  });

  it("an adapter with one is refused when it is registered and when it is changed (CD8)", async () => {
    const adapterOf = (url: string) => ({ name: "new", type: "input", webhook_url: url });
    const registered = (url: string) => ({ ...adapterOf(url), shared_secret: SECRET });
    expect(await refused("POST", "/adapters", registered)).toEqual(everywhere("webhook_url"));
    expect(await refused("PUT", `/adapters/${adapter}`, adapterOf)).toEqual(everywhere("webhook_url"));
    expect(await workspace.get("/adapters")).toMatchObject({ items: [{ webhook_url: own }] });
  });

  it("a callback or a callback configuration with one is refused (GD16)", async () => {
    const fields = (url: string) => ({ callbackActivity: { type: "http", url }, responseType: "response" });
    expect(await refused("POST", "/callbacks", fields)).toEqual(everywhere("callbackActivity.url"));
    expect(await refused("PUT", "/callback-configs/new", fields)).toEqual(everywhere("callbackActivity.url"));
  });

  it("what a template makes is refused when it is to be sent, however it is written", async () => {
    for (const [trigger, bodies] of [
      ["made", [...urls, own.replace("http:", "HTTP:"), `http://user@127.0.0.1:${port.port}/`, "file:///etc/passwd"]],
      ["host", [...INSIDE, "example.com@127.0.0.1", "127.0.0.1#", "127.0.0.1\\@example.com", "a b"]],
    ] as const) {
      const ended = await Promise.all(bodies.map((body) => execute(trigger, body)));
      const kinds = ended.map(({ status, failure, steps }) => `${status} ${failure} ${steps[0]?.attempts}`);
      expect(Object.fromEntries(bodies.map((body, i) => [body, kinds[i]]))).toEqual(
        Object.fromEntries(bodies.map((body) => [body, "failed error 1"])),
      );
    }
    expect(port.connections()).toBe(0);
  });

  it("what was saved while they were allowed is refused when it is to be sent", async () => {
    for (const trigger of ["plain", "async", "adapter"]) {
      expect(await execute(trigger, "x")).toMatchObject({ status: "failed", failure: "error" });
    }
    expect((await fetch(callbackUrl, { method: "POST", body: "x" })).status).toBe(502);
    expect(port.connections()).toBe(0);
  });

  it("the port counts: where they are allowed, the same steps knock", async () => {
    await gateway.kill();
    await gateway.restart({ ALLOW_PRIVATE_DESTINATIONS: "true" });
    expect(await execute("plain", "x")).toMatchObject({ status: "succeeded" });
    expect(await execute("made", own)).toMatchObject({ status: "succeeded" });
    expect(port.connections()).toBeGreaterThan(0);
  });
});
