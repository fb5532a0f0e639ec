import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { register } from "../support/adapter.ts";
import { sendRaw } from "../support/hostile/raw.ts";
import { startTarget } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
const ZEROES = gzipSync(Buffer.alloc(120 * 1024 * 1024));
let workspace: Workspace;

/** Sends what grows a thousand times when it is unpacked, or what never ends. */
const partner = await startTarget(({ path }, response) => {
  if (path === "/bomb") return { headers: { "content-encoding": "gzip" }, body: ZEROES };
  if (path === "/ok") return { body: "fine" };
  if (path === "/many-headers")
    return { headers: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, "y".repeat(50)])) };
  response.writeHead(200);
  const timer = setInterval(() => response.write("x"), 50);
  response.on("close", () => clearInterval(timer));
  return undefined;
});

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});
afterAll(() => partner[Symbol.asyncDispose]());

const send = async (url: string, body: string) => {
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
  const { executionId } = (await response.json()) as { executionId: string };
  return executionId;
};

/** Templates that would never end or take all memory, by the message that they are given. */
const LIQUID: Record<string, string> = {
  "an endless loop": "{% for i in (1..1000000000) %}x{% endfor %}",
  "loops within each other":
    "{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}",
  "text that doubles": `{% assign a = message.text %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`,
  "captures that double": `{% assign a = message.text %}${"{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(40)}{{ a }}`,
  "lists that double": `{% assign a = message.list %}${"{% assign a = a | concat: a %}".repeat(40)}{{ a | size }}`,
  "a wide date": "{{ 'now' | date: '%999999999Y' }}",
  "replacing by everything": "{{ message.text | replace: 'x', message.text }}",
  "joining by everything": "{{ message.list | join: message.text }}",
};

describe("bombs", () => {
  for (const [what, template] of Object.entries(LIQUID)) {
    it(`${what} in a template fails its own execution as an error, and the lane moves on (ND11)`, async () => {
      const name = what.replaceAll(" ", "-");
      const url = await workspace.endpoint(name, [{ name: "make", type: "transform", template }], {
        orderedDelivery: true,
      });
      const message = JSON.stringify({ text: "x".repeat(40_000), list: Array(4_000).fill("x") });
      const ids = [await send(url, message), await send(url, message)];
      for (const id of ids) {
        const ended = await workspace.settled(id, undefined, 20_000);
        expect(ended).toMatchObject({ status: "failed", failure: "error" });
        expect(ended.log.map((entry) => entry.message).join()).toContain("too much work");
      }
      expect(await workspace.get("/lanes")).toEqual({ items: [] });
    });
  }

  it("the same in the templates of a trigger is 422 at the door, and nothing is taken in (ND11)", async () => {
    const [endless = ""] = Object.values(LIQUID);
    for (const [name, settings] of [
      ["input", { input: endless }],
      ["lane", { orderedDelivery: { key: endless } }],
      ["key", { deduplicate: { key: endless } }],
    ] as const) {
      const url = await workspace.endpoint(name, [], settings);
      expect([name, (await fetch(url, { method: "POST", body: "x" })).status]).toEqual([name, 422]);
      expect(await workspace.executions({ trigger: name })).toEqual([]);
    }
  });

  it("packed bodies are 415 on every kind of route, before anything is unpacked", async () => {
    const url = await workspace.endpoint("packed", []);
    const body = gzipSync(Buffer.alloc(30 * 1024 * 1024));
    for (const path of [
      new URL(url).pathname,
      "/cb",
      "/cb/x",
      "/adapter/callback",
      `/api/v1/workspaces/${workspace.name}/flows/in`,
    ]) {
      for (const coding of ["gzip", "GZIP", "deflate", "br", "zstd", "gzip, gzip", "identity, gzip"]) {
        const headers = { "content-encoding": coding, authorization: `Bearer ${gateway.token}` };
        const answer = await fetch(gateway.url + path, {
          method: path.startsWith("/api") ? "PUT" : "POST",
          headers,
          body,
        });
        expect([path, coding, answer.status]).toEqual([path, coding, 415]);
      }
    }
    expect(await workspace.executions({ trigger: "packed" })).toEqual([]);
  });

  it("a reply that unpacks to 120 MB fails its step at the limit, and the gateway goes on", async () => {
    const step = { name: "get", type: "http", retry: { delaysSeconds: [] } };
    const url = await workspace.endpoint("unpacks", [{ ...step, url: `${partner.url}/bomb` }], {
      orderedDelivery: true,
    });
    const ended = await workspace.settled(await send(url, "{}"), undefined, 25_000);
    expect(ended).toMatchObject({ status: "failed", failure: "bug" });
    expect(ended.log.at(-1)?.message).toContain("more than");
    const adapter = await register(workspace, `${partner.url}/bomb`, { max_response_bytes: 1_000_000 });
    const asking = await workspace.endpoint("asks", [{ name: "ask", type: "adapter", adapter }]);
    expect(await workspace.settled(await send(asking, "{}"), undefined, 20_000)).toMatchObject({
      status: "failed",
      failure: "error",
    });
    await workspace.endpoint("unpacks", [{ ...step, url: `${partner.url}/ok` }], { orderedDelivery: true });
    expect(await workspace.settled(await send(url, "{}"))).toMatchObject({ status: "succeeded" });
  });

  it("a partner that drips for ever or sends 200 headers holds its lane no longer than its time-out", async () => {
    const step = (path: string) => ({
      name: "get",
      type: "http",
      url: partner.url + path,
      timeoutSeconds: 0.5,
      retry: { delaysSeconds: [] },
    });
    const url = await workspace.endpoint("drips", [step("/drip")], { orderedDelivery: true });
    const ids = [await send(url, "{}"), await send(url, "{}")];
    for (const id of ids) expect(await workspace.settled(id)).toMatchObject({ status: "failed", failure: "bug" });
    const wordy = await workspace.endpoint("wordy", [step("/many-headers")]);
    expect((await workspace.settled(await send(wordy, "{}"))).status).toBeOneOf(["succeeded", "failed"]);
  });

  it("senders that drip their head or body hold nobody else up", async () => {
    const url = await workspace.endpoint("slow", [], { orderedDelivery: true });
    const { host, pathname } = new URL(url);
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n`;
    const slow = Array.from({ length: 30 }, (_, i) => sendRaw(gateway.url, i % 2 ? head : `${head}\r\nsome`));
    const started = Date.now();
    for (let i = 0; i < 20; i++) await workspace.settled(await send(url, "{}"));
    expect(Date.now() - started).toBeLessThan(10_000);
    expect((await Promise.all(slow)).every(({ status }) => status < 500)).toBe(true);
    expect(await workspace.executions({ trigger: "slow" })).toHaveLength(20);
  });
});
