import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TriggerHandshake, triggerHandshake } from "../../../src/core/schema/trigger-auth.ts";
import {
  answerChallenge,
  challengeLocation,
  findChallenge,
  type HandshakeRequest,
} from "../../../src/core/security/handshake.ts";

const SECRET = "a secret";
const SCHEMES = ["meta", "slack", "microsoft-graph", "zoom", "x-crc", "cloudevents"] as const;
type Scheme = (typeof SCHEMES)[number];

const withSecret = (scheme: Scheme) => ["meta", "zoom", "x-crc"].includes(scheme);
const handshakeOf = (scheme: Scheme): TriggerHandshake =>
  triggerHandshake.parse({ scheme, ...(withSecret(scheme) && { secret: "name" }) });

const asked = ({
  query = "",
  headers = {},
  body,
}: {
  query?: string;
  headers?: Record<string, string>;
  body?: unknown;
}): HandshakeRequest => ({
  query: new URLSearchParams(query),
  header: (name) => new Headers(headers).get(name),
  body,
});

/** What the scheme answers: null when it is not asked, "malformed", "refused", or the answer. */
function reply(scheme: Scheme, request: Parameters<typeof asked>[0]) {
  const question = findChallenge(handshakeOf(scheme), asked(request));
  if (question === null || question === "malformed") return question;
  return answerChallenge(handshakeOf(scheme), question, SECRET) ?? "refused";
}

const echoed = (text: string) => ({ type: "text/plain", headers: {}, text });
const hmac = (text: string) => createHmac("sha256", SECRET).update(text);
const metaQuery = (more: object = {}) =>
  new URLSearchParams({
    "hub.mode": "subscribe",
    "hub.verify_token": SECRET,
    "hub.challenge": "1158201444",
    ...more,
  }).toString();

describe("handshakes", () => {
  it("Meta gets its challenge back for the verify token, and nothing without it (ND14)", () => {
    expect(reply("meta", { query: metaQuery() })).toEqual(echoed("1158201444"));
    for (const wrong of [{ "hub.verify_token": "other" }, { "hub.verify_token": "" }, { "hub.mode": "unsubscribe" }]) {
      expect(reply("meta", { query: metaQuery(wrong) })).toBe("refused");
    }
    expect(reply("meta", { query: "hub.mode=subscribe&hub.challenge=1" })).toBe("refused");
    expect(reply("meta", { query: "page=1" })).toBeNull();
  });

  it("Slack gets its challenge back as plain text (ND14)", () => {
    const body = {
      token: "Jhj5",
      challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
      type: "url_verification",
    };
    expect(reply("slack", { body })).toEqual(echoed(body.challenge));
    for (const other of [{ type: "event_callback" }, [], "url_verification", null, undefined, 5]) {
      expect(reply("slack", { body: other })).toBeNull();
    }
  });

  it("Microsoft Graph gets its validation token back, decoded (ND14)", () => {
    const query =
      "validationToken=Validation%3a+Testing+client+application+reachability+for+subscription+Request-Id%3a+522a8e7e";
    const token = "Validation: Testing client application reachability for subscription Request-Id: 522a8e7e";
    expect(reply("microsoft-graph", { query })).toEqual(echoed(token));
    expect(reply("microsoft-graph", { query: "other=1" })).toBeNull();
  });

  it("Zoom gets its token with an HMAC of it, in hexadecimal digits (ND14)", () => {
    const body = {
      event: "endpoint.url_validation",
      payload: { plainToken: "qgg8vlvZRS6UYooatFL8Aw" },
      event_ts: 1654503849680,
    };
    const answer = reply("zoom", { body });
    if (!answer || typeof answer === "string") throw new Error(`the answer is ${answer}`);
    expect(answer.type).toBe("application/json");
    expect(JSON.parse(answer.text)).toEqual({
      plainToken: "qgg8vlvZRS6UYooatFL8Aw",
      encryptedToken: hmac("qgg8vlvZRS6UYooatFL8Aw").digest("hex"),
    });
    expect(reply("zoom", { body: { event: "meeting.started", payload: {} } })).toBeNull();
  });

  it("X gets an HMAC of its token, in base64 (ND14)", () => {
    const answer = reply("x-crc", { query: "crc_token=NTM2YmY5YjMtZjYwZC00OGM5" });
    if (!answer || typeof answer === "string") throw new Error(`the answer is ${answer}`);
    expect(JSON.parse(answer.text)).toEqual({
      response_token: `sha256=${hmac("NTM2YmY5YjMtZjYwZC00OGM5").digest("base64")}`,
    });
    expect(reply("x-crc", {})).toBeNull();
  });

  it("CloudEvents are allowed from the origin that asks, at any rate (ND14)", () => {
    const headers = { "webhook-request-origin": "eventemitter.example.com", "webhook-request-rate": "120" };
    expect(reply("cloudevents", { headers })).toEqual({
      type: null,
      headers: { allow: "POST", "webhook-allowed-origin": "eventemitter.example.com", "webhook-allowed-rate": "*" },
      text: "",
    });
    expect(reply("cloudevents", {})).toBeNull();
  });

  it("what is signed for anybody who asks can never be a message: no JSON object, no timestamp before a body", () => {
    for (const token of ['{"event":"x"}', "v0:1654503849:{}", "a b", "a\nb", "", "x".repeat(257), "é"]) {
      expect(reply("zoom", { body: { event: "endpoint.url_validation", payload: { plainToken: token } } })).toBe(
        "malformed",
      );
      expect(reply("x-crc", { query: new URLSearchParams({ crc_token: token }).toString() })).toBe("malformed");
    }
    expect(reply("zoom", { body: { event: "endpoint.url_validation" } })).toBe("malformed");
    expect(reply("zoom", { body: { event: "endpoint.url_validation", payload: { plainToken: 5 } } })).toBe("malformed");
  });

  it("what is repeated is short and plain", () => {
    for (const token of ["", "x".repeat(1025), "line\nbreak", "nul\0", "emoji 🐶"]) {
      const query = new URLSearchParams({
        validationToken: token,
        "hub.mode": "subscribe",
        "hub.verify_token": SECRET,
        "hub.challenge": token,
      }).toString();
      expect(reply("microsoft-graph", { query })).toBe("malformed");
      expect(reply("meta", { query })).toBe("malformed");
      expect(reply("slack", { body: { type: "url_verification", challenge: token } })).toBe("malformed");
    }
    for (const origin of ["a.example, b.example", "<script>", "a b", "x".repeat(256)]) {
      expect(reply("cloudevents", { headers: { "webhook-request-origin": origin } })).toBe("malformed");
    }
  });

  it("are looked for in one method each, in the head or in the body", () => {
    const places = SCHEMES.map((scheme) =>
      ["GET", "POST", "PUT", "HEAD", "OPTIONS"].map((method) => challengeLocation(handshakeOf(scheme), method)),
    );
    expect(places).toEqual([
      ["head", null, null, null, null],
      [null, "body", null, null, null],
      [null, "head", null, null, null],
      [null, "body", null, null, null],
      ["head", null, null, null, null],
      [null, null, null, null, "head"],
    ]);
  });

  it("any request whatever gets an answer, never an exception", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SCHEMES), fc.json(), fc.string(), (scheme, text, query) => {
        const answer = reply(scheme, { body: JSON.parse(text), query });
        expect(answer === null || typeof answer === "string" || typeof answer.text === "string").toBe(true);
      }),
    );
  });
});
