import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { Refusal } from "../../../src/core/refusal.ts";
import { tokenInput } from "../../../src/core/schema/access.ts";
import { newAdapterInput } from "../../../src/core/schema/adapter.ts";
import { callbackSettings } from "../../../src/core/schema/callback.ts";
import { check } from "../../../src/core/schema/check.ts";
import { configDocument } from "../../../src/core/schema/config-document.ts";
import { flowInput } from "../../../src/core/schema/flow.ts";
import { triggerInput } from "../../../src/core/schema/trigger.ts";
import { workspaceInput } from "../../../src/core/schema/workspace.ts";

function toldOf(schema: z.ZodType, value: unknown): string {
  const checked = check(schema, value);
  if (!(checked instanceof Refusal)) throw new Error("it was taken");
  return (checked.extras.errors ?? []).map(({ field, message }) => `${field}: ${message}`).join("\n");
}

const step = (more: object) => ({ steps: [{ name: "a", type: "http", url: "https://erp.example", ...more }] });
const trigger = (more: object) => ({ flow: "f", ...more });

describe("what is wrong is told in words", () => {
  it.each<[z.ZodType, unknown, string]>([
    [flowInput, [], ": must be an object, not a list"],
    [flowInput, null, ": must be an object, not null"],
    [flowInput, {}, "steps: is required"],
    [flowInput, { steps: [5] }, "steps[0]: must be an object, not a number"],
    [flowInput, { steps: [{}] }, "steps[0].type: must be http, adapter or transform"],
    [flowInput, { steps: [{ name: "a", type: "smoke" }] }, "steps[0].type: must be http, adapter or transform"],
    [flowInput, { steps: Array(51).fill(step({}).steps[0]) }, "steps: must have at most 50 entries"],
    [flowInput, step({ method: "TRACE" }), "steps[0].method: must be GET, POST, PUT, PATCH or DELETE"],
    [flowInput, step({ async: "yes" }), "steps[0].async: must be true or false, not a text"],
    [flowInput, step({ url: true }), "steps[0].url: must be a text, not true"],
    [flowInput, step({ timeoutSeconds: 0 }), "steps[0].timeoutSeconds: must be at least 0.1"],
    [flowInput, step({ timeoutSeconds: 301 }), "steps[0].timeoutSeconds: must be at most 300"],
    [flowInput, step({ headers: { a: 5 } }), "steps[0].headers.a: must be a text, not a number"],
    [
      flowInput,
      step({ retry: { delaysSeconds: ["x"] } }),
      "steps[0].retry.delaysSeconds[0]: must be a number, not a text",
    ],
    [triggerInput, trigger({ methods: [] }), "methods: must not be empty"],
    [triggerInput, trigger({ maxConcurrency: 0.5 }), "maxConcurrency: must be a whole number"],
    [
      triggerInput,
      trigger({ orderedDelivery: 5 }),
      "orderedDelivery: must be true or false or an object, not a number",
    ],
    [triggerInput, trigger({ orderedDelivery: { key: 5 } }), "orderedDelivery.key: must be a text, not a number"],
    [triggerInput, trigger({ auth: { type: "x" } }), "auth.type: must be none, apiKeys, basic or signature"],
    [
      triggerInput,
      trigger({ auth: { type: "signature", scheme: "github", secret: 5 } }),
      "auth.secret: must be a text or a list, not a number",
    ],
    [workspaceInput, { documentStatuses: [""] }, "documentStatuses[0]: must not be empty"],
    [workspaceInput, { platformUrl: "x" }, "platformUrl: must be an absolute http or https URL"],
    [
      tokenInput,
      { label: "a", permissions: ["config.read"], expiresAt: "soon" },
      "expiresAt: must be a time such as 2030-01-31T12:00:00Z",
    ],
    [callbackSettings, { responseType: "response" }, "callbackActivity: is required"],
    [
      newAdapterInput,
      { name: "a", type: "x", webhook_url: "https://a.example" },
      "type: must be input or output\nshared_secret: is required",
    ],
    [
      configDocument,
      { flows: { "a b": { steps: [] } } },
      "flows.a b: up to 64 letters, digits, dots, hyphens and underscores",
    ],
    [configDocument, { flow: {} }, "flow: is not a known field; did you mean flows?"],
    [configDocument, { streams: {} }, "streams: is not a known field"],
    [flowInput, step({ asynch: true }), "steps[0].asynch: is not a known field; did you mean async?"],
    [
      flowInput,
      step({ smoke: 1, ulr: 1 }),
      "steps[0].smoke: is not a known field\nsteps[0].ulr: is not a known field; did you mean url?",
    ],
    [
      flowInput,
      step({ timeout_seconds: 5 }),
      "steps[0].timeout_seconds: is not a known field; did you mean timeoutSeconds?",
    ],
    [triggerInput, trigger({ auth: { type: "none", typ: 1 } }), "auth.typ: is not a known field; did you mean type?"],
    [
      triggerInput,
      trigger({ orderedDelivery: { onFail: "block" } }),
      "orderedDelivery.onFail: is not a known field; did you mean onFailure?",
    ],
  ])("of %o (ND16)", (schema, value, told) => {
    expect(toldOf(schema, value)).toBe(told);
  });
});
