import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, type Example, file, SECRET, sign, startExample, TOKEN } from "../../support/http/adapter-example.ts";
import { eventually, type Received, type Reply, sleep, startTarget, type Target } from "../../support/target.ts";

const DOCUMENT_FILE = file(
  "example.json",
  "application/json",
  '{"doc_type":"shipment_json","shipments":[{"forwarder_reference":"8901238901","gross_weight_kgs":1000}]}',
);
const DOCUMENT_SHIPMENT = {
  tms_system_identifier: "S1231231",
  master_bill: "MOLU123181",
  carrier_scac: "MAEU",
  transport_mode: "sea",
  gross_weight: { amount: 1000, units: "kilogram" },
};
const CSV = [
  "forwarder_reference;master_bill;carrier_scac;transport_mode;gross_weight_kgs",
  "S1;MOLU1;maeu;OCEAN;1000",
  '"S;2";"said ""urgent""";MAEU;BARGE;212.5',
  "",
].join("\r\n");

const parsed = ({ body }: Received) => JSON.parse(body.toString("utf8"));

/** Plays the gateway's callback endpoint; answers in turn, the last one for ever. */
const startGateway = (...answers: (Reply | "hang up")[]) => {
  let count = 0;
  return startTarget((_, response) => {
    const answer = answers[Math.min(count++, answers.length - 1)] ?? {};
    if (answer !== "hang up") return answer;
    response.destroy();
    return undefined;
  });
};

const startWith = (gateway: Target, env: Record<string, string> = {}) =>
  startExample({ CALLBACK_URL: `${gateway.url}/adapter/callback`, ...env });

describe("the example adapter, answering at once", () => {
  let example: Example;
  beforeAll(async () => {
    example = await startExample({ MAX_REQUEST_BYTES: "2000000" });
  });
  afterAll(() => example[Symbol.asyncDispose]());

  const input = (payload: unknown, configuration: unknown = {}) =>
    call(`${example.url}/input`, { configuration, payload });
  const output = (payload: unknown) => call(`${example.url}/output`, { payload });

  it("converts the document's input example and returns its callback, signed (C7 C8 C9 C20)", async () => {
    const reply = await input([DOCUMENT_FILE], { configOne: "value" });
    expect(reply).toMatchObject({
      status: 200,
      json: {
        callback: TOKEN,
        status: "success",
        payload: {
          shipments: [{ tms_system_identifier: "8901238901", gross_weight: { amount: 1000, units: "kilogram" } }],
        },
        user_logs: [{ type: "info", message: "Converted 1 shipment(s) of 1 file(s)." }],
      },
    });
    expect(reply.signature).toBe(sign(reply.text));
  });

  it("registers the document's output example, the same shipment under the same number (C10 C11)", async () => {
    const first = await output(DOCUMENT_SHIPMENT);
    const pounds = { ...DOCUMENT_SHIPMENT, gross_weight: { amount: 2000, units: "pound" } };
    const again = await output({ shipments: [pounds] });
    const [registration] = first.json.payload.registrations;
    expect(registration).toMatchObject({ tms_system_identifier: "S1231231", gross_weight_kgs: 1000 });
    expect(again.json.payload.registrations).toEqual([{ ...registration, gross_weight_kgs: 907.185 }]);
  });

  it("reads CSV with the delimiter and the table of its configuration, in UTF-8 and in base64 (C4)", async () => {
    const transport_modes = [{ src: "OCEAN", dest: "SEA" }];
    const inBase64 = Buffer.from(CSV).toString("base64");
    for (const one of [file("a.csv", "text/csv", CSV), file("a.csv", "text/csv", inBase64, "base64")]) {
      const reply = await input([one], { delimiter: ";", transport_modes, mode: null, progress: null });
      expect(reply.json.payload.shipments).toEqual([
        {
          tms_system_identifier: "S1",
          master_bill: "MOLU1",
          carrier_scac: "MAEU",
          transport_mode: "sea",
          gross_weight: { amount: 1000, units: "kilogram" },
        },
        {
          tms_system_identifier: "S;2",
          master_bill: 'said "urgent"',
          carrier_scac: "MAEU",
          transport_mode: "barge",
          gross_weight: { amount: 212.5, units: "kilogram" },
        },
      ]);
    }
  });

  it("converts several files, skips none at all, and says what is wrong with others", async () => {
    const csv = file("b.csv", "text/csv", "forwarder_reference,gross_weight_kgs\nB1,7");
    const settings = { delimiter: null, transport_modes: null };
    expect((await input([DOCUMENT_FILE, csv], settings)).json.payload.shipments).toHaveLength(2);
    expect((await input([])).json).toMatchObject({ callback: TOKEN, status: "skipped" });
    for (const [one, message] of [
      [file("a.csv", "text/csv", 'a,b\n"x'), "A quoted field is not closed."],
      [file("a.csv", "text/csv", "a,b\n1"), "Row 2 has 1 fields, the header has 2."],
      [file("a.xml", "application/xml", "<a/>"), "a.xml is neither CSV nor JSON."],
      [file("a.json", "application/json", "{}"), "a.json has no list of shipments."],
      [file("a.csv", "text/csv", "gross_weight_kgs\n1"), "A shipment in a.csv has no forwarder_reference."],
    ] as const) {
      const { status, json } = await input([one]);
      expect([status, json.status, json.user_logs]).toEqual([200, "error", [{ type: "error", message }]]);
    }
    expect((await output({ ...DOCUMENT_SHIPMENT, gross_weight: undefined })).json.status).toBe("error");
  });

  it("verifies the exact bytes, whatever way the JSON is written (C13 CD1)", async () => {
    const body = `\n{ "callback" : ${JSON.stringify(TOKEN)},\r\n\t"payload":[ ], "configuration":{"\\u006dode":"sync", "ü":"東京 \\/ ✓"}}  `;
    expect((await call(`${example.url}/input`, { body })).json).toMatchObject({ callback: TOKEN, status: "skipped" });
  });

  it("refuses what is not signed with its secret with 401 and a message, and sends no result (C13 C24)", async () => {
    const body = JSON.stringify({ configuration: {}, payload: [DOCUMENT_FILE], callback: TOKEN });
    const right = sign(body);
    const hex = Buffer.from(right, "base64").toString("hex");
    const url = `${example.url}/input`;
    const wrong = [sign(body, "another"), sign(`${body} `), hex, `sha256=${right}`, "", `${right}, ${right}`];
    for (const headers of [{}, ...wrong.map((signature) => ({ "x-chainio-signature": signature }))]) {
      const { status, json } = await call(url, { body, headers: headers as Record<string, string> });
      expect([status, Object.keys(json)]).toEqual([401, ["message"]]);
    }
  });

  it("says with a message what it cannot take (C22 C24)", async () => {
    const { url } = example;
    const large = "x".repeat(2_000_001);
    for (const [status, path, request] of [
      [404, "/elsewhere", { payload: [] }],
      [405, "/input", { method: "GET", headers: {} }],
      [400, "/input", { body: "no JSON" }],
      [400, "/input", { body: "null" }],
      [400, "/input", { body: '{"configuration":{},"payload":[]}' }],
      [400, "/input", { body: '{"payload":[],"callback":"x"}' }],
      [422, "/input", { configuration: { mode: "tomorrow" }, payload: [] }],
      [413, "/input", { body: large }],
      [401, "/input", { body: large, headers: {} }],
    ] as const) {
      const reply = await call(url + path, request);
      expect([reply.status, Object.keys(reply.json)]).toEqual([status, ["message"]]);
    }
  });
});

describe("the example adapter, answering later", () => {
  const later = { configuration: { mode: "async" }, payload: [DOCUMENT_FILE] };

  it("acknowledges with a message, then sends the result, signed over its bytes (C7 C21 C28)", async () => {
    await using gateway = await startGateway();
    await using example = await startWith(gateway);
    const reply = await call(`${example.url}/input`, later);
    expect(reply).toMatchObject({ status: 200, json: { message: expect.any(String) }, signature: sign(reply.text) });
    const callback = await eventually(() => gateway.received[0]);
    expect(callback).toMatchObject({ method: "POST", path: "/adapter/callback" });
    expect(callback.headers).toMatchObject({
      "content-type": "application/json",
      "x-chainio-signature": sign(callback.body),
    });
    expect(parsed(callback)).toMatchObject({ callback: TOKEN, status: "success" });
  });

  it("sends the same bytes again after a network failure and after 429, until they are accepted", async () => {
    await using gateway = await startGateway("hang up", { status: 429, headers: { "retry-after": "1" } }, {});
    await using example = await startWith(gateway);
    await call(`${example.url}/input`, later);
    await eventually(() => /callback delivered \(3x, 200\)/.test(example.output()), 12_000);
    const [first, ...others] = gateway.received;
    expect(others).toHaveLength(2);
    for (const { body, headers } of others) {
      expect(body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
      expect(headers["x-chainio-signature"]).toBe(sign(body));
    }
  });

  it.each([401, 409, 410, 422])("does not send a callback again that was answered %i", async (status) => {
    await using gateway = await startGateway({ status });
    await using example = await startWith(gateway);
    await call(`${example.url}/input`, later);
    await eventually(() => /LOST/.test(example.output()));
    await sleep(1_500);
    expect(gateway.received).toHaveLength(1);
  });

  it("tells how far it is when its configuration asks for that", async () => {
    await using gateway = await startGateway();
    await using example = await startWith(gateway);
    const configuration = { mode: "async", progress: true };
    await call(`${example.url}/input`, { configuration, payload: [DOCUMENT_FILE, DOCUMENT_FILE] });
    await eventually(() => gateway.received.length >= 2);
    expect(gateway.received.map((one) => parsed(one))).toMatchObject([
      { callback: TOKEN, status: "progress", message: "Converted 1 of 2 files." },
      { callback: TOKEN, status: "success" },
    ]);
    for (const { headers, body } of gateway.received) expect(headers["x-chainio-signature"]).toBe(sign(body));
  });

  it("answers each request with the secret that it was signed with, while two are exchanged (C18)", async () => {
    await using gateway = await startGateway();
    await using example = await startWith(gateway, { SHARED_SECRET: "new", PREVIOUS_SHARED_SECRET: SECRET });
    const body = JSON.stringify({ ...later, callback: TOKEN });
    for (const secret of [SECRET, "new"]) {
      const before = gateway.received.length;
      const headers = { "x-chainio-signature": sign(body, secret) };
      const reply = await call(`${example.url}/input`, { body, headers });
      expect([reply.status, reply.signature]).toEqual([200, sign(reply.text, secret)]);
      const callback = await eventually(() => gateway.received[before]);
      expect(callback.headers["x-chainio-signature"]).toBe(sign(callback.body, secret));
    }
  });

  it("sends what is under way before it ends", async () => {
    await using gateway = await startGateway({ status: 503 }, {});
    await using example = await startWith(gateway);
    await call(`${example.url}/input`, later);
    await eventually(() => gateway.received.length === 1);
    const ended = once(example.child, "exit");
    example.child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(gateway.received).toHaveLength(2);
  });
});
