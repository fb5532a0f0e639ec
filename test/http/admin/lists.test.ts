import { describe, expect, inject, it } from "vitest";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { eventually } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

interface Item {
  readonly id?: string;
  readonly name?: string;
  readonly label?: string;
}

interface Page {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const { admin } = workspace;
const root = `/workspaces/${workspace.name}`;
const NAMES = ["a", "b", "c", "d", "e", "f", "g"];

const url = await workspace.endpoint("a", [], { auth: { type: "none" } });
await Promise.all(
  NAMES.map(async (name) => {
    await workspace.endpoint(name, []);
    await admin.call("PUT", `${root}/secrets/${name}`, { value: "x" });
    await admin.call("POST", `${root}/triggers/a/keys`, { label: name });
    await admin.call("POST", "/tokens", { label: `${workspace.name} ${name}`, permissions: ["config.read"] });
    await (await fetch(url, { method: "POST", body: name })).text();
  }),
);

/** The lists of one workspace, each of which has seven members now. */
const LISTS = ["/flows", "/triggers", "/triggers/a/keys", "/secrets", "/executions"].map((path) => root + path);

/** All pages of a list. */
async function pagesOf(path: string, limit: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor = ""; ; ) {
    const page = await admin.call<Page>("GET", `${path}?limit=${limit}${cursor}`);
    pages.push(page);
    if (page.nextCursor === undefined) return pages;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    if (pages.length > 500) throw new Error(`${path} has no end`);
  }
}

const keyOf = (item: Item) => item.id ?? item.name;

describe("lists", () => {
  for (const path of LISTS) {
    const name = path.slice(root.length);

    it(`${name} gives every member once, page by page, in one order whatever the limit`, async () => {
      const whole = await admin.call<Page>("GET", path);
      expect(whole.items).toHaveLength(7);
      expect(whole).not.toHaveProperty("nextCursor");
      for (const limit of [1, 2, 3, 6, 7, 8, 100]) {
        const pages = await pagesOf(path, limit);
        expect(pages.flatMap(({ items }) => items.map(keyOf))).toEqual(whole.items.map(keyOf));
        for (const { items } of pages) expect(items.length).toBeLessThanOrEqual(limit);
      }
    });

    it(`${name} refuses a limit that is none, by its name (ND16)`, async () => {
      for (const limit of ["0", "-1", "1.5", "x", "", "1000000"]) {
        expect([limit, await refusedFields(admin.request("GET", `${path}?limit=${limit}`))]).toEqual([
          limit,
          ["limit"],
        ]);
      }
    });

    it(`${name} refuses a cursor that it has not given`, async () => {
      for (const cursor of ["garbage", "W10", "e30x", "%00", "eyJ4IjoxfQ".repeat(40)]) {
        const response = await admin.request("GET", `${path}?cursor=${cursor}`);
        expect([cursor, response.status]).toEqual([cursor, expect.toBeOneOf([400, 422])]);
        await problemOf(response, response.status);
      }
    });
  }

  it("of workspaces and tokens give every member once too", async () => {
    for (const [path, mine] of [
      ["/workspaces", [workspace.name]],
      ["/tokens", NAMES.map((name) => `${workspace.name} ${name}`)],
    ] as const) {
      const items = (await pagesOf(path, 100)).flatMap((page) => page.items);
      expect(new Set(items.map(keyOf)).size).toBe(items.length);
      const found = items.map(({ name, label }) => label ?? name);
      expect(found.filter((one) => mine.includes(one ?? "")).toSorted()).toEqual(mine);
    }
  });

  it("show one workspace's members only", async () => {
    const other = await newWorkspace(gateway);
    for (const path of ["/flows", "/triggers", "/secrets", "/executions"]) {
      expect(await other.get(path)).toEqual({ items: [] });
    }
    const { nextCursor } = await admin.call<Page>("GET", `${root}/flows?limit=1`);
    const stolen = await admin.request(
      "GET",
      `/workspaces/${other.name}/flows?cursor=${encodeURIComponent(nextCursor ?? "")}`,
    );
    expect(await stolen.text()).not.toContain('"name":"b"');
  });
});

describe("the list of callbacks", () => {
  it("is filtered by status, page by page, over all shards", async () => {
    const { client } = await newWorkspace(gateway, { shards: 3 });
    const settings = { callbackActivity: { type: "record" }, responseType: "response" } as const;
    const made: string[] = [];
    for (let n = 0; n < 12; n++) made.push((await client.callbacks.create(settings)).callbackState);
    for (const state of made.filter((_, n) => n % 3 === 0)) await client.callbacks.close(state);
    const expired = await client.callbacks.create({ ...settings, expiresInSeconds: 1 });
    await eventually(async () => (await client.callbacks.get(expired.callbackState)).status === "expired");

    const open = made.filter((_, n) => n % 3 !== 0).toReversed();
    for (const limit of [1, 3, 8, 100]) {
      const found: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await client.callbacks.list({ status: "open", limit, ...(cursor && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        found.push(...page.items.map(({ callbackState }) => callbackState));
        cursor = page.nextCursor;
        if (cursor === undefined) break;
      }
      expect(found.toSorted()).toEqual(open.toSorted());
    }
    expect(await client.callbacks.all({ query: { status: "closed" } })).toHaveLength(4);
    expect(await client.callbacks.all({ query: { status: "busy" } })).toEqual([]);
    expect(await client.callbacks.all({ query: { status: "expired" } })).toMatchObject([{ status: "expired" }]);
    const wrong = await client.callbacks.list({ status: "over" as "open" }).catch((error: unknown) => error);
    expect(wrong).toMatchObject({
      status: 422,
      errors: [{ field: "status", message: "must be open, busy, closed or expired" }],
    });
  });
});
