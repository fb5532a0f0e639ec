import { createHash, randomBytes } from "node:crypto";
import { type IncomingMessage, request as startRequest } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { startGateway } from "../../../tools/lib/gateway.ts";
import { problemOf } from "../../support/problem.ts";
import { flipByte, SENDERS, type Sender } from "../../support/senders.ts";
import { eventually } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const MINUTE_MS = 60_000;
const gateway = await startGateway();
const workspace = await newWorkspace(gateway);
afterAll(() => gateway.stop());

type Headers = Record<string, string | string[]>;

/** Sends a request with the headers as they are: a list is sent as several headers of one name. */
async function send(url: string, headers: Headers, body: Buffer | Readable) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = startRequest(url, { method: "POST", headers, agent: false }, resolve).on("error", reject);
    if (Buffer.isBuffer(body)) request.end(body);
    else body.pipe(request);
  });
  const { statusCode: status = 0, headers: answered } = response;
  return { status, headers: answered, text: await text(response) };
}

/** The codes of the calls of a trigger that were refused, once there are so many. */
function refusals(trigger: string, count: number): Promise<string[]> {
  return eventually(() => {
    const entries = gateway.log().match(/\{\s+message: 'a call was refused',[^}]*\}/g) ?? [];
    const codes = entries
      .filter((entry) => entry.includes(`trigger: '${trigger}',`) || entry.includes(`trigger: '${trigger}'\n`))
      .map((entry) => /code: '([a-z-]+)'/.exec(entry)?.[1] ?? "");
    return codes.length >= count ? codes : undefined;
  });
}

let made = 0;

/** A trigger of its own for a sender, with a secret of its own. */
async function endpoint(sender: Sender) {
  const name = `sender-${made++}`;
  const secret = sender.makeSecret();
  await workspace.put(`/secrets/${name}`, { value: secret });
  const url = await workspace.endpoint(name, [], { auth: { type: "signature", secret: name, ...sender.auth } });
  return { name, secret, url, executions: () => workspace.executions({ trigger: name }) };
}

describe.each(Object.entries(SENDERS))("requests signed by %s (ND2)", (_, sender) => {
  it("are accepted, and the message is what was sent, to the byte (N7)", async () => {
    const { url, secret } = await endpoint(sender);
    const answer = await send(url, await sender.sign(secret, sender.body, Date.now()), Buffer.from(sender.body));
    expect([answer.status, answer.text]).toEqual([202, expect.stringContaining("executionId")]);
    const { executionId } = JSON.parse(answer.text) as { executionId: string };
    await workspace.settled(executionId);
    const path = `/workspaces/${workspace.name}/executions/${executionId}/message`;
    expect(await (await workspace.admin.request("GET", path)).text()).toBe(sender.body);
  });

  it("are refused with one and the same 401 for whatever is wrong, and the log says what (ND3 ND14)", async () => {
    const { name, url, secret, executions } = await endpoint(sender);
    const body = Buffer.from(sender.body);
    const good = await sender.sign(secret, sender.body, Date.now());
    const { [sender.header]: value = "", ...without } = good;
    const other = await sender.sign(sender.makeSecret(), sender.body, Date.now());
    const late = (minutes: number) => sender.sign(secret, sender.body, Date.now() + minutes * MINUTE_MS);
    const cases: [string, Headers, Buffer][] = [
      ["signature-mismatch", good, flipByte(body)],
      ["signature-mismatch", other, body],
      ["header-missing", without, body],
      ["header-repeated", { ...good, [sender.header]: [value, value] }, body],
      ["header-repeated", { ...good, [sender.header]: [value, other[sender.header] ?? ""] }, body],
      ["signature-malformed", { ...good, [sender.header]: "nonsense" }, body],
      ["header-missing", {}, Buffer.alloc(0)],
    ];
    if (sender.isTimed) {
      cases.push(["timestamp-too-old", await late(-6), body], ["timestamp-too-new", await late(6), body]);
    }
    const answers = [];
    for (const [, headers, bytes] of cases) answers.push(await send(url, headers, bytes));
    expect(answers.map(({ status }) => status)).toEqual(cases.map(() => 401));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    for (const { headers } of answers) {
      expect(headers["www-authenticate"]).toBeTruthy();
      expect(headers).not.toHaveProperty("hookback-execution-id");
    }
    expect(await refusals(name, cases.length)).toEqual(cases.map(([code]) => code));
    for (const hidden of [secret, value, other[sender.header] ?? ""]) expect(gateway.log()).not.toContain(hidden);
    expect(await executions()).toEqual([]);
  });
});

describe("large signed bodies", () => {
  const senders = Object.entries(SENDERS).filter(([name]) => /stripe|github|after the body/.test(name));

  it.each(senders)("of %s are verified as they stream (ND2 ND12)", async (_, sender) => {
    const { name, url, secret, executions } = await endpoint(sender);
    const content = randomBytes(150 * 1024).toString("hex");
    const body = Buffer.from(content);
    const headers = await sender.sign(secret, content, Date.now());
    // With and without a length that is known beforehand.
    const chunked = (bytes: Buffer) => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
    for (const bytes of [flipByte(body), flipByte(body, 0), flipByte(body, body.length - 1)]) {
      expect((await send(url, headers, bytes)).status).toBe(401);
      expect((await send(url, headers, chunked(bytes))).status).toBe(401);
    }
    expect(new Set(await refusals(name, 6))).toEqual(new Set(["signature-mismatch"]));
    expect(await executions()).toEqual([]);
    for (const bytes of [body, chunked(body)]) {
      const answer = await send(url, headers, bytes);
      expect(answer.status).toBe(202);
      const { executionId } = JSON.parse(answer.text) as { executionId: string };
      await workspace.settled(executionId);
      const path = `/workspaces/${workspace.name}/executions/${executionId}/message`;
      const message = await (await workspace.admin.request("GET", path)).arrayBuffer();
      const sha256 = (of: Uint8Array) => createHash("sha256").update(of).digest("hex");
      expect(sha256(new Uint8Array(message))).toBe(sha256(body));
    }
  });
});

describe("the secrets of a signature", () => {
  const { github, standardwebhooks } = SENDERS as Record<"github" | "standardwebhooks", Sender>;

  it("several may sign while one is rotated, and a single one afterwards (ND2)", async () => {
    const { name, url, secret } = await endpoint(github);
    const next = github.makeSecret();
    await workspace.put("/secrets/next", { value: next });
    const call = async (by: string) => (await send(url, await github.sign(by, "x", 0), Buffer.from("x"))).status;
    const auth = (of: string | string[]) => ({ auth: { type: "signature", scheme: "github", secret: of } });
    expect([await call(secret), await call(next)]).toEqual([202, 401]);
    await workspace.put(`/triggers/${name}`, { flow: name, ...auth([name, "next"]) });
    expect([await call(secret), await call(next)]).toEqual([202, 202]);
    await workspace.put(`/triggers/${name}`, { flow: name, ...auth("next") });
    expect([await call(secret), await call(next)]).toEqual([401, 202]);
  });

  it("one that is gone or that does not decode refuses everybody (ND2)", async () => {
    const { name, url, secret } = await endpoint(standardwebhooks);
    const call = async (by: string) => {
      const headers = await standardwebhooks.sign(by, standardwebhooks.body, Date.now());
      return (await send(url, headers, Buffer.from(standardwebhooks.body))).status;
    };
    expect(await call(secret)).toBe(202);
    await workspace.put(`/secrets/${name}`, { value: "not whsec_" });
    expect(await call(secret)).toBe(401);
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/secrets/${name}`);
    expect(await call(secret)).toBe(401);
    expect(await refusals(name, 2)).toEqual(["secret-undecodable", "secret-missing"]);
  });

  it("polling needs no signature, the id is enough (ND15)", async () => {
    const { url, secret } = await endpoint(github);
    const answer = await send(url, await github.sign(secret, "x", 0), Buffer.from("x"));
    const { executionId } = JSON.parse(answer.text) as { executionId: string };
    await workspace.settled(executionId);
    expect((await fetch(`${url}/executions/${executionId}`)).status).toBe(200);
    const forged = executionId.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    await problemOf(fetch(`${url}/executions/${forged}`), 404);
  });
});
