import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { register } from "../support/adapter.ts";
import { watchPort } from "../support/hostile/watched-port.ts";
import { startTarget } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
const inside = await watchPort();
const STATUSES = [301, 302, 303, 307, 308];
let workspace: Workspace;

/** Sends everybody on to where nobody may go. */
const target = await startTarget(({ path }) => ({
  status: Number(path.slice(1)),
  headers: { location: `http://127.0.0.1:${inside.port}/secret`, refresh: `0; url=http://127.0.0.1:${inside.port}/` },
  body: '{"message":"over there"}',
}));

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  await inside[Symbol.asyncDispose]();
});

async function execute(name: string, step: Record<string, unknown>) {
  const url = await workspace.endpoint(name, [step]);
  const { executionId } = (await (await fetch(url, { method: "POST", body: "x" })).json()) as { executionId: string };
  return workspace.settled(executionId);
}

describe("a partner that redirects", () => {
  it("an http step, sync or async, fails and goes nowhere, whatever the status (LD15)", async () => {
    for (const status of STATUSES) {
      for (const async of [false, true]) {
        const ended = await execute(`http-${status}-${async}`, {
          ...{ name: "send", type: "http", url: `${target.url}/${status}`, async, retry: { delaysSeconds: [0.01] } },
        });
        expect(ended).toMatchObject({ status: "failed", failure: "bug", steps: [{ attempts: 1 }] });
      }
    }
    expect(inside.connections()).toBe(0);
  });

  it("an adapter fails and its call goes nowhere (CD5)", async () => {
    for (const status of STATUSES) {
      const adapter = await register(workspace, `${target.url}/${status}`);
      const ended = await execute(`adapter-${status}`, { name: "ask", type: "adapter", adapter });
      expect(ended).toMatchObject({ status: "failed", failure: "bug" });
    }
    expect(inside.connections()).toBe(0);
  });

  it("a callback's handler fails, and the caller is not sent there either (GD4)", async () => {
    for (const status of STATUSES) {
      const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
        callbackActivity: { type: "http", url: `${target.url}/${status}` },
        responseType: "response",
      });
      const answer = await fetch(callbackUrl, { redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([502, null]);
    }
    expect(inside.connections()).toBe(0);
    expect(target.received.length).toBe(STATUSES.length * 4);
  });
});
