import { describe, expect, inject, it } from "vitest";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
await workspace.put("/flows/echo", { steps: [] });

const path = `/workspaces/${workspace.name}/triggers`;
const request = (method: string, name: string, body?: unknown) =>
  workspace.admin.request(method, `${path}/${name}`, body);
const trigger = (more: object = {}) => ({ flow: "echo", ...more });
const urlOf = (name: string) => `${gateway.url}/${workspace.name}/${name}`;

describe("triggers", () => {
  it("saving one creates its endpoint at once, open and for GET and POST by default (N1 N2 N7 N22 ND1 ND3)", async () => {
    await problemOf(request("GET", "make"), 404);
    await problemOf(fetch(urlOf("make")), 404);
    const made = await workspace.put("/triggers/make", trigger());
    expect(made).toMatchObject({
      name: "make",
      url: urlOf("make"),
      flow: "echo",
      methods: ["GET", "POST"],
      auth: { type: "none" },
      orderedDelivery: false,
      requestResponse: false,
    });
    expect(await workspace.get("/triggers/make")).toEqual(made);
    expect((await workspace.get<{ items: unknown[] }>("/triggers")).items).toContainEqual(made);
    for (const method of ["GET", "POST"]) expect((await fetch(urlOf("make"), { method })).status).toBe(202);
    expect((await fetch(urlOf("make"), { method: "PUT" })).status).toBe(405);
  });

  it("take the settings of the contract, and answer with them", async () => {
    const settings = {
      methods: ["PUT", "PATCH"],
      auth: { type: "apiKeys" },
      orderedDelivery: true,
      requestResponse: { timeoutSeconds: 25 },
    };
    expect(await workspace.put("/triggers/set", trigger(settings))).toMatchObject(settings);
    expect(await workspace.put("/triggers/set", trigger({ requestResponse: true }))).toMatchObject({
      methods: ["GET", "POST"],
      auth: { type: "none" },
      orderedDelivery: false,
      requestResponse: true,
    });
  });

  it("a change is in force at once (ND3 ND16)", async () => {
    await workspace.put("/triggers/change", trigger());
    const call = async (method: string) => (await fetch(urlOf("change"), { method })).status;
    expect([await call("GET"), await call("DELETE")]).toEqual([202, 405]);
    await workspace.put("/triggers/change", trigger({ methods: ["DELETE"], requestResponse: true }));
    expect([await call("GET"), await call("DELETE")]).toEqual([405, 200]);
    await workspace.put("/triggers/change", trigger({ auth: { type: "apiKeys" } }));
    expect([await call("GET"), await call("DELETE")]).toEqual([401, 405]);
    await workspace.admin.call("DELETE", `${path}/change`);
    expect([await call("GET"), await call("DELETE")]).toEqual([404, 404]);
    await problemOf(request("GET", "change"), 404);
    await problemOf(request("DELETE", "change"), 404);
  });

  it("names are case-sensitive (ND1)", async () => {
    await workspace.put("/triggers/Orders", trigger());
    expect((await fetch(urlOf("Orders"))).status).toBe(202);
    await problemOf(fetch(urlOf("orders")), 404);
    await problemOf(request("GET", "orders"), 404);
    await problemOf(fetch(urlOf("Orders").replace(workspace.name, workspace.name.toUpperCase())), 404);
  });

  it("one that is deleted takes its keys with it (N12)", async () => {
    await workspace.put("/triggers/keyed", trigger({ auth: { type: "apiKeys" } }));
    const { key } = await workspace.post<{ key: string }>("/triggers/keyed/keys", { label: "shop" });
    const call = async () => (await fetch(urlOf("keyed"), { headers: { "x-api-key": key } })).status;
    expect(await call()).toBe(202);
    await workspace.admin.call("DELETE", `${path}/keyed`);
    await workspace.put("/triggers/keyed", trigger({ auth: { type: "apiKeys" } }));
    expect(await call()).toBe(401);
    expect(await workspace.get("/triggers/keyed/keys")).toEqual({ items: [] });
  });

  it("the flow must exist in this workspace (ND16)", async () => {
    const other = await newWorkspace(gateway);
    await other.put("/flows/elsewhere", { steps: [] });
    for (const flow of ["nothing", "elsewhere", "Echo"]) {
      expect(await refusedFields(request("PUT", "missing", trigger({ flow })))).toEqual(["flow"]);
    }
    await problemOf(request("GET", "missing"), 404);
    await problemOf(fetch(urlOf("missing")), 404);
  });

  it("what is wrong is refused with its field, and the trigger stays as it was (ND16)", async () => {
    const before = await workspace.put("/triggers/stays", trigger());
    const wrong: [unknown, string[]][] = [
      [{}, ["flow"]],
      [trigger({ methods: [] }), ["methods"]],
      [trigger({ methods: ["GET", "CONNECT"] }), ["methods[1]"]],
      [trigger({ auth: { type: "magic" } }), ["auth.type"]],
      [trigger({ auth: { type: "apiKeys", keys: [] } }), ["auth.keys"]],
      [trigger({ orderedDelivery: 1 }), ["orderedDelivery"]],
      [trigger({ requestResponse: { timeoutSeconds: 301 } }), ["requestResponse.timeoutSeconds"]],
      [trigger({ requestResponse: { timeoutSeconds: "25" } }), ["requestResponse.timeoutSeconds"]],
      [trigger({ requestResponse: { timeout: 25 } }), ["requestResponse.timeout"]],
      [trigger({ url: "https://elsewhere.test/", colour: 1 }), ["colour", "url"]],
    ];
    for (const [input, fields] of wrong) {
      expect([input, await refusedFields(request("PUT", "stays", input))]).toEqual([input, fields]);
    }
    expect(await workspace.get("/triggers/stays")).toEqual(before);
  });

  it("a name that no trigger can have is refused where one is given, and unknown elsewhere (ND16)", async () => {
    for (const name of ["-x", "a%20b", "a:b", "%F0%9F%90%B6", "x".repeat(65)]) {
      expect([name, await refusedFields(request("PUT", name, trigger()))]).toEqual([name, ["trigger"]]);
      await problemOf(request("GET", name), 404);
    }
  });
});
