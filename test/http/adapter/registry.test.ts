import { describe, expect, inject, it } from "vitest";
import { adapterStep, register, SECRET } from "../../support/adapter.ts";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const path = `/workspaces/${workspace.name}/adapters`;
const request = (method: string, at = "", body?: unknown) => workspace.admin.request(method, path + at, body);
const list = async (of = workspace) =>
  (await of.get<{ items: Record<string, unknown>[] }>("/adapters?limit=100")).items;

const input = (more: object = {}) => ({
  name: `converter-${crypto.randomUUID()}`,
  type: "input",
  webhook_url: "https://adapter.test/hook",
  ...more,
});
const definition = (more: object = {}) => ({ key: "k", kind: "string", label: "K", required: false, ...more });
const full = {
  type: "output",
  solution: "co2.register_shipment",
  configuration: [
    definition({ key: "exampleBoolean", kind: "boolean", required: true }),
    definition({ key: "exampleTable", kind: "table", columns: ["src", "dest"] }),
    definition({ key: "exampleNumber", kind: "number" }),
    definition({ key: "exampleString" }),
  ],
  timeout_seconds: 10,
  max_response_bytes: 1000,
  token_ttl_seconds: 60,
};

describe("registered adapters", () => {
  it("are created with 201, and read back as they were answered, by id and in the list (CD8 C11 C18)", async () => {
    const sent = input(full);
    const created = await workspace.post<Record<string, unknown>>("/adapters", { ...sent, shared_secret: SECRET });
    expect(created).toEqual({
      ...sent,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      secret_rotated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(await workspace.get(`/adapters/${created.id}`)).toEqual(created);
    expect(await list()).toContainEqual(created);
    expect((await request("POST", "", { ...input(), shared_secret: SECRET })).status).toBe(201);
  });

  it("have the document's limits unless others are set (CD8 C26 C27 C29)", async () => {
    const id = await register(workspace, "https://adapter.test/");
    expect(await workspace.get(`/adapters/${id}`)).toMatchObject({
      configuration: [],
      timeout_seconds: 45,
      max_response_bytes: 629_145_600,
      token_ttl_seconds: 3_600,
    });
  });

  it("are changed by PUT, which says everything anew but the secret; id and time of creation stay (CD8)", async () => {
    const id = await register(workspace, "https://adapter.test/", full);
    const before = await workspace.get<Record<string, unknown>>(`/adapters/${id}`);
    const changed = await workspace.put(`/adapters/${id}`, input({ name: "renamed" }));
    expect(changed).toMatchObject({ id, created_at: before.created_at, name: "renamed", timeout_seconds: 45 });
    expect(changed).not.toHaveProperty("solution");
    expect(await workspace.get(`/adapters/${id}`)).toEqual(changed);
    expect(await refusedFields(request("PUT", `/${id}`, input({ shared_secret: "other" })))).toEqual(["shared_secret"]);
  });

  it("never show their secret, whatever is asked (CD8 C18)", async () => {
    const secret = "a-secret-that-nobody-may-read-again";
    const created = await request("POST", "", { ...input(), shared_secret: secret });
    const said = [await created.text()];
    const { id } = JSON.parse(said[0] ?? "") as { id: string };
    const asked: [string, string, object?][] = [
      ["GET", ""],
      ["GET", `/${id}`],
      ["PUT", `/${id}`, input()],
      ["PUT", `/${id}/rotate_shared_secret`, { shared_secret: `${secret}-2` }],
      ["GET", `/${id}`],
      ["PUT", `/${id}/rotate_shared_secret`, { shared_secret: [secret] }],
      ["POST", "", { ...input({ type: "other" }), shared_secret: secret }],
      ["DELETE", `/${id}`],
    ];
    for (const [method, at, body] of asked) said.push(await (await request(method, at, body)).text());
    for (const text of said) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain("sealed");
    }
  });

  const WRONG: [string, object, string][] = [
    ["no name", { name: undefined }, "name"],
    ["an empty name", { name: " " }, "name"],
    ["another type", { type: "both" }, "type"],
    ["no type", { type: undefined }, "type"],
    ["an output adapter without a solution", { type: "output" }, "solution"],
    ["an input adapter with a solution", { solution: "co2.register_shipment" }, "solution"],
    ["an empty solution", { type: "output", solution: "" }, "solution"],
    ["no URL", { webhook_url: undefined }, "webhook_url"],
    ["a relative URL", { webhook_url: "/hook" }, "webhook_url"],
    ["another scheme", { webhook_url: "ftp://adapter.test/" }, "webhook_url"],
    ["a password in the URL", { webhook_url: "https://a:b@adapter.test/" }, "webhook_url"],
    ["a time-out of nothing", { timeout_seconds: 0 }, "timeout_seconds"],
    ["a time-out without end", { timeout_seconds: 301 }, "timeout_seconds"],
    ["a limit of nothing", { max_response_bytes: 0 }, "max_response_bytes"],
    ["a limit above 600 MB", { max_response_bytes: 629_145_601 }, "max_response_bytes"],
    ["a token that never lives", { token_ttl_seconds: 0 }, "token_ttl_seconds"],
    ["a token for half a second", { token_ttl_seconds: 1.5 }, "token_ttl_seconds"],
    ["an unknown field", { webhookUrl: "https://adapter.test/" }, "webhookUrl"],
    ["an id of its own", { id: crypto.randomUUID() }, "id"],
    ["a configuration that is no list", { configuration: {} }, "configuration"],
    ["a key twice", { configuration: [definition(), definition()] }, "configuration[1].key"],
    ["an empty key", { configuration: [definition({ key: "" })] }, "configuration[0].key"],
    ["another kind", { configuration: [definition({ kind: "date" })] }, "configuration[0].kind"],
    ["no label", { configuration: [definition({ label: undefined })] }, "configuration[0].label"],
    ["required as text", { configuration: [definition({ required: "yes" })] }, "configuration[0].required"],
    ["columns of a string", { configuration: [definition({ columns: ["a"] })] }, "configuration[0].columns"],
    ["no columns", { configuration: [definition({ kind: "table", columns: [] })] }, "configuration[0].columns"],
    ["an unknown field of a key", { configuration: [definition({ default: "x" })] }, "configuration[0].default"],
  ];
  it.each(WRONG)("are refused by POST and PUT, and nothing changes: %s (CD8 C4)", async (_, wrong, field) => {
    const alone = await newWorkspace(gateway);
    const id = await register(alone, "https://adapter.test/");
    const before = await list(alone);
    const own = `/workspaces/${alone.name}/adapters`;
    const created = { ...input(), shared_secret: SECRET, ...wrong };
    expect(await refusedFields(alone.admin.request("POST", own, created))).toEqual([field]);
    expect(await refusedFields(alone.admin.request("PUT", `${own}/${id}`, { ...input(), ...wrong }))).toEqual([field]);
    expect(await list(alone)).toEqual(before);
  });

  it.each([undefined, "", null, 7, "x".repeat(1001)])("need a secret: not %j (CD8 C18)", async (secret) => {
    expect(await refusedFields(request("POST", "", { ...input(), shared_secret: secret }))).toEqual(["shared_secret"]);
    const id = await register(workspace, "https://adapter.test/");
    const rotate = `/${id}/rotate_shared_secret`;
    expect(await refusedFields(request("PUT", rotate, { shared_secret: secret }))).toEqual(["shared_secret"]);
  });

  it("have names of their own within a workspace (CD8)", async () => {
    const name = `taken-${crypto.randomUUID()}`;
    const id = await register(workspace, "https://adapter.test/", { name });
    const second = await register(workspace, "https://adapter.test/");
    expect((await problemOf(request("POST", "", { ...input({ name }), shared_secret: "x" }), 409)).code).toBe(
      "already-exists",
    );
    expect((await problemOf(request("PUT", `/${second}`, input({ name })), 409)).code).toBe("already-exists");
    expect((await request("PUT", `/${id}`, input({ name }))).status).toBe(200);
    await register(await newWorkspace(gateway), "https://adapter.test/", { name });
  });

  it("are found by their workspace only, and a token of another one is refused (CD8)", async () => {
    const other = await newWorkspace(gateway);
    const id = await register(other, "https://adapter.test/");
    const rotation = { shared_secret: "evil" };
    for (const at of [id, crypto.randomUUID(), "no-id"]) {
      await problemOf(request("GET", `/${at}`), 404);
      await problemOf(request("PUT", `/${at}`, input()), 404);
      await problemOf(request("PUT", `/${at}/rotate_shared_secret`, rotation), 404);
      await problemOf(request("DELETE", `/${at}`), 404);
    }
    const issued = { label: "partner", permissions: ["config.read", "config.write"], workspace: workspace.name };
    const { token } = await workspace.admin.call<{ token: string }>("POST", "/tokens", issued);
    const foreign = `/workspaces/${other.name}/adapters`;
    for (const [method, at, body] of [
      ["POST", foreign, { ...input(), shared_secret: "x" }],
      ["GET", foreign],
      ["GET", `${foreign}/${id}`],
      ["PUT", `${foreign}/${id}`, input()],
      ["PUT", `${foreign}/${id}/rotate_shared_secret`, rotation],
      ["DELETE", `${foreign}/${id}`],
    ] as const)
      expect((await problemOf(workspace.admin.as(token).request(method, at, body), 403)).code).toBe("forbidden");
    expect(await list(other)).toHaveLength(1);
  });

  it("are not deleted while a flow uses them, and are gone at once otherwise (CD8)", async () => {
    const id = await register(workspace, "https://adapter.test/");
    await workspace.put("/flows/uses-it", { steps: [adapterStep(id)] });
    const refused = await problemOf(request("DELETE", `/${id}`), 409);
    expect([refused.code, refused.detail]).toEqual(["in-use", expect.stringContaining("uses-it")]);
    expect((await request("GET", `/${id}`)).status).toBe(200);
    await workspace.put("/flows/uses-it", { steps: [] });
    expect((await request("DELETE", `/${id}`)).status).toBe(204);
    await problemOf(request("GET", `/${id}`), 404);
    expect(JSON.stringify(await list())).not.toContain(id);
  });
});
