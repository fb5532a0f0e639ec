import { describe, expect, inject, it } from "vitest";
import {
  ACKNOWLEDGEMENT,
  adapterFlow,
  adapterStep,
  answerCall,
  callOf,
  decodeToken,
  filesOf,
  json,
  OUTPUT,
  rawPayload,
  register,
  send,
  sign,
  startPartner,
} from "../../support/adapter.ts";
import { eventually, type Received, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const SHIPMENT =
  '{"doc_type":"shipment_json","shipments":[{"forwarder_reference":"8901238901","gross_weight_kgs":1000}]}';
const CO2 = {
  tms_system_identifier: "S1231231",
  master_bill: "MOLU123181",
  carrier_scac: "MAEU",
  transport_mode: "sea",
  gross_weight: { amount: 1000, units: "kilogram" },
};

const defined = (key: string, kind = "string") => ({ key, kind, label: key, required: true });

/** The request that a message makes. */
async function requestFor(
  message: string,
  more: object = {},
  step: object = {},
  type: string | null = "application/json",
) {
  await using partner = await startPartner();
  await send(await adapterFlow(workspace, partner.url, more, step), message, type);
  return await eventually(() => partner.received[0]);
}

describe("the requests of the document", () => {
  it("the basic structure, with a boolean, a table and a string as configuration (C1 C2 C3 C4 C5 C6)", async () => {
    const configuration = {
      exampleBoolean: true,
      exampleTable: [
        { src: "OCEAN", dest: "SEA" },
        { src: "TRUCK", dest: "ROAD" },
      ],
      exampleString: "somevalue",
    };
    const kinds = [defined("exampleBoolean", "boolean"), defined("exampleTable", "table"), defined("exampleString")];
    const request = await requestFor("{}", { ...OUTPUT, configuration: kinds }, { configuration });
    expect(request.method).toBe("POST");
    const { callback, ...rest } = callOf(request);
    expect(rest).toEqual({ configuration, payload: {} });
    expect(callback).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{43}$/);
  });

  it("an input adapter gets the message as a file, with exactly the four keys (C8 C9 CD13)", async () => {
    const request = await requestFor(
      SHIPMENT,
      { configuration: [defined("configOne")] },
      { configuration: { configOne: "value" } },
    );
    expect(callOf(request).configuration).toEqual({ configOne: "value" });
    expect(callOf(request).payload).toEqual([
      { file_name: "message.json", mime_type: "application/json", body: SHIPMENT, content_transfer_encoding: "utf8" },
    ]);
    expect(Object.keys(filesOf(request)[0] ?? {})).toEqual([
      "file_name",
      "mime_type",
      "body",
      "content_transfer_encoding",
    ]);
  });

  it("an output adapter of co2.register_shipment gets the data that the input adapter produced (C10 C11)", async () => {
    await using partner = await startPartner(({ callback }, { path }) =>
      path === "/input" ? json({ callback, status: "success", payload: CO2 }) : ACKNOWLEDGEMENT,
    );
    const steps = [
      adapterStep(await register(workspace, `${partner.url}/input`), { name: "convert" }),
      adapterStep(await register(workspace, `${partner.url}/output`, { ...OUTPUT, configuration: [defined("name")] }), {
        name: "deliver",
        configuration: { name: "value" },
      }),
    ];
    await send(await workspace.endpoint("both", steps), SHIPMENT);
    const request = await eventually(() => partner.received[1]);
    const { callback, ...rest } = callOf(request);
    expect([request.path, rest]).toEqual(["/output", { configuration: { name: "value" }, payload: CO2 }]);
    expect(callback).not.toBe(callOf(partner.received[0]).callback);
  });

  it("the whole webhook_url is called, its path and query as they are (C1)", async () => {
    await using partner = await startPartner();
    await send(await adapterFlow(workspace, `${partner.url}/a%20b/?key=1&x=%2F`));
    expect((await eventually(() => partner.received[0])).path).toBe("/a%20b/?key=1&x=%2F");
  });
});

describe("the headers", () => {
  const OWN = ["x-chainio-signature", "x-chainio-execution-id", "x-chainio-workspace-id", "x-chainio-flow-id"];

  it.each([
    ["input", {}],
    ["output", OUTPUT],
  ])("all five for an %s adapter, signed over the exact bytes (C12 C13 C14 C15 C16 CD1 CD9)", async (_, more) => {
    const { headers, body } = await requestFor(' { "text": "Größe 船", "n": 1.50 } ', more);
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["x-chainio-signature"]).toBe(sign(body));
    expect(headers["x-chainio-signature"]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    for (const name of OWN.slice(1)) expect(headers[name]).toMatch(UUID);
    expect(new Set(OWN.map((name) => headers[name])).size).toBe(4);
  });

  it("workspace and flow ids stay, also when the flow changes; the execution id is the invocation's (C14 C17 CD9)", async () => {
    await using partner = await startPartner();
    const adapter = await register(workspace, partner.url);
    const flow = async (name: string) => send(await workspace.endpoint(name, [adapterStep(adapter)]));
    const executions = [await flow("one"), await flow("one"), await flow("two")];
    const other = await newWorkspace(gateway);
    await send(await adapterFlow(other, partner.url));
    await eventually(() => partner.received[3]);
    for (const id of executions) {
      const { invocationId } = (await workspace.settled(id, ["waiting"])).steps[0] ?? {};
      const [request] = partner.received.filter(({ headers }) => headers["x-chainio-execution-id"] === invocationId);
      expect(request?.headers["x-chainio-workspace-id"]).toBe(
        (await workspace.admin.call("GET", `/workspaces/${workspace.name}`)).id,
      );
    }
    const seen = (name: string) => partner.received.map(({ headers }) => headers[name]);
    const of = (name: string) => workspace.get(`/flows/${name}`).then(({ id }) => id);
    expect(new Set(seen("x-chainio-execution-id")).size).toBe(4);
    expect(new Set(seen("x-chainio-workspace-id")).size).toBe(2);
    expect(seen("x-chainio-flow-id").slice(0, 3).toSorted()).toEqual(
      [await of("one"), await of("one"), await of("two")].toSorted(),
    );
  });
});

describe("the callback token", () => {
  const tokenOf = (received: Received | undefined) => callOf(received).callback;

  it("is a JWT with HS256 and exactly sub, iat and exp, an hour apart (C29 CD12)", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { header, claims } = decodeToken(tokenOf(await requestFor("{}")));
    expect(header).toMatchObject({ alg: "HS256", typ: "JWT" });
    expect(Object.keys(claims).toSorted()).toEqual(["exp", "iat", "sub"]);
    const { sub, iat, exp } = claims as { sub: string; iat: number; exp: number };
    expect(sub).toMatch(UUID);
    expect(exp - iat).toBe(3_600);
    expect(iat).toBeGreaterThanOrEqual(before);
    expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it("lives as long as the adapter says (C29)", async () => {
    const { claims } = decodeToken(tokenOf(await requestFor("{}", { token_ttl_seconds: 77 })));
    expect(Number(claims.exp) - Number(claims.iat)).toBe(77);
  });

  it("is not signed with the shared secret, and one that is does not count (CD12)", async () => {
    await using partner = await startPartner();
    await send(await adapterFlow(workspace, partner.url));
    const token = tokenOf(await eventually(() => partner.received[0]));
    const [head = "", claims = "", signature = ""] = token.split(".");
    const forged = Buffer.from(sign(`${head}.${claims}`), "base64").toString("base64url");
    expect(signature).not.toBe(forged);
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    for (const callback of [`${head}.${claims}.${forged}`, `${none}.${claims}.`, `${head}.${claims}.`, `${token}.x`])
      expect((await answerCall(gateway.url, { callback, status: "success" })).status).toBe(401);
    expect((await answerCall(gateway.url, { callback: token, status: "success" })).status).toBe(200);
  });
});

describe("the payload of an output adapter", () => {
  it("is the message byte for byte: spaces, escapes and numbers of any precision (C10 CD15)", async () => {
    const message = '\n{ "n": 12345678901234567890.10, "e": 1E+02, "z": -0.0,\t"t": "\\u00e9\\/é", "n": 1 }  ';
    const request = await requestFor(message, OUTPUT);
    expect(rawPayload(request)).toBe(message);
    expect(request.headers["x-chainio-signature"]).toBe(sign(request.body));
  });

  it.each(["[1,2]", '"text"', "null", "0"])("may be any JSON: %s (C10)", async (message) => {
    expect(rawPayload(await requestFor(message, OUTPUT, {}, "text/plain"))).toBe(message);
  });

  it.each([
    ["text", "hello"],
    ["nothing at all", ""],
    ["two values", "{} {}"],
    ["a trailing comma", '{"a":1,}'],
    ["broken off", '{"a":'],
    ["an end of the payload of its own", '{},"callback":"x"'],
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
  ])("that is no JSON fails as error, with no request made: %s (CD15)", async (_, message) => {
    await using target = await startTarget(() => ACKNOWLEDGEMENT);
    const execution = await workspace.settled(await send(await adapterFlow(workspace, target.url, OUTPUT), message));
    expect(execution).toMatchObject({ status: "failed", failure: "error" });
    expect(execution.log.at(-1)).toMatchObject({ level: "error", message: expect.stringContaining("not JSON") });
    expect(target.received).toEqual([]);
  });
});
