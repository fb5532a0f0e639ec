import { describe, expect, it } from "vitest";
import { flowInput, flowRecord } from "../../../src/core/schema/flow.ts";
import {
  apiKeyInput,
  apiKeyPatch,
  responseTimeoutMs,
  showApiKey,
  triggerInput,
  triggerRecord,
} from "../../../src/core/schema/trigger.ts";
import { problemsOf } from "../../support/core/schema.ts";

const trigger = (more: object = {}) => ({ flow: "orders", ...more });
const problems = (more: object) => problemsOf(triggerInput, trigger(more));
const timeoutMs = (requestResponse: unknown) =>
  responseTimeoutMs({ ...triggerInput.parse(trigger({ requestResponse })), name: "t" });

describe("a trigger", () => {
  it("by default GET and POST, open, unordered, without request-response (N2 N7 ND3)", () => {
    expect(triggerInput.parse(trigger())).toMatchObject({
      flow: "orders",
      methods: ["GET", "POST"],
      auth: { type: "none" },
      orderedDelivery: false,
      requestResponse: false,
    });
  });

  it("takes what the contract shows", () => {
    const example = trigger({
      methods: ["GET", "POST"],
      auth: { type: "apiKeys" },
      orderedDelivery: true,
      requestResponse: { timeoutSeconds: 25 },
    });
    expect(triggerInput.parse(example)).toMatchObject(example);
    expect(problems({ methods: ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"] })).toEqual([]);
  });

  it("request-response waits for 25 s, or for the setting, up to 300 s (ND6)", () => {
    expect(timeoutMs(false)).toBe(0);
    expect(timeoutMs(true)).toBe(25_000);
    expect(timeoutMs({})).toBe(25_000);
    expect(timeoutMs({ timeoutSeconds: 300 })).toBe(300_000);
    expect(problems({ requestResponse: { timeoutSeconds: 300.5 } })).toEqual(["requestResponse.timeoutSeconds"]);
    expect(problems({ requestResponse: { timeoutSeconds: 0 } })).toEqual(["requestResponse.timeoutSeconds"]);
  });

  it("names the field of everything that is wrong (ND16)", () => {
    expect(problemsOf(triggerInput, {})).toEqual(["flow"]);
    expect(problems({ flow: "no name" })).toEqual(["flow"]);
    expect(problems({ methods: [] })).toEqual(["methods"]);
    expect(problems({ methods: ["GET", "TRACE", "post"] })).toEqual(["methods[1]", "methods[2]"]);
    expect(problems({ auth: { type: "magic" } })).toEqual(["auth.type"]);
    expect(problems({ auth: {} })).toEqual(["auth.type"]);
    expect(problems({ auth: "none" })).toEqual(["auth"]);
    expect(problems({ orderedDelivery: "yes" })).toEqual(["orderedDelivery"]);
    expect(problems({ requestResponse: "yes" })).toEqual(["requestResponse"]);
  });

  it("names unknown fields, wherever they stand (ND16)", () => {
    expect(problems({ ordered: true })).toEqual(["ordered"]);
    expect(problems({ auth: { type: "none", key: "x" } })).toEqual(["auth.key"]);
    expect(problems({ requestResponse: { timeout: 5 } })).toEqual(["requestResponse.timeout"]);
    expect(problems({ name: "t", url: "https://gateway.test/" })).toEqual(["name", "url"]);
  });
});

describe("an API key", () => {
  it("has a label, which is required and trimmed (N9 ND4)", () => {
    expect(apiKeyInput.parse({ label: " shop " })).toEqual({ label: "shop" });
    for (const label of [undefined, "", "  ", 5, null, "x".repeat(1000)]) {
      expect(problemsOf(apiKeyInput, { label })).toEqual(["label"]);
      expect(problemsOf(apiKeyPatch, { label })).toEqual(["label"]);
    }
  });

  it("may be pasted, if it fits into a header and cannot be guessed by its length alone (N10)", () => {
    expect(problemsOf(apiKeyInput, { label: "shop", key: "12345678-ab~!" })).toEqual([]);
    for (const key of [
      "",
      "short",
      "with space in it",
      "with\nnewline",
      "naïve-key-value",
      12345678,
      "x".repeat(5000),
    ]) {
      expect(problemsOf(apiKeyInput, { label: "shop", key })).toEqual(["key"]);
    }
  });

  it("a change of the key itself is refused (ND4)", () => {
    expect(problemsOf(apiKeyPatch, { label: "shop", key: "12345678" })).toEqual(["key"]);
    expect(problemsOf(apiKeyPatch, { key: "12345678" })).toEqual(["key", "label"]);
    expect(problemsOf(apiKeyInput, { label: "shop", id: "x", prefix: "y" })).toEqual(["id", "prefix"]);
  });

  it("is shown without its hash (ND4)", () => {
    const record = { id: "i", label: "shop", prefix: "hbk_", hash: "secret", createdAt: "2027-01-31T12:00:00Z" };
    expect(showApiKey(record)).toEqual({ id: "i", label: "shop", prefix: "hbk_", createdAt: "2027-01-31T12:00:00Z" });
  });
});

describe("content types of templates", () => {
  const output = (contentType: string) => ({ flow: "f", output: { template: "x", contentType } });
  const steps = (contentType: string) => ({ steps: [{ name: "a", type: "transform", template: "x", contentType }] });

  it("are media types in requests", () => {
    for (const type of ["text/plain", "application/vnd.a+json; charset=utf-8"]) {
      expect(triggerInput.safeParse(output(type)).success).toBe(true);
      expect(flowInput.safeParse(steps(type)).success).toBe(true);
    }
    for (const type of ["text", "text/", "a b/c", "text/plain, text/html", ""]) {
      expect(triggerInput.safeParse(output(type)).success, type).toBe(false);
      expect(flowInput.safeParse(steps(type)).success, type).toBe(false);
    }
  });

  it("are read as an earlier version stored them", () => {
    expect(triggerRecord.parse({ ...output("text"), name: "t" })).toMatchObject(output("text"));
    const id = "0197f3a2-5d1e-7c44-9b1f-2f6d1c3a8e70";
    expect(flowRecord.parse({ ...steps("text"), name: "f", id })).toMatchObject(steps("text"));
  });
});
