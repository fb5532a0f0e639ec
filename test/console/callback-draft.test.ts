import { describe, expect, it } from "vitest";
import type { CallbackConfigInput } from "../../src/client/index.ts";
import {
  BLANK_CONFIG,
  inputOf,
  NEW_CALLBACK,
  withConfig,
} from "../../src/console/pages/callbacks/fields/callback-draft.ts";
import { callbackConfigInput } from "../../src/core/schema/callback.ts";

const FULL: CallbackConfigInput = {
  callbackActivity: { type: "http", url: "https://erp.example/", timeoutSeconds: 12.5, signingSecret: "erp" },
  callbackActivityCase: "1:142:432",
  stateQueryParameter: "RelayState",
  retryableAfterError: true,
  allowMultipleCalls: false,
  alternativeDomain: "https://callbacks.example",
  responseType: "response",
  responseBody: "{}",
  responseCode: 202,
  responseHeaders: { "content-type": "application/json" },
  expiresInSeconds: 5_400,
  confirm: false,
  replay: "same-response",
};

describe("a callback as its form holds it", () => {
  it.each([
    {},
    FULL,
    { callbackActivity: { type: "flow", flow: "orders" } as const },
    { callbackActivity: { type: "record" } as const, confirm: true },
    { responseType: "redirect", responseRedirectUrl: "/page/thankyou" } as const,
    { expiresInSeconds: 1 },
    { expiresInSeconds: 86_400 * 365 },
  ])("a stored configuration comes back as it was: %j", (config) => {
    expect(inputOf(withConfig(BLANK_CONFIG, callbackConfigInput.parse(config)))).toEqual(config);
  });

  it("a new one sends what is not empty, with every yes and no", () => {
    expect(inputOf(NEW_CALLBACK)).toEqual({
      callbackActivity: { type: "record" },
      responseType: "response",
      retryableAfterError: false,
      allowMultipleCalls: false,
      confirm: false,
      replay: "gone",
    });
  });

  it("leaves out what the response type has no use for", () => {
    const typed = {
      ...withConfig(NEW_CALLBACK, FULL as never),
      responseType: "redirect",
      responseRedirectUrl: "/case/1",
    };
    const input = inputOf(typed as typeof NEW_CALLBACK);
    expect(input).toMatchObject({ responseType: "redirect", responseRedirectUrl: "/case/1" });
    expect(input).not.toHaveProperty("responseBody");
    expect(input).not.toHaveProperty("responseHeaders");
  });
});
