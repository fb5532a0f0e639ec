import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { answerCall, callOf, register, send } from "../../support/adapter.ts";
import { newHome } from "../../support/cli.ts";
import { problemOf } from "../../support/problem.ts";
import { eventually, startTarget, type Target } from "../../support/target.ts";
import { Admin, newWorkspace, type Workspace } from "../../support/workspace.ts";

interface Page {
  readonly resealed: number;
  readonly current: number;
  readonly unopened: readonly { workspace?: string; kind: string; name: string; versions?: number }[];
  readonly nextCursor?: string;
}

const keyOf = (n: number) => `encryption-key-number-${n}-of-thirty-two-characters`;
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
/** The secrets that each workspace begins with, and the versions of its adapter's. */
const [SECRETS, VERSIONS] = [6, 3];

let gateway: Gateway;
let admin: Admin;
let one: Workspace;
let two: Workspace;
let partner: Target;
let adapter: string;
/** What waits for an answer that is signed with the first version of the adapter's secret. */
let waiting: { id: string; callback: string };

/** Every page of a run, with the pages' sum. */
async function reseal(limit = 100): Promise<Page & { pages: number }> {
  const total = { resealed: 0, current: 0, unopened: [] as Page["unopened"][number][], pages: 0 };
  for (let cursor = ""; ; ) {
    const page: Page = await admin.call("POST", `/reseal?limit=${limit}${cursor}`);
    total.resealed += page.resealed;
    total.current += page.current;
    total.unopened.push(...page.unopened);
    total.pages++;
    if (page.nextCursor === undefined) return total;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

const rotate = async (n: number, previous: number | null) => {
  await gateway.kill();
  await gateway.restart({
    ENCRYPTION_KEY: keyOf(n),
    ENCRYPTION_KEY_PREVIOUS: previous === null ? "" : keyOf(previous),
  });
};

const receivedBy = (path: string, id: string) =>
  eventually(() => partner.received.find((call) => call.path === path && call.headers["hookback-execution-id"] === id));

/** Whether a flow can use its secrets: one in a header, one to sign with. */
async function expectUsable(workspace: Workspace, value: string) {
  const id = await send(`${gateway.url}/${workspace.name}/use`);
  expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
  const { headers, body } = await receivedBy("/use", id);
  expect(headers.authorization).toBe(`Bearer ${value}`);
  new Webhook(WEBHOOK_SECRET).verify(body, { ...headers });
}

beforeAll(async () => {
  partner = await startTarget(() => ({ headers: { "content-type": "application/json" }, body: "{}" }));
  gateway = await startGateway({ ENCRYPTION_KEY: keyOf(1) });
  admin = new Admin(gateway);
  [one, two] = [await newWorkspace(gateway), await newWorkspace(gateway)];
  for (const workspace of [one, two]) {
    await workspace.put("/secrets/token", { value: "first" });
    await workspace.put("/secrets/signing", { value: WEBHOOK_SECRET });
    for (let i = 2; i < SECRETS; i++) await workspace.put(`/secrets/more-${i}`, { value: `more ${i}` });
    const headers = { authorization: "Bearer {{ secrets.token }}" };
    const url = `${partner.url}/use`;
    await workspace.endpoint("use", [{ name: "use", type: "http", url, headers, signingSecret: "signing" }]);
  }
  adapter = await register(one, `${partner.url}/adapter`, { name: "files", shared_secret: "version 1" });
  await one.endpoint("adapt", [{ name: "ask", type: "adapter", adapter }]);
  const id = await send(`${gateway.url}/${one.name}/adapt`);
  await one.settled(id, ["waiting"]);
  waiting = { id, callback: callOf(await receivedBy("/adapter", id)).callback };
  for (let version = 2; version <= VERSIONS; version++) {
    await one.put(`/adapters/${adapter}/rotate_shared_secret`, { shared_secret: `version ${version}` });
  }
});
afterAll(async () => {
  await gateway.stop();
  await partner[Symbol.asyncDispose]();
});

describe("what is sealed, after a rotation of the encryption key", () => {
  const ALL = 2 * SECRETS + VERSIONS;
  let before: unknown[];
  const look = () => Promise.all([one, two].flatMap((it) => [it.get("/secrets"), it.get("/adapters")]));

  it("is current before one, and nothing is written", async () => {
    before = await look();
    expect(await reseal()).toMatchObject({ resealed: 0, current: ALL, unopened: [] });
  });

  it("moves to the new key page by page, over an interruption, former versions too; a second run finds nothing to do", async () => {
    await rotate(2, 1);
    const first = await admin.call<Page>("POST", "/reseal?limit=5");
    expect(first).toMatchObject({ resealed: 5, current: 0, unopened: [], nextCursor: expect.any(String) });
    await gateway.kill();
    await gateway.restart();
    const rest = await reseal(5);
    expect(rest).toMatchObject({ resealed: ALL - 5, current: 5, unopened: [] });
    expect(rest.pages).toBeGreaterThan(2);
    expect(await reseal(5)).toMatchObject({ resealed: 0, current: ALL, unopened: [] });
    expect(await look()).toEqual(before);
  });

  it("works without the previous key: headers, signatures, adapters, and answers signed with a former version", async () => {
    await rotate(2, null);
    for (const workspace of [one, two]) await expectUsable(workspace, "first");
    const { id, callback } = waiting;
    const answer = { callback, status: "success", payload: { done: true } };
    expect((await answerCall(gateway.url, answer, {}, "version 1")).status).toBe(200);
    expect(await one.settled(id)).toMatchObject({ status: "succeeded" });
    const asked = await send(`${gateway.url}/${one.name}/adapt`);
    const { body, headers } = await receivedBy("/adapter", asked);
    const signature = createHmac("sha256", `version ${VERSIONS}`).update(body).digest("base64");
    expect(headers["x-chainio-signature"]).toBe(signature);
  });

  it("keeps every change that is made while several runs go on", async () => {
    const names = Array.from({ length: 40 }, (_, i) => `moving-${i}`);
    const putAll = (value: string) => names.map((name) => two.put(`/secrets/${name}`, { value }));
    await Promise.all(putAll("old"));
    const headers = { authorization: names.map((name) => `{{ secrets.${name} }}`).join() };
    await two.endpoint("all", [{ name: "use", type: "http", url: `${partner.url}/all`, headers }]);
    await rotate(3, 2);
    const rotation = one.put(`/adapters/${adapter}/rotate_shared_secret`, { shared_secret: "changed meanwhile" });
    const gone = two.admin.request("DELETE", `/workspaces/${two.name}/secrets/more-5`);
    await Promise.all([reseal(100), ...putAll("new"), reseal(9), reseal(30), rotation, gone]);
    await reseal();
    expect(await reseal()).toMatchObject({ resealed: 0, unopened: [] });
    await rotate(3, null);
    const used = await send(`${gateway.url}/${two.name}/all`);
    expect((await receivedBy("/all", used)).headers.authorization).toBe(names.map(() => "new").join());
    const asked = await send(`${gateway.url}/${one.name}/adapt`);
    const { body, headers: sent } = await receivedBy("/adapter", asked);
    const signature = createHmac("sha256", "changed meanwhile").update(body).digest("base64");
    expect(sent["x-chainio-signature"]).toBe(signature);
    const { items } = await two.get<{ items: { name: string }[] }>("/secrets");
    expect(items.map(({ name }) => name)).not.toContain("more-5");
  });

  it("is named where no key opens it, and moves by the command line once the key is there", async () => {
    await rotate(4, null);
    await one.put("/secrets/token", { value: "stored again" });
    const lost = await reseal();
    expect(lost).toMatchObject({ resealed: 0, current: 1 });
    expect(lost.unopened).toContainEqual({ workspace: two.name, kind: "secret", name: "signing" });
    expect(lost.unopened).toContainEqual({
      workspace: one.name,
      kind: "adapter",
      name: "files",
      versions: VERSIONS + 1,
    });
    expect(JSON.stringify(lost)).not.toMatch(/first|changed|version \d|whsec_|stored/);
    using home = newHome({ HOOKBACK_URL: gateway.url, HOOKBACK_TOKEN: gateway.token });
    const told = await home.run(["secret", "reseal"]);
    expect([told.code, told.stderr]).toEqual([1, ""]);
    expect(told.stdout).toContain("Moved 0 to the current key; 1 were under it already.");
    expect(told.stdout).toMatch(new RegExp(`${one.name}\\s+adapter\\s+files\\s+${VERSIONS + 1}`));

    await rotate(4, 3);
    const moved = await home.run(["secret", "reseal"]);
    expect(moved).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Moved [1-9]\d* to the current key; 1 were/),
    });
    expect(await home.json("secret", "reseal")).toMatchObject({ resealed: 0, unopened: [] });
    await expectUsable(one, "stored again");
  });

  it("is for admins of the gateway alone, and takes no cursor that it has not given", async () => {
    const tokens = [
      { label: "reader", permissions: ["config.read", "config.write"] },
      { label: "tenant", permissions: ["admin"], workspace: one.name },
    ];
    for (const input of tokens) {
      const { token } = await admin.call<{ token: string }>("POST", "/tokens", input);
      await problemOf(admin.as(token).request("POST", "/reseal"), 403);
    }
    const inner = (text: string) => Buffer.from(text).toString("base64url");
    const forged = [
      "x",
      "secret.",
      "secrets",
      "token",
      "secret.x",
      "adapter.%00",
      "__proto__",
      `secret.${inner("[]")}`,
    ];
    for (const cursor of [...forged, `secret.${inner('["token:","x"]')}`, `adapter.${inner('["secret:","x"]')}`]) {
      await problemOf(admin.request("POST", `/reseal?cursor=${encodeURIComponent(cursor)}`), 400);
    }
    for (const limit of ["0", "101", "-1", "1e9", "x"])
      await problemOf(admin.request("POST", `/reseal?limit=${limit}`), 422);
  });
});
