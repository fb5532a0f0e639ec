import { describe, expect, inject, it } from "vitest";
import { freePort } from "../../../tools/lib/loopback.ts";
import {
  adapterFlow,
  adapterStep,
  type Call,
  json,
  logOf,
  messageOf,
  register,
  send,
  sign,
  startPartner,
} from "../../support/adapter.ts";
import { problemOf } from "../../support/problem.ts";
import { type Received, type Reply, sleep, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

type Answer = (call: Call, received: Received) => Promise<Reply | undefined> | Reply | undefined;

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const resultOf = ({ callback }: Call, more: object = {}) => json({ callback, status: "success", ...more });

/** What an answer makes of an execution, after exactly one request. */
async function replied(answer: Answer, statuses?: string[], more: object = {}) {
  await using partner = await startPartner(answer);
  const id = await send(await adapterFlow(workspace, partner.url, more), '{"as":"it came"}');
  const execution = await workspace.settled(id, statuses);
  expect(partner.received).toHaveLength(1);
  return { id, execution };
}

const SAID = { message: "No such shipment", status: "success", payload: { unused: true } };

describe("a reply that is no 200", () => {
  it.each([400, 401, 403, 404, 408, 409, 410, 422, 425, 429, 499])(
    "%d ends the execution as an error at once, and its message is in the user log (C22 C24 C25 CD4 CD14)",
    async (status) => {
      const { id, execution } = await replied(({ callback }) => json({ ...SAID, callback }, status));
      expect(execution).toMatchObject({ status: "failed", failure: "error", documentStatus: "Failed" });
      expect(execution.steps[0]).toMatchObject({ status: "failed", attempts: 1 });
      expect(await logOf(workspace, id)).toContain("error No such shipment");
      expect(await messageOf(workspace, id)).toEqual(["application/json", '{"as":"it came"}']);
    },
  );

  it.each([500, 501, 502, 503, 504, 599])(
    "%d ends the execution as a bug at once, and its message is in the user log (C23 C24 C25 CD4 CD14)",
    async (status) => {
      const retryAfter = { "retry-after": "0" };
      const { id, execution } = await replied(({ callback }) => json({ ...SAID, callback }, status, retryAfter));
      expect(execution).toMatchObject({ status: "failed", failure: "bug", documentStatus: "Failed" });
      expect(await logOf(workspace, id)).toContain("error No such shipment");
    },
  );

  it.each([201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308])(
    "%d is a bug and is not followed, whatever its body says (C19 CD5)",
    async (status) => {
      const hasBody = ![204, 205, 304].includes(status);
      const { id, execution } = await replied((call) => {
        const headers = { location: "/elsewhere", "content-type": "application/json" };
        return { status, headers, ...(hasBody && { body: String(resultOf(call, { payload: 1 }).body) }) };
      });
      expect(execution).toMatchObject({ status: "failed", failure: "bug" });
      expect((await logOf(workspace, id)).at(-1)).toMatch(new RegExp(`^error .*${status}`));
    },
  );

  it.each(["", "<html>", "[]", "null", "{", '{"message":7}', '{"message":""}', '"message"'])(
    "a body without message leaves the status in the log, and is no trouble: %j (C22 C24)",
    async (body) => {
      const { id, execution } = await replied(() => ({ status: 400, body }));
      expect(execution).toMatchObject({ status: "failed", failure: "error" });
      expect(await logOf(workspace, id)).toEqual([expect.stringMatching(/^error .*answered 400/)]);
    },
  );

  it("the status decides also when the body is large (C22 C26)", async () => {
    const { execution } = await replied(() => json({ message: "x".repeat(1_000_000) }, 400));
    expect(execution).toMatchObject({ status: "failed", failure: "error" });
  });

  it.each([
    [400, 422, "flow-failed"],
    [500, 502, "flow-broken"],
  ])("%d is %d to whoever waits for the result of a request-response trigger (C22 C23)", async (from, to, code) => {
    await using partner = await startPartner(() => json({ message: "an internal matter" }, from));
    const steps = [adapterStep(await register(workspace, partner.url))];
    const url = await workspace.endpoint(`asks-${from}`, steps, { requestResponse: true });
    const problem = await problemOf(fetch(url, { method: "POST", body: "{}" }), to);
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).not.toContain("an internal matter");
  });
});

describe("an adapter that gives no answer", () => {
  const expectUnresponsive = async (answer: Answer | (() => undefined), partner = startPartner(answer as Answer)) => {
    await using slow = await partner;
    const before = Date.now();
    const id = await send(await adapterFlow(workspace, slow.url, { timeout_seconds: 0.5 }));
    const execution = await workspace.settled(id);
    expect(Date.now() - before).toBeGreaterThanOrEqual(450);
    expect(Date.now() - before).toBeLessThan(15_000);
    expect(execution).toMatchObject({ status: "failed", failure: "bug", documentStatus: "Failed" });
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*unresponsive/);
    expect(slow.received).toHaveLength(1);
  };

  it("within its time is a bug, with an entry that it was unresponsive (C27 CD11 CD14)", () =>
    expectUnresponsive(() => undefined));

  it("the time covers the reply to its last byte: headers alone do not count (C27 CD11)", () =>
    expectUnresponsive(
      () => undefined,
      startTarget((_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"message":');
        return undefined;
      }),
    ));

  it("the time covers a reply that trickles (C27 CD11)", () =>
    expectUnresponsive(
      () => undefined,
      startTarget(async (_, response) => {
        response.writeHead(200);
        for (let sent = 0; sent < 20 && !response.destroyed; sent++) {
          response.write(" ");
          await sleep(100);
        }
        response.end("{}");
        return undefined;
      }),
    ));

  it("a reply just in time counts (C27 CD11)", async () => {
    const late: Answer = async (call) => {
      await sleep(600);
      return resultOf(call);
    };
    expect((await replied(late, undefined, { timeout_seconds: 5 })).execution.status).toBe("succeeded");
  });

  it("a connection that is reset is a bug, with an error in the user log (CD5 CD14)", async () => {
    await using target = await startTarget((_, response) => {
      response.socket?.resetAndDestroy();
      return undefined;
    });
    const id = await send(await adapterFlow(workspace, target.url));
    expect(await workspace.settled(id)).toMatchObject({ status: "failed", failure: "bug" });
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error /);
    expect(target.received).toHaveLength(1);
  });

  it("a reply that breaks off is a bug, also behind its callback (CD5)", async () => {
    await using target = await startTarget(({ body }, response) => {
      response.writeHead(200, { "content-length": "10000" });
      const text = String(resultOf(JSON.parse(String(body)) as Call).body);
      response.write(text, () => response.destroy());
      return undefined;
    });
    const id = await send(await adapterFlow(workspace, target.url));
    expect(await workspace.settled(id)).toMatchObject({ status: "failed", failure: "bug" });
    expect(target.received).toHaveLength(1);
  });

  it("nobody listening is a bug, with an error in the user log (CD5)", async () => {
    const id = await send(await adapterFlow(workspace, `http://127.0.0.1:${await freePort()}/`));
    expect(await workspace.settled(id)).toMatchObject({ status: "failed", failure: "bug" });
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error /);
  });
});

describe("a reply of any size", () => {
  const LIMIT = 2_000;
  const sized = (call: Call, size: number) => {
    const empty = Buffer.byteLength(String(resultOf(call, { payload: "" }).body));
    return String(resultOf(call, { payload: "x".repeat(size - empty) }).body);
  };

  it("of exactly the limit is fine (C26 CD10)", async () => {
    const { execution } = await replied((call) => ({ body: sized(call, LIMIT) }), undefined, {
      max_response_bytes: LIMIT,
    });
    expect(execution.status).toBe("succeeded");
  });

  it.each([
    ["its length announced", true],
    ["its length not announced", false],
  ])("of one byte more ends the execution as error: %s (C26 CD10)", async (_, isAnnounced) => {
    await using target = await startTarget(({ body }, response) => {
      const text = sized(JSON.parse(String(body)) as Call, LIMIT + 1);
      response.writeHead(200, isAnnounced ? { "content-length": String(text.length) } : {});
      response.end(text);
      return undefined;
    });
    const id = await send(await adapterFlow(workspace, target.url, { max_response_bytes: LIMIT }));
    expect(await workspace.settled(id)).toMatchObject({ status: "failed", failure: "error" });
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*2000 bytes/);
    expect((await messageOf(workspace, id))[1]).toBe("{}");
  });

  it("an acknowledgement is no exception (C26)", async () => {
    const { execution } = await replied(() => ({ body: "x".repeat(LIMIT + 1) }), undefined, {
      max_response_bytes: LIMIT,
    });
    expect(execution).toMatchObject({ status: "failed", failure: "error" });
  });
});

describe("a signed reply", () => {
  const signed = (body: string, signature: string) => ({ body, headers: { "x-chainio-signature": signature } });

  it("is checked over its exact bytes (CD4)", async () => {
    const { execution } = await replied(({ callback }) => {
      const body = ` {"status" : "success", "callback":"${callback}", "payload": 1.0 }\n`;
      return signed(body, sign(body));
    });
    expect(execution.status).toBe("succeeded");
  });

  it.each([
    ["with another secret", (body: string) => sign(body, "other")],
    ["over other bytes", (body: string) => sign(`${body} `)],
    ["in hex", (body: string) => Buffer.from(sign(body), "base64").toString("hex")],
    ["with nothing", () => ""],
  ])("that is signed wrongly is a bug, result and acknowledgement alike: %s (CD4)", async (_, signWrongly) => {
    for (const acknowledges of [false, true]) {
      const { id, execution } = await replied((call) => {
        const body = acknowledges ? '{"message":"Received"}' : String(resultOf(call).body);
        return signed(body, signWrongly(body));
      });
      expect(execution).toMatchObject({ status: "failed", failure: "bug" });
      expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*signature/);
    }
  });
});
