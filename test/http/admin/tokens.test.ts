import { describe, expect, inject, it } from "vitest";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { sleep } from "../../support/target.ts";
import { Admin, newWorkspace } from "../../support/workspace.ts";

interface Issued {
  readonly id: string;
  readonly token: string;
  readonly label: string;
}

const gateway = inject("gateway");
const admin = new Admin(gateway);
const issue = (more: object = {}) =>
  admin.call<Issued>("POST", "/tokens", { label: "ci", permissions: ["config.read"], ...more });
const call = (authorization?: string) =>
  fetch(`${gateway.url}/api/v1/workspaces?limit=1`, { headers: authorization ? { authorization } : {} });
const status = async (authorization?: string) => (await call(authorization)).status;

describe("personal access tokens", () => {
  it("a token is in the answer to its making, works at once, and is shown nowhere else (LD3)", async () => {
    const workspace = await newWorkspace(gateway);
    const settings = {
      label: "full",
      permissions: ["config.read", "executions.read"],
      workspace: workspace.name,
      expiresAt: "2099-12-31T23:59:59Z",
    };
    const response = await admin.request("POST", "/tokens", settings);
    expect(response.status).toBe(201);
    const issued = (await response.json()) as Issued;
    expect(issued).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      token: expect.stringMatching(/^[\x21-\x7e]{40,}$/),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      ...settings,
    });
    expect((await admin.as(issued.token).request("GET", `/workspaces/${workspace.name}`)).status).toBe(200);
    const { token, ...shown } = issued;
    const all: unknown[] = [];
    for (let cursor = ""; ; ) {
      const page = await admin.call<{ items: unknown[]; nextCursor?: string }>("GET", `/tokens?limit=100${cursor}`);
      all.push(...page.items);
      if (!page.nextCursor) break;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    expect(all).toContainEqual(shown);
    expect(JSON.stringify(all)).not.toContain(token);
    expect(JSON.stringify(all)).not.toContain("hash");
  });

  it("ADMIN_TOKEN and tokens alike work as Bearer, and as Basic password of an empty user name (LD3)", async () => {
    for (const token of [gateway.token, (await issue()).token]) {
      expect(await status(`Bearer ${token}`)).toBe(200);
      expect(await status(`bearer ${token}`)).toBe(200);
      expect(await status(`Basic ${btoa(`:${token}`)}`)).toBe(200);
      for (const wrong of [
        `Basic ${btoa(`user:${token}`)}`,
        `Basic ${btoa(`${token}:`)}`,
        `Basic ${btoa(token)}`,
        `Basic ${token}`,
        `Bearer :${token}`,
        `Bearer ${token}x`,
        `Bearer ${token.slice(0, -1)}`,
        `Token ${token}`,
        token,
      ]) {
        expect([wrong, await status(wrong)]).toEqual([wrong, 401]);
      }
      await problemOf(fetch(`${gateway.url}/api/v1/workspaces?token=${token}&access_token=${token}`), 401);
      await problemOf(fetch(`${gateway.url}/api/v1/workspaces`, { headers: { "x-api-key": token } }), 401);
    }
  });

  it("without a valid token the answer is 401 and says how to authenticate (LD3)", async () => {
    const { id, token } = await issue();
    const strange = `hbp_${"0".repeat(32)}_${"A".repeat(43)}`;
    for (const authorization of [undefined, "", "Bearer", "Basic", `Bearer ${id}`, `Bearer ${strange}`, "Basic Og=="]) {
      const response = await call(authorization);
      expect(response.headers.get("www-authenticate")).toMatch(/^(?:Bearer|Basic)\b/);
      expect((await problemOf(response, 401)).code).toBe("unauthenticated");
    }
    const other = (await issue()).token;
    expect(await status(`Bearer ${token.slice(0, 37)}${other.slice(37)}`)).toBe(401);
  });

  it("end at once when they are revoked", async () => {
    const { id, token } = await issue();
    expect(await status(`Bearer ${token}`)).toBe(200);
    const revoked = await admin.request("DELETE", `/tokens/${id}`);
    expect([revoked.status, await revoked.text()]).toEqual([204, ""]);
    expect(await status(`Bearer ${token}`)).toBe(401);
    await problemOf(admin.request("DELETE", `/tokens/${id}`), 404);
    await problemOf(admin.request("DELETE", "/tokens/nobody"), 404);
  });

  it("end when they expire, however often they were used before", async () => {
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const { token } = await issue({ expiresAt });
    expect(await status(`Bearer ${token}`)).toBe(200);
    await sleep(Date.parse(expiresAt) - Date.now() + 20);
    expect(await status(`Bearer ${token}`)).toBe(401);
    expect(await status(`Basic ${btoa(`:${token}`)}`)).toBe(401);
  });

  it("are refused with their field when they are wrong (ND16)", async () => {
    const wrong: [object, string[]][] = [
      [{ label: "" }, ["label"]],
      [{ permissions: [] }, ["permissions"]],
      [{ permissions: ["config.read", "root"] }, ["permissions[1]"]],
      [{ workspace: "t-nobody" }, ["workspace"]],
      [{ workspace: "cb" }, ["workspace"]],
      [{ expiresAt: "tomorrow" }, ["expiresAt"]],
      [{ expiresAt: "2020-01-01T00:00:00Z" }, ["expiresAt"]],
      [{ token: "my own", scope: "all" }, ["scope", "token"]],
    ];
    for (const [more, fields] of wrong) {
      const input = { label: "ci", permissions: ["config.read"], ...more };
      expect([more, await refusedFields(admin.request("POST", "/tokens", input))]).toEqual([more, fields]);
    }
    expect(await refusedFields(admin.request("POST", "/tokens", {}))).toEqual(["label", "permissions"]);
  });
});
