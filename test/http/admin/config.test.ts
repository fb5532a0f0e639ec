import { describe, expect, inject, it } from "vitest";
import { problemOf } from "../../support/problem.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

interface Applied {
  readonly dryRun: boolean;
  readonly changes: { kind: string; name?: string; action: string; differences?: object[] }[];
}

const apply = (workspace: Workspace, document: Record<string, unknown>, query = "") =>
  workspace.put<Applied>(`/config${query}`, document);

const brief = ({ changes }: Applied) =>
  changes.map(({ kind, name, action }) => `${action} ${kind} ${name ?? ""}`.trim());

const document = (url: string) => ({
  settings: { shards: 4, documentStatuses: ["Needs Review"], retentionDays: 7 },
  adapters: { converter: { type: "input", webhook_url: url, shared_secret_from: "adapter-secret" } },
  flows: {
    orders: {
      steps: [
        { name: "convert", type: "adapter", adapter: "converter" },
        { name: "send", type: "http", url },
      ],
    },
  },
  triggers: { orders: { flow: "orders", orderedDelivery: true } },
  callbackConfigs: { payment: { responseType: "redirect", callbackActivity: { type: "flow", flow: "orders" } } },
});

describe("the configuration as one document", () => {
  it("is applied as a whole, comes back as it was, and applying it again changes nothing", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    await workspace.put("/secrets/adapter-secret", { value: "shared" });
    const wanted = document(target.url);
    expect(brief(await apply(workspace, wanted))).toEqual([
      "update settings",
      "create adapters converter",
      "create flows orders",
      "create triggers orders",
      "create callbackConfigs payment",
    ]);
    const shown = await workspace.get<Record<string, Record<string, unknown>>>("/config");
    expect(shown.settings).toEqual(wanted.settings);
    expect(shown.flows).toMatchObject({
      orders: { steps: [{ adapter: "converter" }, { name: "send", method: "POST" }] },
    });
    expect(JSON.stringify(shown)).not.toContain('shared"');
    for (const again of [wanted, shown]) {
      expect((await apply(workspace, again, "?dryRun=true")).changes).toEqual([]);
      expect((await apply(workspace, again)).changes).toEqual([]);
    }
    expect((await fetch(`${gateway.url}/${workspace.name}/orders`, { method: "POST" })).status).toBe(202);
  });

  it("a dry run answers the difference, field by field, and changes nothing", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    await workspace.put("/secrets/adapter-secret", { value: "shared" });
    const wanted = document(target.url);
    await apply(workspace, wanted);
    const before = await workspace.get("/config");
    const changed = {
      ...wanted,
      triggers: { orders: { flow: "orders", orderedDelivery: false, maxConcurrency: 3 }, more: { flow: "orders" } },
      callbackConfigs: {},
    };
    const applied = await apply(workspace, changed, "?dryRun=true");
    expect(applied.dryRun).toBe(true);
    expect(brief(applied)).toEqual([
      "update triggers orders",
      "create triggers more",
      "delete callbackConfigs payment",
    ]);
    expect(applied.changes[0]?.differences).toEqual([
      { field: "orderedDelivery", from: true, to: false },
      { field: "maxConcurrency", to: 3 },
    ]);
    expect(await workspace.get("/config")).toEqual(before);
    await apply(workspace, changed);
    expect((await workspace.get<{ callbackConfigs: object }>("/config")).callbackConfigs).toEqual({});
  });

  it("what a section lacks is deleted, keys of a trigger with it; a section that is absent stays as it is", async () => {
    const workspace = await newWorkspace(gateway);
    await workspace.endpoint("a", [], { auth: { type: "apiKeys" } });
    await workspace.post("/triggers/a/keys", { label: "one", key: "one-of-the-keys" });
    await workspace.endpoint("b", []);
    await apply(workspace, { triggers: { b: { flow: "b" } } });
    expect(Object.keys((await workspace.get<{ flows: object }>("/config")).flows)).toEqual(["a", "b"]);
    await apply(workspace, { triggers: { a: { flow: "a", auth: { type: "apiKeys" } } } });
    expect((await workspace.get<{ items: unknown[] }>("/triggers/a/keys")).items).toEqual([]);
    const headers = { "x-api-key": "one-of-the-keys" };
    expect((await fetch(`${gateway.url}/${workspace.name}/a`, { method: "POST", headers })).status).toBe(401);
  });

  it("a new value of the secret that an adapter is given rotates its shared secret", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    await workspace.put("/secrets/adapter-secret", { value: "first" });
    const { adapters } = document(target.url);
    await apply(workspace, { adapters });
    await workspace.put("/secrets/adapter-secret", { value: "second" });
    const { changes } = await apply(workspace, { adapters });
    expect(changes).toMatchObject([{ action: "update", differences: [{ field: "shared_secret", to: "a new one" }] }]);
    expect((await apply(workspace, { adapters })).changes).toEqual([]);
  });

  it("anything wrong refuses the whole with the field of each, and nothing is changed", async () => {
    await using target = await startTarget();
    const workspace = await newWorkspace(gateway);
    const before = await workspace.get("/config");
    const wrong = {
      settings: { shards: 2 },
      adapters: {
        unknownSecret: { type: "input", webhook_url: target.url, shared_secret_from: "none" },
        noSolution: { type: "output", webhook_url: target.url, shared_secret_from: "none" },
        noUrl: { type: "input", webhook_url: "ftp://x", shared_secret_from: "none" },
      },
      flows: {
        a: { steps: [{ name: "x", type: "adapter", adapter: "nobody" }] },
        b: { steps: [{ name: "x", type: "http", url: "http://a.test/", headers: { x: "{{ secrets.none }}" } }] },
      },
      triggers: { t: { flow: "none" } },
      callbackConfigs: { c: { callbackActivity: { type: "flow", flow: "none" } } },
    };
    const answer = await workspace.admin.request("PUT", `/workspaces/${workspace.name}/config`, wrong);
    const problem = await problemOf(answer, 422);
    expect(problem.errors?.map(({ field }) => field).sort()).toEqual([
      "adapters.noSolution.solution",
      "adapters.noUrl.shared_secret_from",
      "adapters.noUrl.webhook_url",
      "adapters.unknownSecret.shared_secret_from",
      "callbackConfigs.c.callbackActivity.flow",
      "flows.a.steps[0].adapter",
      "flows.b.steps[0].headers.x",
      "triggers.t.flow",
    ]);
    for (const document of [{ flow: {} }, { flows: { "bad name": { steps: [] } } }, { triggers: { t: {} } }]) {
      const refused = await workspace.admin.request("PUT", `/workspaces/${workspace.name}/config`, document);
      await problemOf(refused, 422);
    }
    expect(await workspace.get("/config")).toEqual(before);
  });

  it("a flow that a trigger still uses cannot go", async () => {
    const workspace = await newWorkspace(gateway);
    await workspace.endpoint("a", []);
    const answer = await workspace.admin.request("PUT", `/workspaces/${workspace.name}/config`, { flows: {} });
    expect((await problemOf(answer, 422)).errors).toEqual([
      { field: "triggers.a.flow", message: "the flow a does not exist" },
    ]);
  });
});
