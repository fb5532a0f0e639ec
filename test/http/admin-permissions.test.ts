import { describe, expect, inject, it } from "vitest";
import { GATEWAY_PROBES, PERMISSIONS, type Permission, type Probe, WORKSPACE_PROBES } from "../support/permissions.ts";
import { Admin, newWorkspace } from "../support/workspace.ts";

const gateway = inject("gateway");
const admin = new Admin(gateway);
const [workspace, other] = [await newWorkspace(gateway), await newWorkspace(gateway)];
await workspace.endpoint("used", []);
await workspace.put("/secrets/erp", { value: "x" });

const issue = async (permissions: readonly string[], bound?: string) => {
  const settings = { label: permissions.join(), permissions, ...(bound && { workspace: bound }) };
  return (await admin.call<{ token: string }>("POST", "/tokens", settings)).token;
};
const send = ({ method, path }: Probe, token: string, name = workspace.name) =>
  admin
    .as(token)
    .request(method, path.replace("{ws}", name), method === "GET" || method === "DELETE" ? undefined : '{"x":1}');
const expected = (probe: Probe, permissions: readonly Permission[]) =>
  permissions.includes("admin") || permissions.includes(probe.permission) ? probe.permitted : 403;

/** What each probe is answered, beside what it should be. */
async function answers(probes: readonly Probe[], token: string, expectedOf: (probe: Probe) => number, name?: string) {
  const told = await Promise.all(
    probes.map(async (probe) => {
      const response = await send(probe, token, name);
      await response.body?.cancel();
      return `${probe.method} ${probe.path} ${response.status}`;
    }),
  );
  return { told, wanted: probes.map((probe) => `${probe.method} ${probe.path} ${expectedOf(probe)}`) };
}

describe("permissions", () => {
  for (const permission of PERMISSIONS) {
    it(`LD14: ${permission} opens its routes of its workspace, and none of the gateway or of another workspace`, async () => {
      const token = await issue([permission], workspace.name);
      const own = await answers(WORKSPACE_PROBES, token, (probe) => expected(probe, [permission]));
      expect(own.told).toEqual(own.wanted);
      const whole = await answers(GATEWAY_PROBES, token, () => 403);
      expect(whole.told).toEqual(whole.wanted);
      for (const foreign of [other.name, "t-nobody"]) {
        const refused = await answers(WORKSPACE_PROBES, token, () => 403, foreign);
        expect(refused.told).toEqual(refused.wanted);
      }
    });

    it(`LD14: ${permission} without a workspace opens its routes everywhere`, async () => {
      const token = await issue([permission]);
      const all = [...GATEWAY_PROBES, ...WORKSPACE_PROBES];
      const { told, wanted } = await answers(all, token, (probe) => expected(probe, [permission]));
      expect(told).toEqual(wanted);
    });
  }

  it("LD14: several add up, and admin includes every one", async () => {
    const two: Permission[] = ["config.read", "executions.read"];
    const some = await answers(WORKSPACE_PROBES, await issue(two), (probe) => expected(probe, two));
    expect(some.told).toEqual(some.wanted);
    const all = [...GATEWAY_PROBES, ...WORKSPACE_PROBES];
    const whole = await answers(all, gateway.token, ({ permitted }) => permitted);
    expect(whole.told).toEqual(whole.wanted);
  });

  it("L19 LD2: sending a callback needs its own permission, and is refused before the headers are looked at", async () => {
    for (const permission of PERMISSIONS) {
      const authorization = `Basic ${btoa(`:${await issue([permission], workspace.name)}`)}`;
      const { status } = await fetch(`${gateway.url}/cb`, { method: "POST", headers: { authorization } });
      const isEnough = permission === "admin" || permission === "asyncflow.callback.send";
      expect([permission, status]).toEqual([permission, isEnough ? 400 : 403]);
    }
  });

  it("a refusal says which permission is missing, and shows nothing of what it guards", async () => {
    const token = await issue(["executions.read"], workspace.name);
    const response = await admin.as(token).request("GET", `/workspaces/${workspace.name}/flows/used`);
    expect(await response.json()).toMatchObject({
      status: 403,
      code: "forbidden",
      detail: expect.stringContaining("config.read"),
    });
    const foreign = await admin.as(token).request("GET", `/workspaces/${other.name}/executions`);
    expect(await foreign.json()).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("a token may change and delete its own workspace, and ends with it", async () => {
    const own = await newWorkspace(gateway);
    const token = await issue(["config.write"], own.name);
    const path = `/workspaces/${own.name}`;
    expect((await admin.as(token).request("PUT", path, { retentionDays: 9 })).status).toBe(200);
    expect((await admin.as(token).request("DELETE", path)).status).toBe(204);
    expect((await admin.as(token).request("PUT", path, {})).status).toBe(401);
    expect((await admin.request("GET", path)).status).toBe(404);
  });

  it("nothing of this has changed anything", async () => {
    expect(await workspace.get("/flows/used")).toMatchObject({ steps: [] });
    expect(await workspace.get("/triggers/used")).toMatchObject({ flow: "used" });
    expect(await workspace.get("/triggers/used/keys")).toEqual({ items: [] });
    expect(await workspace.get("/secrets")).toMatchObject({ items: [{ name: "erp" }] });
  });
});
