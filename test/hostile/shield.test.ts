import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { startTarget } from "../support/target.ts";
import { newWorkspace } from "../support/workspace.ts";

const gateway = inject("gateway");
/** More than the binding allows in two minutes: it counts by the minute of the clock, and a new one may begin among the calls. */
const MANY = 210;

/** An address of the documentation networks that no other test uses. */
const address = () => `2001:db8::${randomUUID().slice(0, 4)}:${randomUUID().slice(0, 4)}`;

const call = (path: string, from: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(gateway.url + path, { method, headers: { "cf-connecting-ip": from, ...headers } });

/** The statuses of calls until the address is shut out, or of too many. */
async function tryOut(path: string, from: string, headers?: Record<string, string>, method?: string) {
  const statuses: number[] = [];
  while (statuses.length < MANY && statuses.at(-1) !== 429) {
    statuses.push((await call(path, from, headers, method)).status);
  }
  return statuses;
}

describe("what is tried out", () => {
  it("wrong tokens, forged states and forged ids from one address are refused after too many, with the time to wait", async () => {
    const forged = "0de1a2e4-a201-80f3-9fc6-35b28989a8c3";
    for (const [path, headers, method, first] of [
      ["/api/v1/workspaces", { authorization: "Bearer wrong" }, "GET", 401],
      [`/cb/${forged}`, {}, "GET", 404],
      ["/adapter/callback", {}, "POST", 401],
      [`/a/b/executions/${forged}`, {}, "GET", 404],
    ] as const) {
      const from = address();
      const statuses = await tryOut(path, from, headers, method);
      expect(statuses[0]).toBe(first);
      expect(statuses.at(-1)).toBe(429);
      const refused = await call(path, from, headers, method);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ code: "too-many-requests", status: 429 });
    }
  });

  it("an address that is shut out still delivers messages with good credentials, and others are not held up", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("in", [{ name: "next", type: "http", url: target.url }], {
      auth: { type: "apiKeys" },
    });
    const { key } = await workspace.post<{ key: string }>("/triggers/in/keys", { label: "sender" });
    const from = address();
    const path = new URL(url).pathname;
    const shutOut = async () => expect((await tryOut(path, from, { "x-api-key": "wrong" }, "POST")).at(-1)).toBe(429);
    await shutOut();
    expect((await call(path, from, { "x-api-key": key }, "POST")).status).toBe(202);
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "record" },
      responseType: "response",
    });
    expect((await call(new URL(callbackUrl).pathname, from)).status, "a genuine state").toBe(200);
    await shutOut();
    expect((await call("/api/v1/workspaces", from, { authorization: `Bearer ${gateway.token}` })).status).toBe(429);
    expect((await call("/api/v1/workspaces", address(), { authorization: `Bearer ${gateway.token}` })).status).toBe(
      200,
    );
  });
});
