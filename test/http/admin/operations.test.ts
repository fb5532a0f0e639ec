import { beforeAll, describe, expect, inject, it } from "vitest";
import { call, mint } from "../../support/callbacks.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});

const step = (url: string) => ({ name: "erp", type: "http", url, retry: { delaysSeconds: [] } });

async function send(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: "POST", body, headers });
  return ((await response.json()) as { executionId: string }).executionId;
}

describe("what operators do keeps its promises", () => {
  it.each(["retry", "resubmit"])(
    "bulk %s of an ordered trigger keeps the order of arrival (N14 ND7)",
    async (action) => {
      let isDown = true;
      await using target = await startTarget(() => ({ status: isDown ? 422 : 200 }));
      const url = await workspace.endpoint(`bulk-${action}`, [step(target.url)], { orderedDelivery: true });
      for (const body of ["0", "1", "2", "3"]) await workspace.settled(await send(url, body));
      isDown = false;
      target.received.length = 0;
      const filter = { trigger: `bulk-${action}`, status: "failed" };
      await workspace.post("/executions/bulk", { action, filter });
      for (const { id } of await workspace.executions({ trigger: `bulk-${action}` })) await workspace.settled(id);
      expect(target.received.map(({ body }) => body.toString())).toEqual(["0", "1", "2", "3"]);
    },
  );

  it("resubmit goes by the trigger as it is now: its lane, its templates, and its refusals (ND7 ND11)", async () => {
    await using target = await startTarget(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return {};
    });
    const url = await workspace.endpoint("changed", [step(target.url)]);
    const old = await send(url, "raw body");
    await workspace.settled(old);
    await workspace.put("/triggers/changed", { flow: "changed", orderedDelivery: true, input: "made of {{ body }}" });
    const { id } = await workspace.post<{ id: string }>(`/executions/${old}/resubmit`, {});
    expect(await workspace.settled(id)).toMatchObject({ lane: "changed", resubmittedFrom: old });
    expect(target.received.at(-1)?.body.toString()).toBe("made of raw body");
    await workspace.put("/triggers/changed", { flow: "changed", input: "{{ body.missing.member }}" });
    const refused = await workspace.admin.request("POST", `/workspaces/${workspace.name}/executions/${old}/resubmit`);
    expect(refused.status).toBe(422);
    expect(target.received).toHaveLength(2);
  });

  it("a flow that a callback configuration names is in use", async () => {
    await workspace.put("/flows/named", { steps: [] });
    await workspace.put("/callback-configs/naming", { callbackActivity: { type: "flow", flow: "named" } });
    const path = `/workspaces/${workspace.name}/flows/named`;
    expect((await workspace.admin.request("DELETE", path)).status).toBe(409);
    const { callbackUrl } = await mint(workspace, {
      config: "naming",
      callbackActivity: { type: "flow", flow: "named" },
    });
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/callback-configs/naming`);
    await workspace.admin.call("DELETE", path);
    const response = await call(callbackUrl, { method: "POST" });
    expect([response.status, response.headers.has("retry-after")]).toEqual([503, true]);
    await workspace.put("/flows/named", { steps: [] });
    expect((await call(callbackUrl, { method: "POST" })).status).toBe(200);
  });
});

describe("what callers see", () => {
  it("neither secrets nor what stands behind the gateway reach a caller (ND4)", async () => {
    await workspace.put("/secrets/tenant", { value: "tenant-secret-7" });
    const url = await workspace.endpoint("hidden", [step("http://{{ secrets.tenant }}.localhost:1/x")], {
      requestResponse: true,
    });
    const response = await fetch(url, { method: "POST", body: "x" });
    const text = await response.text();
    expect(response.status).toBe(502);
    expect(text).not.toContain("tenant-secret-7");
    expect(text).not.toContain("localhost");
    const id = response.headers.get("hookback-execution-id") ?? "";
    expect(JSON.stringify(await workspace.execution(id))).not.toContain("tenant-secret-7");
  });

  it("the contract's own example works with and without what its templates name (ND10 ND11)", async () => {
    const trigger = {
      flow: "example",
      methods: ["GET", "POST"],
      deduplicate: { key: "{{ headers['x-github-delivery'] }}" },
      orderedDelivery: { key: "{{ query.customer }}", onFailure: "continue" },
      rate: { limit: 100, perSeconds: 1 },
      requestResponse: { timeoutSeconds: 25 },
      query: [{ name: "status", default: "new" }],
      input: '{"id": {{ query.id | json }} }',
    };
    await workspace.put("/flows/example", { steps: [] });
    await workspace.put("/triggers/example", trigger);
    const url = `${gateway.url}/${workspace.name}/example`;
    expect(await (await fetch(`${url}?id=5`)).json()).toEqual({ id: null });
    await workspace.put("/triggers/example", { ...trigger, query: [{ name: "id" }, { name: "customer" }] });
    expect(await (await fetch(`${url}?id=5&customer=c`)).json()).toEqual({ id: "5" });
  });

  it("a lane's key has a bound (ND7)", async () => {
    const url = await workspace.endpoint("long", [], { orderedDelivery: { key: "{{ body }}" } });
    expect((await fetch(url, { method: "POST", body: "k".repeat(255) })).status).toBe(202);
    expect((await fetch(url, { method: "POST", body: "k".repeat(256) })).status).toBe(422);
  });

  it("names that every object has are names like others (GD10)", async () => {
    for (const name of ["constructor", "toString", "hasOwnProperty", "valueOf"]) {
      expect([name, (await fetch(`${gateway.url}/cbq/${name}`)).status]).toEqual([name, 400]);
      const { callbackState } = await mint(workspace, { stateQueryParameter: name });
      const form = new URLSearchParams([[name, callbackState]]);
      expect([name, (await call(`${gateway.url}/cbq/${name}`, { method: "POST", body: form })).status]).toEqual([
        name,
        200,
      ]);
    }
  });

  it("a location header opens no door that a redirect does not (GD8)", async () => {
    for (const responseHeaders of [{ location: "javascript:alert(1)" }, { refresh: "0;url=https://x.example" }]) {
      const body = {
        callbackActivity: { type: "record" },
        responseType: "response",
        responseCode: 302,
        responseHeaders,
      };
      const response = await workspace.admin.request("POST", `/workspaces/${workspace.name}/callbacks`, body);
      expect(response.status).toBe(422);
    }
  });

  it("a body with a content coding is refused, because the coding would be lost (ND12)", async () => {
    const url = await workspace.endpoint("coded", [], { requestResponse: true });
    const headers = { "content-encoding": "gzip" };
    const response = await fetch(url, { method: "POST", body: new Uint8Array([31, 139, 8]), headers });
    expect([response.status, response.headers.get("accept-encoding")]).toEqual([415, "identity"]);
    expect(await workspace.executions({ trigger: "coded" })).toEqual([]);
  });
});

describe("requests that wait for their turn", () => {
  it("a healthy target is not timed out because others hang, and a cancelled one is never called (LD15)", async () => {
    await using target = await startTarget(({ path }) => (path === "/hang" ? undefined : { body: "ok" }));
    const own = await newWorkspace(gateway, { shards: 1 });
    const slow = { ...step(`${target.url}/hang`), timeoutSeconds: 1.5 };
    const hanging = await own.endpoint("hanging", [slow]);
    const quick = await own.endpoint("quick", [{ ...step(`${target.url}/quick`), timeoutSeconds: 0.5 }]);
    const gone = await own.endpoint("gone", [step(`${target.url}/gone`)]);
    await Promise.all(Array.from({ length: 8 }, () => send(hanging, "x")));
    const [waits, cancelled] = [await send(quick, "x"), await send(gone, "x")];
    expect((await own.admin.request("POST", `/workspaces/${own.name}/executions/${cancelled}/cancel`)).status).toBe(
      200,
    );
    expect(await own.settled(waits)).toMatchObject({ status: "succeeded", steps: [{ attempts: 1 }] });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(target.received.filter(({ path }) => path === "/gone")).toEqual([]);
  });
});
