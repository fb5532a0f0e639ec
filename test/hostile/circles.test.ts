import { describe, expect, inject, it } from "vitest";
import { register } from "../support/adapter.ts";
import { eventually, type Received, startTarget } from "../support/target.ts";
import { newWorkspace } from "../support/workspace.ts";

const gateway = inject("gateway");

/** Another name for the gateway: what comes here goes there, as through a gateway or proxy that passes headers on. */
const passOn =
  (to: () => string) =>
  async ({ headers, body }: Received) => {
    const { status } = await fetch(to(), {
      method: "POST",
      headers: { "content-type": "text/plain", "hookback-hops": headers["hookback-hops"] ?? "" },
      body: new Uint8Array(body),
    });
    return { status };
  };

describe("messages in a circle", () => {
  it("a flow that comes back to its own trigger through others is refused after 16 gateways", async () => {
    let trigger = "";
    await using detour = await startTarget(passOn(() => trigger));
    const workspace = await newWorkspace(gateway);
    trigger = await workspace.endpoint("round", [
      { name: "next", type: "http", url: detour.url, retry: { delaysSeconds: [] } },
    ]);
    await fetch(trigger, { method: "POST", body: "around" });
    const failed = await eventually(async () => (await workspace.executions({ status: "failed" }))[0]);
    expect(failed.failure).toBe("bug");
    const hops = detour.received.map(({ headers }) => Number(headers["hookback-hops"]));
    expect(new Set(hops)).toEqual(new Set(Array.from({ length: 17 }, (_, i) => i + 1)));
  });

  it("what has gone through too many gateways is refused at the door, whatever it is", async () => {
    for (const path of ["/healthz", "/cb", "/a/b", "/api/v1/workspaces"]) {
      const answer = await fetch(gateway.url + path, { headers: { "hookback-hops": "17" } });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([508, "loop-detected"]);
    }
    for (const hops of ["16", "", "-1", "1e9", "x".repeat(100)]) {
      expect((await fetch(`${gateway.url}/healthz`, { headers: { "hookback-hops": hops } })).status).toBe(200);
    }
  });

  it("a step, an adapter or a handler whose URL leads to the gateway itself is never called", async () => {
    const workspace = await newWorkspace(gateway);
    const own = `${gateway.url}/healthz`;
    const adapter = await register(workspace, own);
    for (const step of [
      { name: "own", type: "http", url: own },
      { name: "own", type: "http", url: "{{ message }}" },
      { name: "own", type: "adapter", adapter },
    ]) {
      const url = await workspace.endpoint("own", [step]);
      const { executionId } = (await (await fetch(url, { method: "POST", body: own })).json()) as {
        executionId: string;
      };
      const execution = await workspace.settled(executionId);
      expect(execution).toMatchObject({ status: "failed", failure: "error" });
      expect(execution.log.at(-1)?.message).toContain("leads to the gateway itself");
    }
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "http", url: own },
      responseType: "response",
    });
    expect((await fetch(callbackUrl)).status).toBe(502);
  });
});
