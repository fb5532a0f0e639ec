import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { eventually, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

describe("what a gateway tells whoever watches", () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway({ LOG: "all" });
  });

  afterAll(() => gateway?.stop());

  const metrics = async () => {
    const answer = await fetch(`${gateway.url}/api/v1/metrics`, {
      headers: { authorization: `Bearer ${gateway.token}` },
    });
    expect(answer.headers.get("content-type")).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    return answer.text();
  };

  const sum = (text: string, sample: RegExp) =>
    text
      .split("\n")
      .filter((line) => sample.test(line))
      .reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);

  it("counts what came in, what ended and what was tried, by workspace, as OpenMetrics text", async () => {
    await using target = await startTarget(({ path }) => ({ status: path === "/bad" ? 400 : 200 }));
    const workspace = await newWorkspace(gateway, { shards: 2 });
    const good = await workspace.endpoint("good", [{ name: "send", type: "http", url: target.url }], {
      requestResponse: true,
    });
    const bad = await workspace.endpoint("bad", [{ name: "send", type: "http", url: `${target.url}/bad` }], {
      orderedDelivery: { onFailure: "block" },
    });
    const waiting = await workspace.endpoint("waiting", [{ name: "ask", type: "http", url: target.url, async: true }]);
    for (let i = 0; i < 3; i++) await fetch(good, { method: "POST", body: "a" });
    await fetch(bad, { method: "POST", body: "b" });
    await fetch(waiting, { method: "POST", body: "c" });
    await eventually(async () => (await workspace.executions({ status: "waiting" })).length === 1);
    await eventually(async () => (await workspace.executions({ status: "failed" })).length === 1);
    const text = await metrics();
    expect(text.endsWith("# EOF\n")).toBe(true);
    const of = (name: string, more = "") => sum(text, new RegExp(`^${name}{.*workspace="${workspace.name}"${more}.*}`));
    expect(of("hookback_executions_accepted_total")).toBe(5);
    expect(of("hookback_executions_finished_total", ',status="succeeded"')).toBe(3);
    expect(of("hookback_executions_finished_total", ',status="failed"')).toBe(1);
    expect(of("hookback_executions_open")).toBe(1);
    expect(of("hookback_attempts_total", ',outcome="success"')).toBe(3);
    expect(of("hookback_attempts_total", ',outcome="error"')).toBe(1);
    expect(of("hookback_attempts_total", ',outcome="waiting"')).toBe(1);
    expect(text).toMatch(/^hookback_shard_database_bytes\{shard="\d+"\} [1-9]\d+$/m);
    expect(sum(text, /^hookback_lanes{.*state="blocked"}/)).toBe(1);
    for (const line of text.split("\n").slice(0, -1)) {
      expect(line).toMatch(/^(?:# (?:TYPE|HELP|EOF).*|[a-z_]+\{(?:[a-z]+="[^"\\]*",?)+\} \d+(?:\.\d+)?)$/);
    }
  });

  it("open executions are known again after a restart", async () => {
    const before = sum(await metrics(), /^hookback_executions_open/);
    await gateway.kill();
    await gateway.restart();
    expect(sum(await metrics(), /^hookback_executions_open/)).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  it("writes one line for each request and attempt, with routes and ids of executions, never a state or a URL", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint(
      "logged",
      [{ name: "send", type: "http", url: `${target.url}/path?token=hidden` }],
      {
        requestResponse: true,
      },
    );
    const answer = await fetch(`${url}?query=hidden`, { method: "POST", body: "hidden" });
    const id = answer.headers.get("hookback-execution-id") ?? "";
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "record" },
      responseType: "response",
    });
    await fetch(callbackUrl, { method: "POST" });
    const log = await eventually(() => (gateway.log().includes("/cb/:state") ? gateway.log() : undefined));
    expect(log).toMatch(
      new RegExp(`message: 'attempt'[^}]*what: 'logged/send'[^}]*outcome: 'success'[^}]*${id}[^}]*status: 200`),
    );
    expect(log).toMatch(new RegExp(`message: 'request'[^}]*what: '/:workspace/logged'[^}]*outcome: '200'[^}]*${id}`));
    expect(log).not.toContain("hidden");
    expect(log).not.toContain(callbackUrl.split("/").at(-1));
  });
});
