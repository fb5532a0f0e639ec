import { describe, expect, it } from "vitest";
import type { CallbackConfig, Flow, Trigger } from "../../src/client/index.ts";
import { usersOf } from "../../src/console/pages/secrets/secret-users.ts";

const flow = (name: string, step: object) => ({ name, id: "", steps: [step] }) as unknown as Flow;
const trigger = (name: string, fields: object) => ({ name, flow: "", ...fields }) as unknown as Trigger;

const users = {
  flows: [
    flow("header", { headers: { authorization: "Bearer {{ secrets.erp }}" } }),
    flow("filtered", { url: "https://x/?k={{secrets.erp|url_encode}}" }),
    flow("bracket", { template: '{{ secrets["erp"] }}' }),
    flow("signed", { signingSecret: "erp" }),
    flow("longer name", { template: "{{ secrets.erp-2 }}{{ secrets.erp_b }}{{ secrets.erpx }}" }),
    flow("same word", { url: "https://erp/", name: "erp", template: "secrets.erp" }),
  ],
  triggers: [
    trigger("basic", { auth: { type: "basic", username: "erp", passwordSecret: "erp" } }),
    trigger("rotated", { auth: { type: "signature", scheme: "github", secret: ["old", "erp"] } }),
    trigger("handshake", { handshake: { scheme: "meta", secret: "erp" } }),
    trigger("other", { auth: { type: "basic", username: "erp", passwordSecret: "crm" } }),
  ],
  configs: [
    { name: "return", callbackActivity: { type: "http", url: "https://x/", signingSecret: "erp" } } as CallbackConfig,
  ],
};

describe("what names a secret", () => {
  it("is found in fields and templates, with the path of its page", () => {
    expect(usersOf("erp", users).map(({ path }) => path)).toEqual([
      "/flows/header",
      "/flows/filtered",
      "/flows/bracket",
      "/flows/signed",
      "/triggers/basic",
      "/triggers/rotated",
      "/triggers/handshake",
      "/callbacks/configurations/return",
    ]);
  });

  it("is nothing for a name that nobody uses", () => {
    expect(usersOf("er", users)).toEqual([]);
  });
});
