import { describe, expect, it } from "vitest";
import { flowInput, templatesOf } from "../../../src/core/schema/flow.ts";
import { problemsOf } from "../../support/core/schema.ts";

const step = (more: object = {}) => ({ name: "register", type: "http", url: "https://erp.test/", ...more });
const problems = (...steps: unknown[]) => problemsOf(flowInput, { steps });

describe("a flow", () => {
  it("an http step has the contract's defaults: sync, its callback's body as message, seven days (L3 L4 LD10)", () => {
    expect(flowInput.parse({ steps: [step()] })).toMatchObject({
      steps: [
        {
          name: "register",
          type: "http",
          url: "https://erp.test/",
          method: "POST",
          headers: {},
          async: false,
          useAsyncResponseBody: true,
          callbackTimeoutSeconds: 604_800,
          timeoutSeconds: 30,
          retry: { delaysSeconds: [1, 5, 30, 120] },
        },
      ],
    });
  });

  it("takes the contract's example, without what later dialects add", () => {
    const example = step({
      method: "POST",
      headers: { authorization: "Bearer {{ secrets.erp }}" },
      async: true,
      useAsyncResponseBody: true,
      callbackTimeoutSeconds: 604800,
      timeoutSeconds: 30,
      retry: { delaysSeconds: [1, 5, 30, 120] },
    });
    expect(flowInput.parse({ steps: [example] })).toMatchObject({ steps: [example] });
  });

  it("may have no steps, several steps, and retries of any number, none included", () => {
    expect(problems()).toEqual([]);
    expect(problems(step(), step({ name: "second", retry: { delaysSeconds: [] } }))).toEqual([]);
    expect(problems(step({ retry: { delaysSeconds: [0, 0.5, 3600] } }))).toEqual([]);
  });

  it("names the field of everything that is wrong (ND16)", () => {
    expect(problems(step(), step())).toEqual(["steps[1].name"]);
    expect(problems(step({ name: "" }), step({ name: "a b" }), step({ name: 5 }))).toEqual([
      "steps[0].name",
      "steps[1].name",
      "steps[2].name",
    ]);
    expect(problems(step({ type: "smtp" }))).toEqual(["steps[0].type"]);
    expect(problems({ name: "x", url: "https://erp.test/" })).toEqual(["steps[0].type"]);
    expect(problems({ name: "x", type: "http" })).toEqual(["steps[0].url"]);
    expect(problems(step({ url: "" }))).toEqual(["steps[0].url"]);
    expect(problems(step({ method: "BREW" }), step({ name: "b", method: "post" }))).toEqual([
      "steps[0].method",
      "steps[1].method",
    ]);
    expect(problems(step({ async: "yes", useAsyncResponseBody: 1 }))).toEqual([
      "steps[0].async",
      "steps[0].useAsyncResponseBody",
    ]);
    expect(problems(step({ timeoutSeconds: 0, callbackTimeoutSeconds: -1 }))).toEqual([
      "steps[0].callbackTimeoutSeconds",
      "steps[0].timeoutSeconds",
    ]);
    expect(problems(step({ retry: { delaysSeconds: [1, -1, "5"] } }))).toEqual([
      "steps[0].retry.delaysSeconds[1]",
      "steps[0].retry.delaysSeconds[2]",
    ]);
    expect(problemsOf(flowInput, {})).toEqual(["steps"]);
    expect(problemsOf(flowInput, [])).toEqual([""]);
  });

  it("names unknown fields, wherever they stand (ND16)", () => {
    expect(problems(step({ asynch: true }))).toEqual(["steps[0].asynch"]);
    expect(problems(step({ retry: { delaysSeconds: [], delay: 1 } }))).toEqual(["steps[0].retry.delay"]);
    expect(problemsOf(flowInput, { steps: [], name: "x", colour: 1 })).toEqual(["colour", "name"]);
  });

  it("a template that does not parse, or names what steps do not see, is refused where it stands (ND11 ND16)", () => {
    expect(problems(step({ url: "https://erp.test/{{ message.id" }))).toEqual(["steps[0].url"]);
    expect(problems(step({ url: "https://erp.test/{{ query.id }}" }))).toEqual(["steps[0].url"]);
    expect(problems(step({ headers: { "x-a": "{{ body }}", "x-b": "{{ message.ok }}" } }))).toEqual([
      "steps[0].headers.x-a",
    ]);
    expect(
      problems(step({ url: "{{ message.host }}", headers: { a: "{{ trigger.name }}{{ execution.id }}" } })),
    ).toEqual([]);
  });

  it("headers that are none, or that the gateway sets itself, are refused by name (ND16)", () => {
    for (const name of ["a b", "a:b", "", "é", "a\r\nb"]) {
      expect(problems(step({ headers: { [name]: "x" } }))).toEqual([`steps[0].headers.${name}`]);
    }
    for (const name of [
      "X-Link-Correlation-Id",
      "x-link-callback-url",
      "hookback-attempt",
      "Idempotency-Key",
      "traceparent",
      "Host",
      "Content-Length",
      "Transfer-Encoding",
      "Connection",
    ]) {
      expect(problems(step({ headers: { [name]: "x" } }))).toEqual([`steps[0].headers.${name}`]);
    }
    expect(problems(step({ headers: { Authorization: "x", "Content-Type": "text/plain", "x-my": "y" } }))).toEqual([]);
  });
});

describe("the templates of a step", () => {
  it("are its URL and its headers, each with its field", () => {
    const [first] = flowInput.parse({ steps: [step({ headers: { a: "{{ secrets.x }}" } })] }).steps;
    expect(first && templatesOf(first)).toEqual([
      { field: "url", source: "https://erp.test/" },
      { field: "headers.a", source: "{{ secrets.x }}" },
    ]);
  });
});
