import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { callBack } from "../../support/link.ts";
import { eventually, startTarget, type Target } from "../../support/target.ts";
import { Workspace } from "../../support/workspace.ts";

const FIXTURES = "test/fixtures";
const facts = JSON.parse(readFileSync(join(FIXTURES, "first-version.json"), "utf8"));
/** Where the flows of the fixture send their requests. */
const TARGET_PORT = 47_613;
const DAY_MS = 86_400_000;

/** Unpacks the folder, and brings its waits and retention up to today, as if it had been stopped a moment ago. */
function unpack(state: string): void {
  mkdirSync(state, { recursive: true });
  execFileSync("tar", ["xzf", join(FIXTURES, "first-version.tar.gz"), "-C", state]);
  const folder = join(state, "v3", "do", "-Shard");
  const shard = readdirSync(folder).find((file) => /^[0-9a-f]{64}\.sqlite$/.test(file)) ?? "";
  const database = new DatabaseSync(join(folder, shard));
  database.exec(
    `UPDATE executions SET due_at = ${Date.now() + DAY_MS} WHERE due_at IS NOT NULL AND status = 'waiting'`,
  );
  database.exec(`UPDATE executions SET due_at = ${Date.now()} WHERE due_at IS NOT NULL AND status = 'retrying'`);
  database.exec(`UPDATE executions SET expires_at = ${Date.now() + DAY_MS} WHERE expires_at IS NOT NULL`);
  database.close();
}

describe("a folder of the first version", () => {
  let gateway: Gateway;
  let target: Target;
  let workspace: Workspace;

  beforeAll(async () => {
    target = await startTarget(
      ({ path, body }) => ({ status: path === "/ask" ? 202 : 200, body: String(body).toUpperCase() }),
      TARGET_PORT,
    );
    gateway = await startGateway(facts.vars, unpack);
    workspace = new Workspace(gateway, "acme");
  });

  afterAll(async () => {
    await gateway?.stop();
    await target?.[Symbol.asyncDispose]();
  });

  it("its lane goes on: the callback that the head waits for is taken, and the others follow in order", async () => {
    const { token, correlation, lane } = facts;
    const head = await workspace.execution(lane[0]);
    expect(head).toMatchObject({ status: "waiting", steps: [{ correlationId: correlation }, { status: "pending" }] });
    const asked = {
      method: "POST",
      path: "/ask",
      at: 0,
      body: Buffer.from(""),
      headers: { "x-link-correlation-id": correlation },
    };
    for (const [index, id] of lane.entries()) {
      const next =
        index === 0 ? asked : await eventually(() => target.received.filter((r) => r.path === "/ask")[index - 1]);
      // The messages came to the address that the gateway had then.
      const headers = { ...next.headers, "x-link-callback-url": `${gateway.url}/cb` };
      expect((await callBack({ ...next, headers }, { token, body: `answer ${index}` })).status).toBe(200);
      expect(await workspace.settled(id)).toMatchObject({ status: "succeeded", result: "success" });
    }
    const told = target.received.filter(({ path }) => path === "/tell");
    expect(told.map(({ body, headers }) => [String(body), headers["x-erp"]])).toEqual(
      [0, 1, 2].map((index) => [`answer ${index}`, "secret-of-the-first-version"]),
    );
  });

  it("what waited for its next attempt is sent, a body in R2 included", async () => {
    for (const [id, body] of [
      [facts.down, "LATER"],
      [facts.big, "X".repeat(100_000)],
    ]) {
      expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
      const message = await workspace.admin.request("GET", `/workspaces/acme/executions/${id}/message`);
      expect(await message.text()).toBe(body);
    }
  });

  it("its results, keys and callbacks are still good", async () => {
    const poll = await fetch(`${gateway.url}/acme/echo/executions/${facts.echo}`);
    expect([poll.status, await poll.text()]).toEqual([200, "hello!"]);
    const headers = { "x-api-key": "key-of-the-first-version-0123456789" };
    expect((await fetch(`${gateway.url}/acme/lane`, { method: "POST", headers, body: "new" })).status).toBe(202);
    const here = (url: string) => gateway.url + url.slice(new URL(url).origin.length);
    const single = await fetch(here(facts.single), { method: "POST", body: "paid" });
    expect([single.status, await single.text()]).toEqual([200, "thanks"]);
    expect((await fetch(here(facts.single), { method: "POST" })).status).toBe(410);
    const multi = await fetch(here(facts.multi), { redirect: "manual" });
    expect([multi.status, multi.headers.get("location")]).toEqual([302, "https://example.com/done"]);
  });
});
