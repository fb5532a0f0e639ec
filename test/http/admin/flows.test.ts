import { describe, expect, inject, it } from "vitest";
import { flowInput } from "../../../src/core/schema/flow.ts";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const path = `/workspaces/${workspace.name}/flows`;
const request = (method: string, name: string, body?: unknown) =>
  workspace.admin.request(method, `${path}/${name}`, body);
const step = (more: object = {}) => ({ name: "register", type: "http", url: "https://erp.test/", ...more });

describe("flows", () => {
  it("are made by PUT, and read back at once as the PUT answered, with defaults", async () => {
    await problemOf(request("GET", "make"), 404);
    const made = await workspace.put("/flows/make", { steps: [step()] });
    expect(made).toMatchObject({
      name: "make",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...flowInput.parse({ steps: [step()] }),
    });
    expect(await workspace.get("/flows/make")).toEqual(made);
    expect((await workspace.get<{ items: unknown[] }>("/flows")).items).toContainEqual(made);
  });

  it("keep their id when they are changed; names are case-sensitive", async () => {
    const first = await workspace.put("/flows/change", { steps: [] });
    const second = await workspace.put("/flows/change", { steps: [step()] });
    expect(second.id).toBe(first.id);
    expect((await workspace.put("/flows/Change", { steps: [] })).id).not.toBe(first.id);
    expect(await workspace.get("/flows/change")).toEqual(second);
  });

  it("are gone at once when deleted, unless a trigger uses them", async () => {
    await workspace.endpoint("used", []);
    expect((await problemOf(request("DELETE", "used"), 409)).detail).toContain("used");
    expect((await request("GET", "used")).status).toBe(200);
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/triggers/used`);
    expect((await request("DELETE", "used")).status).toBe(204);
    await problemOf(request("GET", "used"), 404);
    await problemOf(request("DELETE", "used"), 404);
    expect(JSON.stringify(await workspace.get("/flows"))).not.toContain('"used"');
  });

  it("a secret that a step names must exist in this workspace (ND16)", async () => {
    const flow = { steps: [step({ headers: { authorization: "Bearer {{ secrets.erp }}" } }), step({ name: "b" })] };
    expect(await refusedFields(request("PUT", "secret", flow))).toEqual(["steps[0].headers.authorization"]);
    const other = await newWorkspace(gateway);
    await other.admin.call("PUT", `/workspaces/${other.name}/secrets/erp`, { value: "x" });
    expect(await refusedFields(request("PUT", "secret", flow))).toEqual(["steps[0].headers.authorization"]);
    await problemOf(request("GET", "secret"), 404);
    await workspace.admin.call("PUT", `/workspaces/${workspace.name}/secrets/erp`, { value: "x" });
    expect((await request("PUT", "secret", flow)).status).toBe(200);
    for (const url of ["https://erp.test/{{ secrets | json }}", "https://erp.test/{{ secrets[message.x] }}"]) {
      expect(await refusedFields(request("PUT", "secret", { steps: [step({ url })] }))).toEqual(["steps[0].url"]);
    }
  });

  it("what is wrong is refused with its field, and the flow stays as it was (ND16)", async () => {
    const before = await workspace.put("/flows/stays", { steps: [step()] });
    const wrong: [unknown, string[]][] = [
      [{}, ["steps"]],
      [{ steps: "x" }, ["steps"]],
      [{ steps: [step({ url: "" })] }, ["steps[0].url"]],
      [{ steps: [step(), step()] }, ["steps[1].name"]],
      [{ steps: [step({ type: "ftp" })] }, ["steps[0].type"]],
      [{ steps: [step({ timeoutSeconds: -1, colour: 1 })] }, ["steps[0].colour", "steps[0].timeoutSeconds"]],
      [{ steps: [step({ url: "{{ message.x" })] }, ["steps[0].url"]],
      [{ steps: [step({ url: "{{ body.x }}" })] }, ["steps[0].url"]],
      [{ steps: [step({ url: "{{ message.x | nope }}" })] }, ["steps[0].url"]],
      [{ steps: [step({ headers: { "x-link-status": "Ok" } })] }, ["steps[0].headers.x-link-status"]],
      [{ steps: [], name: "other" }, ["name"]],
    ];
    for (const [flow, fields] of wrong) {
      expect([flow, await refusedFields(request("PUT", "stays", flow))]).toEqual([flow, fields]);
    }
    expect(await workspace.get("/flows/stays")).toEqual(before);
  });

  it("a template that names a file is refused, not looked for (ND16)", async () => {
    for (const url of ["{% include 'x' %}", "{% render 'x' %}", "{% layout 'x' %}"]) {
      expect([url, await refusedFields(request("PUT", "file", { steps: [step({ url })] }))]).toEqual([
        url,
        ["steps[0].url"],
      ]);
    }
  });

  it("a name that no flow can have is refused where one is given, and unknown elsewhere (ND16)", async () => {
    for (const name of ["-x", ".x", "a%20b", "a:b", "%C3%A9", "x".repeat(65)]) {
      expect([name, await refusedFields(request("PUT", name, { steps: [] }))]).toEqual([name, ["flow"]]);
      await problemOf(request("GET", name), 404);
      await problemOf(request("DELETE", name), 404);
    }
  });

  it("exist in existing workspaces only", async () => {
    for (const name of ["t-nobody", "cb", "Not-A-Name"]) {
      await problemOf(workspace.admin.request("PUT", `/workspaces/${name}/flows/x`, { steps: [] }), 404);
      await problemOf(workspace.admin.request("GET", `/workspaces/${name}/flows`), 404);
    }
  });
});
