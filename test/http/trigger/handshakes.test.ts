import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { problemOf } from "../../support/problem.ts";
import { SENDERS, type Sender } from "../../support/senders.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const SECRET = randomBytes(24).toString("hex");
await workspace.put("/secrets/provider", { value: SECRET });

const sha256 = (text: string) => createHmac("sha256", SECRET).update(text);
const count = async (trigger: string) => (await workspace.executions({ trigger })).length;
const post = (url: string, value: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  });

/** The text of a 200 of this type, which no browser may take for anything else. */
async function answerOf(answer: Response | Promise<Response>, type: string): Promise<string> {
  const response = await answer;
  expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("content-security-policy")).toContain("sandbox");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.has("hookback-execution-id")).toBe(false);
  return response.text();
}

describe("handshakes", () => {
  it("Meta: the challenge for the verify token, by GET, which the trigger need not take (ND14)", async () => {
    const signature = { type: "signature", scheme: "github", secret: "provider" };
    const url = await workspace.endpoint("meta", [], {
      methods: ["POST"],
      auth: signature,
      handshake: { scheme: "meta", secret: "provider" },
    });
    const ask = (token: string, mode = "subscribe", challenge = "1158201444") =>
      fetch(
        `${url}?hub.mode=${mode}&hub.verify_token=${encodeURIComponent(token)}&hub.challenge=${encodeURIComponent(challenge)}`,
      );
    expect(await answerOf(ask(SECRET), "text/plain")).toBe("1158201444");
    expect(await answerOf(ask(SECRET, "subscribe", "<script>alert(1)</script>"), "text/plain")).toBe(
      "<script>alert(1)</script>",
    );
    await problemOf(ask("wrong"), 403);
    await problemOf(ask(SECRET, "unsubscribe"), 403);
    await problemOf(ask(SECRET, "subscribe", "x".repeat(2000)), 400);
    const ordinary = await fetch(`${url}?page=1`);
    expect([ordinary.status, ordinary.headers.get("allow")]).toEqual([405, "POST"]);
    const { sign, body } = SENDERS.github as Sender;
    expect((await fetch(url, { method: "POST", body })).status).toBe(401);
    expect(await count("meta")).toBe(0);
    expect((await fetch(url, { method: "POST", body, headers: await sign(SECRET, body, 0) })).status).toBe(202);
    expect(await count("meta")).toBe(1);
  });

  it("Slack: the challenge of a signed url_verification (ND14)", async () => {
    const auth = { type: "signature", scheme: "slack", secret: "provider" };
    const url = await workspace.endpoint("slack", [], { auth, handshake: { scheme: "slack" } });
    const { sign } = SENDERS.slack as Sender;
    const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P";
    const verification = { token: "Jhj5", challenge, type: "url_verification" };
    const headers = (value: unknown, secret = SECRET, at = Date.now()) => sign(secret, JSON.stringify(value), at);
    expect(await answerOf(post(url, verification, await headers(verification)), "text/plain")).toBe(challenge);
    await problemOf(post(url, verification), 401);
    await problemOf(post(url, verification, await headers(verification, "other")), 401);
    await problemOf(post(url, verification, await headers(verification, SECRET, 0)), 401);
    await problemOf(post(url, { ...verification, challenge: "other" }, await headers(verification)), 401);
    const long = { ...verification, challenge: "x".repeat(1025) };
    await problemOf(post(url, long, await headers(long)), 400);
    expect(await count("slack")).toBe(0);
    const event = { type: "event_callback", event: { type: "url_verification" } };
    expect((await post(url, event, await headers(event))).status).toBe(202);
    expect(await count("slack")).toBe(1);
  });

  it("Slack: without its handshake a url_verification is a message, and needs its method (ND14)", async () => {
    const verification = { type: "url_verification", challenge: "abc" };
    const plain = await workspace.endpoint("slack-off", []);
    expect((await post(plain, verification)).status).toBe(202);
    const url = await workspace.endpoint("slack-put", [], { methods: ["PUT"], handshake: { scheme: "slack" } });
    expect(await answerOf(post(url, verification), "text/plain")).toBe("abc");
    await problemOf(post(url, { type: "event_callback" }), 405);
    expect([await count("slack-off"), await count("slack-put")]).toEqual([1, 0]);
  });

  it("Microsoft Graph: the decoded validation token (ND14)", async () => {
    const url = await workspace.endpoint("graph", [], { handshake: { scheme: "microsoft-graph" } });
    const ask = (token: string) => fetch(`${url}?validationToken=${token}`, { method: "POST" });
    const encoded = "Validation%3a+Testing+client+application+reachability+Request-Id%3a+522a8e7e-096a";
    const token = "Validation: Testing client application reachability Request-Id: 522a8e7e-096a";
    expect(await answerOf(ask(encoded), "text/plain")).toBe(token);
    expect(await answerOf(ask("%3Cscript%3E"), "text/plain")).toBe("<script>");
    for (const wrong of ["", "%0d%0aSet-Cookie:x=1", "%00", "x".repeat(1025)]) await problemOf(ask(wrong), 400);
    expect(await count("graph")).toBe(0);
    expect((await post(url, { value: [] })).status).toBe(202);
  });

  it("Zoom: the plain token with its HMAC, after the signature where there is one (ND14)", async () => {
    const { auth: scheme, sign } = SENDERS["Zoom, by the generic scheme"] as Sender;
    const auth = { type: "signature", secret: "provider", ...scheme };
    const url = await workspace.endpoint("zoom", [], { auth, handshake: { scheme: "zoom", secret: "provider" } });
    const ask = { payload: { plainToken: "qgg8vlvZRS6UYooatFL8Aw" }, event: "endpoint.url_validation" };
    const headers = await sign(SECRET, JSON.stringify(ask), Date.now());
    expect(JSON.parse(await answerOf(post(url, ask, headers), "application/json"))).toEqual({
      plainToken: "qgg8vlvZRS6UYooatFL8Aw",
      encryptedToken: sha256("qgg8vlvZRS6UYooatFL8Aw").digest("hex"),
    });
    await problemOf(post(url, ask), 401);
    expect(await count("zoom")).toBe(0);
  });

  it("nobody gets a message signed by asking for a handshake (ND14)", async () => {
    const url = await workspace.endpoint("oracle", [], { handshake: { scheme: "zoom", secret: "provider" } });
    const plainToken = `v0:${Math.floor(Date.now() / 1000)}:{}`;
    await problemOf(post(url, { event: "endpoint.url_validation", payload: { plainToken } }), 400);
    const crc = await workspace.endpoint("oracle", [], { handshake: { scheme: "x-crc", secret: "provider" } });
    await problemOf(fetch(`${crc}?crc_token=${encodeURIComponent('{"event":1}')}`), 400);
  });

  it("X: the response token, by GET (ND14)", async () => {
    const url = await workspace.endpoint("crc", [], {
      methods: ["POST"],
      handshake: { scheme: "x-crc", secret: "provider" },
    });
    const token = Buffer.from("challenge").toString("base64");
    const answer = await answerOf(fetch(`${url}?crc_token=${encodeURIComponent(token)}&nonce=x`), "application/json");
    expect(JSON.parse(answer)).toEqual({ response_token: `sha256=${sha256(token).digest("base64")}` });
    await problemOf(fetch(url), 405);
    expect(await count("crc")).toBe(0);
  });

  it("CloudEvents: OPTIONS is answered for the origin that asks, and 405 without one (ND14)", async () => {
    const handshake = { scheme: "cloudevents" };
    const url = await workspace.endpoint("events", [], { auth: { type: "apiKeys" }, handshake });
    const ask = (headers: Record<string, string>) => fetch(url, { method: "OPTIONS", headers });
    const response = await ask({ "webhook-request-origin": "eventemitter.example.com", "webhook-request-rate": "120" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("allow")).toBe("POST");
    expect(response.headers.get("webhook-allowed-origin")).toBe("eventemitter.example.com");
    expect(response.headers.get("webhook-allowed-rate")).toBe("*");
    const without = await ask({});
    expect([without.status, without.headers.has("webhook-allowed-origin")]).toEqual([405, false]);
    await problemOf(ask({ "webhook-request-origin": "<b>" }), 400);
    await problemOf(fetch(url, { method: "POST" }), 401);
    expect(await count("events")).toBe(0);
  });

  it("one whose secret is gone refuses, and one that is not configured is not answered (ND14)", async () => {
    await workspace.put("/secrets/leaving", { value: "x" });
    const url = await workspace.endpoint("leaving", [], { handshake: { scheme: "x-crc", secret: "leaving" } });
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/secrets/leaving`);
    await problemOf(fetch(`${url}?crc_token=abc`), 403);
    const plain = await workspace.endpoint("plain", []);
    await problemOf(fetch(plain, { method: "OPTIONS", headers: { "webhook-request-origin": "a.example" } }), 405);
    for (const query of ["crc_token=a", "hub.mode=subscribe&hub.challenge=1", "validationToken=a"]) {
      expect((await fetch(`${plain}?${query}`)).status).toBe(202);
    }
    expect(await count("leaving")).toBe(0);
  });
});
