import { describe, expect, inject, it } from "vitest";
import { adapterStep, answerCall, callOf, register, SECRET, send, sign, startPartner } from "../../support/adapter.ts";
import { refusedFields } from "../../support/problem.ts";
import { eventually, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const defined = (key: string, kind: string, more: object = {}) => ({ key, kind, label: key, required: false, ...more });

const DEFINITION = [
  defined("exampleBoolean", "boolean", { required: true }),
  defined("exampleTable", "table", { columns: ["src", "dest"] }),
  defined("exampleString", "string"),
  defined("exampleNumber", "number"),
  defined("freeTable", "table"),
];

describe("the configuration of an adapter step", () => {
  const WRONG: [string, unknown, string][] = [
    ["no value for a required key", {}, "exampleBoolean"],
    ["null for a required key", { exampleBoolean: null }, "exampleBoolean"],
    ["text for a boolean", { exampleBoolean: "true" }, "exampleBoolean"],
    ["a number for text", { exampleBoolean: true, exampleString: 1 }, "exampleString"],
    ["text for a number", { exampleBoolean: true, exampleNumber: "1" }, "exampleNumber"],
    ["an object for a table", { exampleBoolean: true, exampleTable: { src: "A" } }, "exampleTable"],
    ["a row that is no object", { exampleBoolean: true, exampleTable: [{}, "OCEAN"] }, "exampleTable[1]"],
    ["an unknown column", { exampleBoolean: true, exampleTable: [{ src: "A", to: "B" }] }, "exampleTable[0].to"],
    ["a cell that is no plain value", { exampleBoolean: true, freeTable: [{ a: { b: 1 } }] }, "freeTable[0].a"],
    ["an unknown key", { exampleBoolean: true, exampleText: "x" }, "exampleText"],
    ["a key of a prototype", { exampleBoolean: true, constructor: "x" }, "constructor"],
  ];
  it.each(WRONG)("is refused when the flow is saved: %s (CD8 C4)", async (_, configuration, field) => {
    const adapter = await register(workspace, "https://adapter.test/", { configuration: DEFINITION });
    const name = `misfit-${adapter.slice(0, 8)}`;
    const put = (value: unknown) =>
      workspace.admin.request("PUT", `/workspaces/${workspace.name}/flows/${name}`, {
        steps: [adapterStep(adapter, { configuration: value })],
      });
    expect(await refusedFields(put(configuration))).toEqual([`steps[0].configuration.${field}`]);
    expect((await workspace.admin.request("GET", `/workspaces/${workspace.name}/flows/${name}`)).status).toBe(404);
    expect((await put({ exampleBoolean: false })).status).toBe(200);
  });

  it("names every misfit of every step, and an adapter that is not there (CD8)", async () => {
    const adapter = await register(workspace, "https://adapter.test/", { configuration: DEFINITION });
    const other = await newWorkspace(gateway);
    const foreign = await register(other, "https://adapter.test/");
    const steps = [
      adapterStep(adapter, { name: "a", configuration: { exampleString: false } }),
      adapterStep(crypto.randomUUID(), { name: "b" }),
      adapterStep(foreign, { name: "c" }),
    ];
    const put = (body: object) => workspace.admin.request("PUT", `/workspaces/${workspace.name}/flows/many`, body);
    expect(await refusedFields(put({ steps }))).toEqual([
      "steps[0].configuration.exampleBoolean",
      "steps[0].configuration.exampleString",
      "steps[1].adapter",
      "steps[2].adapter",
    ]);
    expect(await refusedFields(put({ steps: [adapterStep("my-adapter")] }))).toEqual(["steps[0].adapter"]);
    const misspelt = adapterStep(adapter, { configuration: { exampleBoolean: true }, config: {} });
    expect(await refusedFields(put({ steps: [misspelt] }))).toEqual(["steps[0].config"]);
  });

  it("is sent with one key for each that is registered, null where the step sets none (C3 C4)", async () => {
    await using partner = await startPartner();
    const adapter = await register(workspace, partner.url, { configuration: DEFINITION });
    const configuration = {
      exampleString: "somevalue",
      exampleBoolean: true,
      exampleTable: [
        { src: "OCEAN", dest: "SEA" },
        { src: "TRUCK", dest: "ROAD" },
      ],
    };
    await send(await workspace.endpoint("sends", [adapterStep(adapter, { configuration })]));
    const call = callOf(await eventually(() => partner.received[0]));
    expect(call.configuration).toEqual({ ...configuration, exampleNumber: null, freeTable: null });
    expect(Object.keys(call.configuration)).toEqual(DEFINITION.map(({ key }) => key));
    expect(Object.keys(call)).toEqual(["configuration", "payload", "callback"]);
  });

  it("is an empty object for an adapter that registered none (C3)", async () => {
    await using partner = await startPartner();
    const adapter = await register(workspace, partner.url);
    await send(await workspace.endpoint("bare", [adapterStep(adapter)]));
    expect(callOf(await eventually(() => partner.received[0])).configuration).toEqual({});
  });

  it("that fits no more when the step runs fails as error, with no request made (CD8)", async () => {
    await using partner = await startPartner();
    const adapter = await register(workspace, partner.url, { name: "grows" });
    const url = await workspace.endpoint("outgrown", [adapterStep(adapter)]);
    const configuration = [defined("added", "string", { required: true })];
    await workspace.put(`/adapters/${adapter}`, {
      name: "grows",
      type: "input",
      webhook_url: partner.url,
      configuration,
    });
    const execution = await workspace.settled(await send(url));
    expect(execution).toMatchObject({ status: "failed", failure: "error" });
    expect(execution.log.at(-1)?.message).toContain("configuration.added");
    expect(partner.received).toEqual([]);
  });
});

describe("a rotated secret", () => {
  const rotate = (adapter: string, secret: string) =>
    workspace.put(`/adapters/${adapter}/rotate_shared_secret`, { shared_secret: secret });

  it("signs what is sent from now on; what was sent before is answered with the one before (CD8 C18 C13)", async () => {
    await using target = await startTarget(() => ({}));
    const adapter = await register(workspace, target.url);
    const url = await workspace.endpoint("rotating", [adapterStep(adapter)]);
    const start = async () => {
      const id = await send(url);
      await workspace.settled(id, ["waiting"]);
      return id;
    };
    const old = await start();
    const rotated = await rotate(adapter, "second-secret");
    expect(Date.parse(String(rotated.secret_rotated_at))).toBeGreaterThanOrEqual(
      Date.parse(String(rotated.created_at)),
    );
    const young = await start();
    const [first, second] = target.received;
    expect(first?.headers["x-chainio-signature"]).toBe(sign(first?.body ?? "", SECRET));
    expect(second?.headers["x-chainio-signature"]).toBe(sign(second?.body ?? "", "second-secret"));

    const answer = async (received: typeof first, secret: string) =>
      (await answerCall(gateway.url, { callback: callOf(received).callback, status: "success" }, {}, secret)).status;
    expect(await answer(first, "second-secret")).toBe(401);
    expect(await answer(second, SECRET)).toBe(401);
    expect([(await workspace.execution(old)).status, (await workspace.execution(young)).status]).toEqual([
      "waiting",
      "waiting",
    ]);
    expect(await answer(first, SECRET)).toBe(200);
    expect(await answer(second, "second-secret")).toBe(200);
    // Nothing waits on the first secret any more, and it opens nothing new.
    await start();
    expect(await answer(target.received[2], SECRET)).toBe(401);
    expect(await answer(target.received[2], "second-secret")).toBe(200);
  });

  it("a reply is verified with the secret that its request was signed with (CD4 CD8)", async () => {
    const adapters: string[] = [];
    await using partner = await startTarget(async (received) => {
      await rotate(adapters[0] ?? "", "second-secret");
      const body = JSON.stringify({ callback: callOf(received).callback, status: "success" });
      return { body, headers: { "x-chainio-signature": sign(body, SECRET) } };
    });
    adapters.push(await register(workspace, partner.url));
    const url = await workspace.endpoint("during", [adapterStep(adapters[0] ?? "")]);
    expect(await workspace.settled(await send(url))).toMatchObject({ status: "succeeded" });
    expect(await workspace.settled(await send(url))).toMatchObject({ status: "failed", failure: "bug" });
  });

  it("several rotations within one wait leave each call with its own secret, unicode ones too (CD8)", async () => {
    await using target = await startTarget(() => ({}));
    const secrets = ["ä-secret", " spaced ", "x".repeat(1000)];
    const adapter = await register(workspace, target.url);
    const url = await workspace.endpoint("often", [adapterStep(adapter)]);
    for (const secret of secrets) {
      await rotate(adapter, secret);
      await workspace.settled(await send(url), ["waiting"]);
    }
    for (const [index, secret] of secrets.entries()) {
      const { callback } = callOf(target.received[index]);
      expect((await answerCall(gateway.url, { callback, status: "success" }, {}, secret)).status).toBe(200);
    }
  });
});
