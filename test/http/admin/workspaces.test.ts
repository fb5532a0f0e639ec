import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { Admin, newWorkspace } from "../../support/workspace.ts";

const admin = new Admin(inject("gateway"));
const unused = () => `t-${randomUUID().slice(0, 13)}`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Every workspace of the gateway, page by page: other tests make theirs. */
async function listAll(): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let cursor = ""; ; ) {
    const page = await admin.call<{ items: unknown[]; nextCursor?: string }>("GET", `/workspaces?limit=100${cursor}`);
    items.push(...page.items);
    if (!page.nextCursor) return items;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

describe("workspaces", () => {
  it("are made by PUT, and read back at once as the PUT answered", async () => {
    const name = unused();
    expect((await admin.request("GET", `/workspaces/${name}`)).status).toBe(404);
    const settings = {
      shards: 2,
      platformUrl: "https://platform.test/app",
      documentStatuses: ["In Customs"],
      retentionDays: 7,
    };
    const made = await admin.call("PUT", `/workspaces/${name}`, settings);
    expect(made).toMatchObject({ name, id: expect.stringMatching(UUID), ...settings });
    expect(made).not.toHaveProperty("placement");
    expect(await admin.call("GET", `/workspaces/${name}`)).toEqual(made);
    expect(await listAll()).toContainEqual(made);
  });

  it("keep their id when their settings change; what is left out has its default again", async () => {
    const name = unused();
    const first = await admin.call("PUT", `/workspaces/${name}`, { retentionDays: 7, documentStatuses: ["X"] });
    const second = await admin.call("PUT", `/workspaces/${name}`, { shards: 6 });
    expect(second).toMatchObject({ id: first.id, shards: 6, documentStatuses: [] });
    expect(second.retentionDays).not.toBe(7);
    expect(await admin.call("PUT", `/workspaces/${name}`, { shards: 1 })).toMatchObject({ id: first.id, shards: 1 });
  });

  it("are gone at once when deleted, with all of their configuration; a later one of that name is another", async () => {
    const workspace = await newWorkspace(inject("gateway"));
    const path = `/workspaces/${workspace.name}`;
    const { id } = await admin.call("GET", path);
    const url = await workspace.endpoint("orders", []);
    await admin.call("PUT", `${path}/secrets/erp`, { value: "x" });
    const bound = { label: "bound", permissions: ["config.read"], workspace: workspace.name };
    const { token } = await admin.call<{ token: string }>("POST", "/tokens", bound);
    expect((await fetch(url)).status).toBe(202);

    const deleted = await admin.request("DELETE", path);
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
    for (const gone of [path, `${path}/flows`, `${path}/flows/orders`, `${path}/executions`]) {
      await problemOf(admin.request("GET", gone), 404);
    }
    await problemOf(fetch(url), 404);
    await problemOf(admin.request("DELETE", path), 404);
    await problemOf(admin.as(token).request("GET", path), 401);

    const again = await admin.call("PUT", path, {});
    expect(again.id).not.toBe(id);
    for (const list of ["flows", "triggers", "secrets", "executions"]) {
      expect(await admin.call("GET", `${path}/${list}`)).toEqual({ items: [] });
    }
    await problemOf(fetch(url), 404);
    await problemOf(admin.as(token).request("GET", path), 401);
  });

  it("cannot have the gateway's own names, nor names that do not fit into a URL (ND1)", async () => {
    const reserved = ["cb", "cbq", "adapter", "api", "console", "healthz"];
    for (const name of [...reserved, "Acme", "-a", "a_b", "a.b", "a%20b", "a%2Fb", "x".repeat(40)]) {
      expect([name, await refusedFields(admin.request("PUT", `/workspaces/${name}`, {}))]).toEqual([name, ["name"]]);
      await problemOf(admin.request("GET", `/workspaces/${name}`), 404);
      await problemOf(admin.request("DELETE", `/workspaces/${name}`), 404);
    }
    const longest = unused().padEnd(39, "x");
    expect(await admin.call("PUT", `/workspaces/${longest}`, {})).toMatchObject({ name: longest });
  });

  it("a refused change names its fields and changes nothing (ND16)", async () => {
    const name = unused();
    const before = await admin.call("PUT", `/workspaces/${name}`, { retentionDays: 7 });
    const wrong = { shards: 0, platformUrl: "ftp://x", documentStatuses: [""], retentionDays: "7", colour: "red" };
    expect(await refusedFields(admin.request("PUT", `/workspaces/${name}`, wrong))).toEqual([
      "colour",
      "documentStatuses[0]",
      "platformUrl",
      "retentionDays",
      "shards",
    ]);
    expect(await admin.call("GET", `/workspaces/${name}`)).toEqual(before);
    expect(await refusedFields(admin.request("PUT", `/workspaces/${unused()}`, { id: randomUUID() }))).toEqual(["id"]);
  });
});
