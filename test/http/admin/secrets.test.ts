import { describe, expect, inject, it } from "vitest";
import { problemOf, refusedFields } from "../../support/problem.ts";
import { startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

interface Listed {
  readonly items: { readonly name: string }[];
}

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const { admin } = workspace;
const path = `/workspaces/${workspace.name}/secrets`;
const VALUE = "correct horse battery staple";

describe("secrets", () => {
  it("are written with 204 and never read back: lists show names", async () => {
    const made = await admin.request("PUT", `${path}/erp-signing`, { value: VALUE });
    expect([made.status, await made.text()]).toEqual([204, ""]);
    const list = await admin.request("GET", path);
    const text = await list.text();
    expect(list.status).toBe(200);
    expect((JSON.parse(text) as Listed).items.map(({ name }) => name)).toContain("erp-signing");
    expect(text).not.toContain("horse");
    expect(text).not.toMatch(/sealed|value/);
    const one = await admin.request("GET", `${path}/erp-signing`);
    expect(one.status).toBe(405);
    expect(await one.text()).not.toContain("horse");
  });

  it("are used by the next call in their newest value (ND16)", async () => {
    await using target = await startTarget();
    await admin.call("PUT", `${path}/erp`, { value: "first" });
    const step = { name: "erp", type: "http", url: target.url, headers: { authorization: "Bearer {{ secrets.erp }}" } };
    const url = await workspace.endpoint("use", [step], { requestResponse: true });
    expect((await fetch(url)).status).toBe(200);
    await admin.call("PUT", `${path}/erp`, { value: "second" });
    expect((await fetch(url)).status).toBe(200);
    expect(target.received.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", "Bearer second"]);
    const executions = await workspace.executions({ trigger: "use" });
    const shown = await Promise.all(executions.map(({ id }) => workspace.execution(id)));
    expect(shown).toHaveLength(2);
    expect(JSON.stringify(shown)).not.toMatch(/first|second/);
    expect(JSON.stringify(await workspace.get("/flows/use"))).not.toMatch(/first|second/);
  });

  it("are gone at once when deleted", async () => {
    await admin.call("PUT", `${path}/gone`, { value: VALUE });
    expect((await admin.request("DELETE", `${path}/gone`)).status).toBe(204);
    await problemOf(admin.request("DELETE", `${path}/gone`), 404);
    expect((await admin.call<Listed>("GET", path)).items.map(({ name }) => name)).not.toContain("gone");
    const steps = [{ name: "erp", type: "http", url: "https://erp.test/{{ secrets.gone }}" }];
    const flow = admin.request("PUT", `/workspaces/${workspace.name}/flows/gone`, { steps });
    expect(await refusedFields(flow)).toEqual(["steps[0].url"]);
  });

  it("are refused with their field when they are wrong, and the answer does not repeat them (ND16)", async () => {
    const wrong: [unknown, string[]][] = [
      [{}, ["value"]],
      [{ value: "" }, ["value"]],
      [{ value: 5 }, ["value"]],
      [{ value: VALUE, name: "x" }, ["name"]],
      [{ Value: VALUE }, ["Value", "value"]],
    ];
    for (const [input, fields] of wrong) {
      const response = await admin.request("PUT", `${path}/wrong`, input);
      expect(await response.clone().text()).not.toContain("horse");
      expect([input, await refusedFields(response)]).toEqual([input, fields]);
    }
    for (const name of ["2x", "a.b", "_x", "a%20b", "a:b"]) {
      const response = admin.request("PUT", `${path}/${name}`, { value: VALUE });
      expect([name, await refusedFields(response)]).toEqual([name, ["name"]]);
    }
    expect((await admin.call<Listed>("GET", path)).items.map(({ name }) => name)).not.toContain("wrong");
  });
});
