/** What an execution costs, counted; a budget that is exceeded fails. docs/scale.md has the prices. */
import { reset } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { administer, type Bill, meter, send } from "./cost-meter.ts";
import { type Sent, step, stubFetch, until } from "./support.ts";

/** What every execution of a scenario costs, exactly. */
type Budget = Omit<Bill, "alarmsSet">;

const RUNS = 10;
const NOTHING: Budget = {
  ...{ objectRequests: 0, rowsWritten: 0, rowsRead: 0 },
  ...{ kvReads: 0, kvWrites: 0, r2Writes: 0, r2Reads: 0 },
};
const MIB = 1024 * 1024;
const post = (body: BodyInit = "hello", headers: Record<string, string> = {}) => ({ method: "POST", headers, body });

/** Of any scenario: one alarm for all its runs is what a watchdog costs, not one for each. */
const ALARMS_FOR_ALL_RUNS = 2;

// Dozens of executions in one test take their time where many tests run at once.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(async () => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  await administer("PUT", "/workspaces/cost", { shards: 1 });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

async function trigger(settings: object, ...steps: object[]): Promise<void> {
  await administer("PUT", "/workspaces/cost/flows/flow", { steps });
  const made = await administer("PUT", "/workspaces/cost/triggers/in", { flow: "flow", ...settings });
  expect(made.status).toBe(200);
}

/** Runs once to warm up, then some times more while it counts, and compares. */
async function expectCost(run: () => Promise<void>, budget: Budget): Promise<void> {
  await run();
  const bill = await meter();
  for (let n = 0; n < RUNS; n++) await run();
  const { alarmsSet, ...counted } = bill();
  const each = Object.fromEntries(Object.entries(counted).map(([name, value]) => [name, value / RUNS]));
  expect(each).toEqual(budget);
  expect(alarmsSet).toBeLessThanOrEqual(ALARMS_FOR_ALL_RUNS);
}

/** Until what a reply has led to is in its row: nobody outside is told when. */
const written = () => new Promise((resolve) => setTimeout(resolve, 50));

const callOf = (sent: Sent[]) => sent.at(-1)?.headers.get("x-link-correlation-id") ?? "";

describe("the cost of an execution", () => {
  it("accept and deliver: one request to an object, two rows", async () => {
    const sent = stubFetch(() => new Response("done"));
    await trigger({}, step());
    const run = async () => {
      const count = sent.length;
      expect((await send("/cost/in", post())).status).toBe(202);
      await until(() => sent.length > count);
      await written();
    };
    await expectCost(run, { ...NOTHING, objectRequests: 1, rowsWritten: 2, rowsRead: 2 });
  });

  it("request and response: one request to an object, two rows", async () => {
    stubFetch(() => new Response("done"));
    await trigger({ requestResponse: true }, step());
    const run = async () => expect(await (await send("/cost/in", post())).text()).toBe("done");
    await expectCost(run, { ...NOTHING, objectRequests: 1, rowsWritten: 2, rowsRead: 2 });
  });

  it("an async step with its callback: two requests to an object, three rows", async () => {
    const sent = stubFetch(() => new Response(null, { status: 202 }));
    await trigger({ requestResponse: true }, step({ async: true }));
    const authorization = await callbackToken();
    const run = async () => {
      const count = sent.length;
      const answer = send("/cost/in", post());
      await until(() => sent.length > count);
      await written();
      const headers = { authorization, "x-link-correlation-id": callOf(sent), "x-link-status": "Ok" };
      expect((await send("/cb", post("result", headers))).status).toBe(200);
      expect(await (await answer).text()).toBe("result");
    };
    await expectCost(run, { ...NOTHING, objectRequests: 2, rowsWritten: 3, rowsRead: 3 });
  });

  it("in a FIFO lane, and behind an API key: the same", async () => {
    stubFetch(() => new Response("done"));
    await trigger({ requestResponse: true, orderedDelivery: true, auth: { type: "apiKeys" } }, step());
    const made = await administer("POST", "/workspaces/cost/triggers/in/keys", { label: "sender" });
    const { key } = (await made.json()) as { key: string };
    const run = async () => {
      expect((await send("/cost/in", post("hello", { "x-api-key": key }))).status).toBe(200);
    };
    await expectCost(run, { ...NOTHING, objectRequests: 1, rowsWritten: 2, rowsRead: 2 });
  });

  it("with an idempotency key: one row more", async () => {
    stubFetch(() => new Response("done"));
    await trigger({ requestResponse: true }, step());
    const run = async () => {
      const headers = { "idempotency-key": crypto.randomUUID() };
      expect((await send("/cost/in", post("hello", headers))).status).toBe(200);
    };
    await expectCost(run, { ...NOTHING, objectRequests: 1, rowsWritten: 3, rowsRead: 2 });
  });

  it("with 1 MiB there and back: each is written to R2 once and read once", async () => {
    stubFetch(() => new Response(new Uint8Array(MIB), { headers: { "content-length": String(MIB) } }));
    await trigger({ requestResponse: true }, step());
    const run = async () => {
      const headers = { "content-length": String(MIB) };
      const answer = await send("/cost/in", post(new Uint8Array(MIB), headers));
      expect((await answer.arrayBuffer()).byteLength).toBe(MIB);
    };
    const budget = { objectRequests: 1, rowsWritten: 2, rowsRead: 2, r2Writes: 2, r2Reads: 2 };
    await expectCost(run, { ...NOTHING, ...budget });
  });
});

describe("the cost of a callback", () => {
  const single = { callbackActivity: { type: "record" }, responseType: "response" };
  const mint = async (more: object = {}) => {
    const made = await administer("POST", "/workspaces/cost/callbacks", { ...single, ...more });
    expect(made.status).toBe(201);
    return new URL(((await made.json()) as { callbackUrl: string }).callbackUrl).pathname;
  };

  it("minted: one request to an object, one row", async () => {
    const run = async () => void (await mint());
    await expectCost(run, { ...NOTHING, objectRequests: 1, rowsWritten: 1, rowsRead: 1 });
  });

  it("used: one request to an object, one row", async () => {
    const paths = await Promise.all(Array.from({ length: RUNS + 1 }, () => mint()));
    const run = async () => expect((await send(paths.pop() ?? "", post("paid"))).status).toBe(200);
    await expectCost(run, { ...NOTHING, objectRequests: 1, rowsWritten: 1, rowsRead: 3 });
  });

  it("used once and handled elsewhere: two rows, because it is closed before the handler is asked", async () => {
    stubFetch(() => Response.json({}));
    const callbackActivity = { type: "http", url: "http://127.0.0.1/handler" };
    const paths = await Promise.all(Array.from({ length: RUNS + 1 }, () => mint({ callbackActivity })));
    const run = async () => expect((await send(paths.pop() ?? "", post("paid"))).status).toBe(200);
    await expectCost(run, { ...NOTHING, objectRequests: 1, rowsWritten: 2, rowsRead: 5 });
  });

  it("forged: nothing", async () => {
    const run = async () => expect((await send(`/cb/${crypto.randomUUID()}`)).status).toBe(404);
    await expectCost(run, NOTHING);
  });
});

async function callbackToken(): Promise<string> {
  const asked = { label: "partner", permissions: ["asyncflow.callback.send"], workspace: "cost" };
  const made = await administer("POST", "/tokens", asked);
  return `Bearer ${((await made.json()) as { token: string }).token}`;
}
