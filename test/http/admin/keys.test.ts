import { describe, expect, inject, it } from "vitest";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

interface Key {
  readonly id: string;
  readonly label: string;
  readonly key: string;
  readonly prefix: string;
  readonly createdAt: string;
}

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const { admin } = workspace;

/** A trigger of its own with API keys, and ways to its keys and to its endpoint. */
async function keyed(name: string) {
  const url = await workspace.endpoint(name, [], { auth: { type: "apiKeys" } });
  const path = `/workspaces/${workspace.name}/triggers/${name}/keys`;
  const call = async (key?: string) => (await fetch(url, { headers: key ? { "x-api-key": key } : {} })).status;
  return { url, path, call, add: (body: object) => admin.call<Key>("POST", path, body) };
}

describe("API keys of a trigger", () => {
  it("a generated key is in the answer to its making, works at once, and is shown nowhere else (N9 N10 ND4)", async () => {
    const { path, call, add } = await keyed("generated");
    const response = await admin.request("POST", path, { label: "shop" });
    expect(response.status).toBe(201);
    const made = (await response.json()) as Key;
    expect(made).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      label: "shop",
      key: expect.stringMatching(/^[\x21-\x7e]{32,}$/),
      prefix: made.key.slice(0, made.prefix.length),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(made.prefix.length).toBeLessThan(made.key.length / 2);
    expect(await call(made.key)).toBe(202);
    const { key: _, ...shown } = made;
    const list = await (await admin.request("GET", path)).text();
    expect(JSON.parse(list)).toMatchObject({ items: [shown] });
    expect(list).not.toContain(made.key);
    expect(JSON.parse(list).items[0]).not.toHaveProperty("key");
    expect(JSON.parse(list).items[0]).not.toHaveProperty("hash");
    expect((await add({ label: "another" })).key).not.toBe(made.key);
  });

  it("a key may be pasted, and the same one into several triggers (N10 N11)", async () => {
    const [one, two] = [await keyed("pasted-one"), await keyed("pasted-two")];
    const key = "Pasted-key:0123456789!";
    for (const { add } of [one, two]) expect(await add({ label: "partner", key })).toMatchObject({ key });
    expect([await one.call(key), await two.call(key)]).toEqual([202, 202]);
    const [first] = (await admin.call<{ items: Key[] }>("GET", one.path)).items;
    await admin.call("DELETE", `${one.path}/${first?.id}`);
    expect([await one.call(key), await two.call(key)]).toEqual([401, 202]);
  });

  it("within one trigger a duplicate is refused, pasted or generated (N11 ND4)", async () => {
    const { path, call, add } = await keyed("duplicate");
    const { key } = await add({ label: "first" });
    const { code } = await problemOf(admin.request("POST", path, { label: "second", key }), 409);
    expect(code).toBe("already-exists");
    expect((await admin.call<{ items: Key[] }>("GET", path)).items.map(({ label }) => label)).toEqual(["first"]);
    expect(await call(key)).toBe(202);
  });

  it("any number of keys, one for each consumer; taking one away leaves the others (N12 N13)", async () => {
    const { path, call, add } = await keyed("several");
    const keys: Key[] = [];
    for (let i = 0; i < 12; i++) keys.push(await add({ label: `consumer ${i}` }));
    for (const { key } of keys) expect(await call(key)).toBe(202);
    const [gone, ...left] = keys;
    const deleted = await admin.request("DELETE", `${path}/${gone?.id}`);
    expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
    expect(await call(gone?.key)).toBe(401);
    for (const { key } of left) expect(await call(key)).toBe(202);
    expect((await admin.call<{ items: Key[] }>("GET", path)).items).toHaveLength(11);
    await problemOf(admin.request("DELETE", `${path}/${gone?.id}`), 404);
  });

  it("the label can be changed, the key cannot (N12 ND4)", async () => {
    const { path, call, add } = await keyed("label");
    const { key, ...shown } = await add({ label: "old" });
    const at = `${path}/${shown.id}`;
    const changed = await admin.call("PATCH", at, { label: "new" });
    expect(changed).toMatchObject({ ...shown, label: "new" });
    expect(JSON.stringify(changed)).not.toContain(key);
    for (const change of [{ key: "another-key-1" }, { label: "x", key: "another-key-1" }, { label: "x", key }]) {
      expect(await refusedFields(admin.request("PATCH", at, change))).toContain("key");
    }
    expect(await admin.call("GET", path)).toMatchObject({ items: [{ ...shown, label: "new" }] });
    expect([await call(key), await call("another-key-1")]).toEqual([202, 401]);
  });

  it("a label is required, and a pasted key must fit into a header (N9 ND4 ND16)", async () => {
    const { path, add } = await keyed("wrong");
    const { id } = await add({ label: "first" });
    for (const label of [undefined, "", " ", 5]) {
      expect(await refusedFields(admin.request("POST", path, { label }))).toEqual(["label"]);
      expect(await refusedFields(admin.request("PATCH", `${path}/${id}`, { label }))).toEqual(["label"]);
    }
    for (const key of ["", "short", "with a space", "line\nbreak", "ключ-ключ"]) {
      expect(await refusedFields(admin.request("POST", path, { label: "x", key }))).toEqual(["key"]);
    }
    expect((await admin.call<{ items: Key[] }>("GET", path)).items).toHaveLength(1);
  });

  it("the header x-api-key alone opens the trigger, and without a key nobody gets in (N8 ND2 ND3)", async () => {
    const { url, call, add } = await keyed("closed");
    expect([await call(), await call("anything")]).toEqual([401, 401]);
    const { key } = await add({ label: "shop" });
    const refused = await fetch(url);
    expect(refused.headers.get("www-authenticate")).toBeTruthy();
    await problemOf(refused, 401);
    expect(await call(key)).toBe(202);
    for (const wrong of [`${key}x`, key.slice(0, -1), key.toUpperCase(), gateway.token]) {
      expect(await call(wrong)).toBe(401);
    }
    for (const query of ["x-api-key", "api_key", "key"]) await problemOf(fetch(`${url}?${query}=${key}`), 401);
    await problemOf(fetch(url, { headers: { authorization: `Bearer ${key}` } }), 401);
  });

  it("the credential is neither passed on nor stored with the message (ND4)", async () => {
    await using target = await startTarget();
    const step = { name: "erp", type: "http", url: target.url };
    const trigger = { auth: { type: "apiKeys" }, requestResponse: true };
    const url = await workspace.endpoint("secretive", [step], trigger);
    const { key } = await workspace.post<Key>("/triggers/secretive/keys", { label: "shop" });
    const response = await fetch(url, { method: "POST", headers: { "x-api-key": key }, body: "hello" });
    expect(response.status).toBe(200);
    expect(target.received).toHaveLength(1);
    expect(JSON.stringify(target.received[0]?.headers)).not.toContain(key);
    const execution = await workspace.execution(response.headers.get("hookback-execution-id") ?? "");
    expect(JSON.stringify(execution)).not.toContain(key);
  });

  it("belong to their trigger: its name and theirs must fit together", async () => {
    const [one, two] = [await keyed("mine"), await keyed("yours")];
    const { id } = await one.add({ label: "shop" });
    await problemOf(admin.request("PATCH", `${two.path}/${id}`, { label: "x" }), 404);
    await problemOf(admin.request("DELETE", `${two.path}/${id}`), 404);
    const nowhere = `/workspaces/${workspace.name}/triggers/nothing/keys`;
    await problemOf(admin.request("GET", nowhere), 404);
    await problemOf(admin.request("POST", nowhere, { label: "x" }), 404);
    expect((await admin.call<{ items: Key[] }>("GET", one.path)).items).toHaveLength(1);
  });
});
