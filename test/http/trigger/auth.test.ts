import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
await workspace.put("/secrets/password", { value: "pässword: with colon" });
await workspace.put("/secrets/whsec", { value: `whsec_${Buffer.alloc(24, 1).toString("base64")}` });

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const good = basic("shop", "pässword: with colon");
const auth = { type: "basic", username: "shop", passwordSecret: "password" };
const call = (url: string, authorization?: string) => fetch(url, { headers: authorization ? { authorization } : {} });

describe("a trigger with user name and password", () => {
  it("takes both of them and nothing else (N7 ND2 ND3)", async () => {
    const url = await workspace.endpoint("basic", [], { auth });
    for (const header of [good, good.replace("Basic", "bAsIc")]) expect((await call(url, header)).status).toBe(202);
    const wrong = [
      undefined,
      basic("shop", "pässword"),
      basic("shop", ""),
      basic("", "pässword: with colon"),
      basic("Shop", "pässword: with colon"),
      basic("shop", "pässword: with colon\n"),
      `${good}, ${good}`,
      `${good} x`,
      good.replace("Basic", "Bearer"),
      "Basic",
      "Basic ====",
      `Bearer ${gateway.token}`,
    ];
    const before = (await workspace.executions({ trigger: "basic" })).length;
    for (const header of wrong) {
      const response = await call(url, header);
      expect([header, response.status]).toEqual([header, 401]);
      expect(response.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
      await problemOf(response, 401);
    }
    expect(await workspace.executions({ trigger: "basic" })).toHaveLength(before);
  });

  it("refuses everybody once its secret is gone, and takes a new one at once (ND2)", async () => {
    await workspace.put("/secrets/changing", { value: "first" });
    const url = await workspace.endpoint("changing", [], { auth: { ...auth, passwordSecret: "changing" } });
    const tell = async (...passwords: string[]) =>
      Promise.all(passwords.map(async (password) => (await call(url, basic("shop", password))).status));
    expect(await tell("first", "second")).toEqual([202, 401]);
    await workspace.put("/secrets/changing", { value: "second" });
    expect(await tell("first", "second")).toEqual([401, 202]);
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/secrets/changing`);
    expect(await tell("first", "second", "")).toEqual([401, 401, 401]);
  });

  it("is polled with the same credentials (ND15)", async () => {
    const url = await workspace.endpoint("polled", [], { auth });
    const { executionId } = (await (await call(url, good)).json()) as { executionId: string };
    await workspace.settled(executionId);
    const at = `${url}/executions/${executionId}`;
    expect((await call(at, good)).status).toBe(200);
    await problemOf(call(at), 401);
    await problemOf(call(at, basic("shop", "wrong")), 401);
  });
});

describe("the authentication of a trigger, when it is saved", () => {
  const save = (more: object) =>
    workspace.admin.request("PUT", `/workspaces/${workspace.name}/triggers/saved`, { flow: "basic", ...more });
  const signature = (more: object) => save({ auth: { type: "signature", ...more } });

  it("names secrets that exist, or the field that does not (ND16)", async () => {
    const other = await newWorkspace(gateway);
    await other.put("/secrets/elsewhere", { value: "x" });
    for (const missing of ["nothing", "elsewhere", "Password"]) {
      expect(await refusedFields(save({ auth: { ...auth, passwordSecret: missing } }))).toEqual([
        "auth.passwordSecret",
      ]);
      expect(await refusedFields(signature({ scheme: "github", secret: missing }))).toEqual(["auth.secret"]);
      const rotated = signature({ scheme: "github", secret: ["password", missing] });
      expect(await refusedFields(rotated)).toEqual(["auth.secret[1]"]);
      expect(await refusedFields(save({ handshake: { scheme: "meta", secret: missing } }))).toEqual([
        "handshake.secret",
      ]);
    }
    const all = save({
      flow: "none",
      auth: { ...auth, passwordSecret: "no" },
      handshake: { scheme: "zoom", secret: "no" },
    });
    expect(await refusedFields(all)).toEqual(["auth.passwordSecret", "flow", "handshake.secret"]);
    await problemOf(workspace.admin.request("GET", `/workspaces/${workspace.name}/triggers/saved`), 404);
  });

  it("a secret of Standard Webhooks must decode, one of another scheme may be anything (ND16)", async () => {
    expect(await refusedFields(signature({ scheme: "standard-webhooks", secret: "password" }))).toEqual([
      "auth.secret",
    ]);
    const mixed = signature({ scheme: "standard-webhooks", secret: ["whsec", "password"] });
    expect(await refusedFields(mixed)).toEqual(["auth.secret[1]"]);
    expect((await signature({ scheme: "standard-webhooks", secret: "whsec" })).status).toBe(200);
    expect((await signature({ scheme: "stripe", secret: "password" })).status).toBe(200);
  });

  it("the refusal does not repeat a secret's value (ND16)", async () => {
    const response = await signature({ scheme: "standard-webhooks", secret: "password" });
    expect(await response.text()).not.toContain("with colon");
  });

  it("is shown as it was given, with its defaults (ND2)", async () => {
    const hmac = {
      type: "signature",
      scheme: "hmac",
      secret: ["password"],
      header: "X-Sig",
      algorithm: "sha1",
      encoding: "hex",
    };
    const handshake = { scheme: "x-crc", secret: "password" };
    const shown = { auth: { ...hmac, prefix: "", payload: "{body}" }, handshake };
    const saved = await workspace.put("/triggers/shown", { flow: "basic", auth: hmac, handshake });
    expect(saved).toMatchObject(shown);
    expect(await workspace.get("/triggers/shown")).toMatchObject(shown);
  });
});

describe("API keys", () => {
  interface Key {
    readonly id: string;
    readonly key: string;
    readonly lastUsedAt?: string;
  }

  it("say when they were last used, each for itself (N12 ND4)", async () => {
    const url = await workspace.endpoint("keyed", [], { auth: { type: "apiKeys" } });
    const [used, idle] = [
      await workspace.post<Key>("/triggers/keyed/keys", { label: "used" }),
      await workspace.post<Key>("/triggers/keyed/keys", { label: "idle" }),
    ];
    const uses = async () => {
      const { items } = await workspace.get<{ items: Key[] }>("/triggers/keyed/keys");
      return [used, idle].map(({ id }) => items.find((item) => item.id === id)?.lastUsedAt);
    };
    expect(await uses()).toEqual([undefined, undefined]);
    const start = Date.now();
    await fetch(url, { headers: { "x-api-key": randomUUID() } });
    expect(await uses()).toEqual([undefined, undefined]);
    expect((await fetch(url, { headers: { "x-api-key": used.key } })).status).toBe(202);
    const [at = "", none] = await uses();
    expect(none).toBeUndefined();
    expect(Date.parse(at)).toBeGreaterThanOrEqual(start - 1000);
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now() + 1000);
  });
});
