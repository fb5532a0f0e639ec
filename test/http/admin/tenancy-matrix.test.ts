import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { adminFiles } from "../../../tools/fuzz/routes.ts";
import {
  attack,
  fromAnywhere,
  isFatal,
  PERMISSIONS,
  type Permission,
  type Probe,
  probes,
  tryOut,
  type World,
} from "../../support/http/permissions.ts";
import { createTenant, look, type Tenant, tokenLabels } from "../../support/http/tenancy.ts";
import { startTarget } from "../../support/target.ts";
import { Admin, newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const admin = new Admin(gateway);
const { probes: all, contract, code } = await probes();
const guarded = all.filter(({ permission }) => permission !== null);
const target = await startTarget();
let own: Tenant;
let other: Tenant;
let before: unknown[];
const everything = async () => Promise.all([look(own), look(other)]);

beforeAll(async () => {
  own = await createTenant(gateway, target.url);
  other = await createTenant(gateway, target.url);
  before = await everything();
});
afterAll(() => target[Symbol.asyncDispose]());

interface Settings {
  readonly workspace?: string;
  readonly expiresAt?: string;
}

const issue = (permissions: readonly string[], settings: Settings = {}) =>
  admin.call<{ id: string; token: string }>("POST", "/tokens", { label: permissions.join(), permissions, ...settings });

const tokenFor = async (permissions: readonly string[], settings?: Settings) =>
  (await issue(permissions, settings)).token;
const covers = (permissions: readonly Permission[], { permission }: Probe) =>
  permission === null || permissions.includes("admin") || permissions.includes(permission);
/** Whether a token of a workspace may ask for it at all. */
const isOpen = ({ path, permission }: Probe) => permission === null || path.includes("/:ws");
const name = ({ method, path }: Probe, status: number) => `${method} ${path} ${status}`;

/** Sends what would change something to every route; answers whatever was not refused with the status. */
async function letThrough(token: string, world: World, status: number, routes = all): Promise<string[]> {
  const answers = await Promise.all(
    routes.map(async (probe) => {
      const response = await attack(admin.as(token), probe, world);
      const text = await response.text();
      const isRefused = response.status === status && !text.includes(own.mark) && !text.includes(other.mark);
      return isRefused ? [] : [name(probe, response.status)];
    }),
  );
  return answers.flat();
}

/** What harmless requests are answered with, beside what they should be where they are permitted. */
async function tried(token: string, world: World, routes: readonly Probe[]) {
  const answers = await Promise.all(
    routes
      .filter((probe) => !isFatal(probe))
      .map(async (probe) => {
        const { answer, permitted } = tryOut(admin.as(token), probe, world);
        const response = await answer;
        await response.body?.cancel();
        return [name(probe, response.status), name(probe, permitted)];
      }),
  );
  return { told: answers.map(([told]) => told), wanted: answers.map(([, wanted]) => wanted) };
}

describe("the matrix of permissions and tenants", () => {
  it("the routes and their permissions are those of the contract's table (LD14)", () => {
    expect(code).toEqual(contract);
    expect(adminFiles().length).toBeGreaterThan(10);
    expect(guarded.length).toBe(all.length - 1);
  });

  for (const permission of PERMISSIONS) {
    it(`${permission} opens its own routes of its workspace, and nothing of the gateway or of others (LD14)`, async () => {
      const token = await tokenFor([permission], { workspace: own.workspace.name });
      const open = all.filter((probe) => isOpen(probe) && covers([permission], probe));
      const closed = all.filter((probe) => !open.includes(probe));
      const { told, wanted } = await tried(token, own.world, open);
      expect(told).toEqual(wanted);
      expect(await letThrough(token, own.world, 403, closed)).toEqual([]);
      expect(await letThrough(token, other.world, 403, guarded)).toEqual([]);
      expect(await letThrough(token, { ...own.world, workspaces: other.workspace.name }, 403, guarded)).toEqual([]);
      expect(await letThrough(token, { ...own.world, workspaces: "t-nobody" }, 403, guarded)).toEqual([]);
      expect(await everything()).toEqual(before);
    });

    it(`${permission} without a workspace opens its own routes everywhere (LD14)`, async () => {
      const token = await tokenFor([permission]);
      const open = all.filter((probe) => covers([permission], probe));
      for (const { world } of [own, other]) {
        const { told, wanted } = await tried(token, world, open);
        expect(told).toEqual(wanted);
      }
      const closed = all.filter((probe) => !covers([permission], probe));
      expect(await letThrough(token, own.world, 403, closed)).toEqual([]);
      expect(await everything()).toEqual(before);
    });
  }

  it("several add up, and admin includes every one (LD14)", async () => {
    const two: Permission[] = ["config.read", "executions.read"];
    const some = all.filter((probe) => covers(two, probe));
    const token = await tokenFor(two);
    const { told, wanted } = await tried(token, own.world, some);
    expect(told).toEqual(wanted);
    const rest = all.filter((probe) => !some.includes(probe));
    expect(await letThrough(token, own.world, 403, rest)).toEqual([]);
    const whole = await tried(gateway.token, own.world, all);
    expect(whole.told).toEqual(whole.wanted);
  });

  it("ids of another workspace are 404 below one's own, even with every permission (LD14)", async () => {
    const token = await tokenFor(["admin"], { workspace: own.workspace.name });
    const nouns = ["keys", "callbacks", "adapters", "executions", "lanes"];
    const byId = all.filter(({ path }) => nouns.some((noun) => path.includes(`/${noun}/:`)));
    expect(byId.length).toBeGreaterThan(15);
    const mixed = { ...other.world, workspaces: own.workspace.name };
    expect(await letThrough(token, mixed, 404, byId)).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  it("no, malformed, unknown, revoked and expired tokens are the same 401 on every route, and change nothing", async () => {
    const revoked = await issue(["admin"]);
    await admin.call("DELETE", `/tokens/${revoked.id}`);
    const soon = new Date(Date.now() + 1_000).toISOString();
    const expired = await tokenFor(["admin"], { expiresAt: soon });
    const { token: live } = await issue(["admin"]);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const changed = live.slice(0, -1) + (live.endsWith("A") ? "B" : "A");
    const tokens = [
      ...[revoked.token, expired, changed, live.toUpperCase(), `${live}x`, `hbp_${"0".repeat(32)}_${"A".repeat(43)}`],
      ...["nonsense", "__proto__", "null", "x".repeat(5_000), "hbp_", `${gateway.token}x`, gateway.token.slice(1)],
    ];
    for (const token of tokens) {
      expect([token.slice(0, 60), await letThrough(token, own.world, 401)]).toEqual([token.slice(0, 60), []]);
    }
    const headers = ["", "Bearer", "Bearer ", "Basic", "Basic :", `Basic ${btoa(`user:${gateway.token}`)}`, "Digest x"];
    const texts = await Promise.all(
      headers.map(async (authorization) => {
        const response = await admin.request("GET", "/workspaces", undefined, { authorization, ...fromAnywhere() });
        expect([authorization, response.status]).toEqual([authorization, 401]);
        expect(response.headers.get("www-authenticate")).toMatch(/^Bearer /);
        return response.text();
      }),
    );
    expect(new Set(texts).size).toBe(1);
    expect(await everything()).toEqual(before);
  });

  it("a token ends with its workspace, and is nothing to a later one of the same name", async () => {
    const gone = await newWorkspace(gateway);
    const token = await tokenFor(["admin"], { workspace: gone.name });
    const path = `/workspaces/${gone.name}`;
    expect((await admin.as(token).request("PUT", path, { retentionDays: 9 })).status).toBe(200);
    expect((await admin.as(token).request("DELETE", path)).status).toBe(204);
    expect(await letThrough(token, { workspaces: gone.name }, 401)).toEqual([]);
    await admin.call("PUT", path, {});
    expect(await letThrough(token, { workspaces: gone.name }, 401)).toEqual([]);
  });

  it("nothing of this has made a token", async () => {
    expect(await tokenLabels(admin)).not.toContain("evil");
  });
});

describe("what has no table of permissions", () => {
  it("sending a callback needs its own permission, and is refused before the headers are looked at (L19 LD2)", async () => {
    for (const permission of PERMISSIONS) {
      const authorization = `Basic ${btoa(`:${await tokenFor([permission], { workspace: own.workspace.name })}`)}`;
      const { status } = await fetch(`${gateway.url}/cb`, { method: "POST", headers: { authorization } });
      const isEnough = permission === "admin" || permission === "asyncflow.callback.send";
      expect([permission, status]).toEqual([permission, isEnough ? 400 : 403]);
    }
  });

  it("a callback for another workspace is 403, and its execution waits on (LD14)", async () => {
    const token = await tokenFor(["admin"], { workspace: own.workspace.name });
    const { status } = await fetch(`${gateway.url}/cb`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "x-link-correlation-id": other.correlation, "x-link-status": "Ok" },
    });
    expect(status).toBe(403);
    expect(await everything()).toEqual(before);
  });

  it("a key of one workspace neither calls nor polls the trigger of another (ND15)", async () => {
    const headers = { "x-api-key": own.key, ...fromAnywhere() };
    expect((await fetch(other.url, { method: "POST", headers })).status).toBe(401);
    const path = `/executions/${other.world.executions}`;
    expect((await fetch(other.url + path, { headers })).status).toBe(401);
    expect((await fetch(own.url + path, { headers })).status).toBe(404);
    expect((await fetch(own.url + path, { headers: { ...headers, "x-api-key": other.key } })).status).toBe(401);
    expect(await everything()).toEqual(before);
  });

  it("a refusal says which permission is missing, and shows nothing of what it guards", async () => {
    const reader = admin.as(await tokenFor(["executions.read"], { workspace: own.workspace.name }));
    const response = await reader.request("GET", `/workspaces/${own.workspace.name}/flows/used`);
    expect(await response.json()).toMatchObject({
      status: 403,
      code: "forbidden",
      detail: expect.stringContaining("config.read"),
    });
    const foreign = await reader.request("GET", `/workspaces/${other.workspace.name}/executions`);
    expect(await foreign.json()).toMatchObject({ status: 403, code: "forbidden" });
  });
});
