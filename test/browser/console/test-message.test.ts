import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { addKey, choose } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let workspace: Workspace;
let target: Target;

beforeAll(async () => {
  target = await startTarget(({ path }) =>
    path === "/async"
      ? { status: 202 }
      : { headers: { "content-type": "application/json" }, body: '{"workOrder":4711}' },
  );
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});

const open = () => openConsole(browser, gateway, { token: gateway.token });
const sendTest = (page: Page) => page.getByRole("form", { name: "Test message" }).getByRole("button", { name: "Send" });

describe("test messages in the console", () => {
  it("sends a test message with a key just added, and shows the result and the execution", async () => {
    await workspace.endpoint("try", [{ name: "look-up", type: "http", url: `${target.url}/erp` }], {
      auth: { type: "apiKeys" },
      requestResponse: true,
      query: [{ name: "status", default: "new" }],
      input: "{{ query.status }}",
    });
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/try`);
    await page.getByRole("button", { name: "Send a test message" }).click();
    await sendTest(page).click();
    const answer = page.getByRole("region", { name: "Answer" });
    await answer.getByText("The credentials are missing or wrong").waitFor();

    await addKey(page, "Tester");
    await page.getByRole("combobox", { name: "Key" }).getByText("Tester (just added)").waitFor();
    await page.getByRole("form", { name: "Test message" }).getByRole("textbox", { name: "status" }).fill("sent");
    await sendTest(page).click();
    await answer.getByText("The result of the flow.").waitFor();
    await answer.getByText("4711").waitFor();
    await answer.getByRole("region", { name: "Execution" }).getByText("succeeded").first().waitFor();
    expect(target.received.at(-1)?.body.toString()).toBe("sent");
    await answer.getByText("headers of the answer").click();
    await answer.getByText("hookback-execution-id").waitFor();
    await answer.getByRole("region", { name: "Execution" }).getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: /succeeded/ }).waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("shows an execution that waits while it waits", async () => {
    await workspace.endpoint("waits", [{ name: "ask", type: "http", url: `${target.url}/async`, async: true }]);
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/waits`);
    await sendTest(page).click();
    const answer = page.getByRole("region", { name: "Answer" });
    await answer.getByText("202").waitFor();
    await answer.getByText("waiting").first().waitFor();
    const [execution] = await workspace.executions({ trigger: "waits" });
    await workspace.post(`/executions/${execution?.id}/cancel`, {});
    await answer.getByText("cancelled").first().waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("signs test messages as each provider would, with a secret created in place (ND2)", async () => {
    await workspace.endpoint("signed", []);
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/signed`);
    await page.getByRole("button", { name: "Add authentication" }).click();
    await choose(page, "Type of authentication", "Signature of the sender");
    const schemes = ["Standard Webhooks", "GitHub", "Stripe", "Shopify", "Slack", "Chain.io", "Any other HMAC"];
    const value = `whsec_${Buffer.from("sixteen bytes or more").toString("base64")}`;
    await page.getByRole("button", { name: "Add secret" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("provider");
    await page.getByRole("dialog").getByLabel("Value").fill(value);
    await page.getByRole("dialog").getByRole("button", { name: "Add secret" }).click();
    await page.getByRole("combobox", { name: "Secret", exact: true }).getByText("provider").waitFor();
    for (const scheme of schemes) {
      await choose(page, "Signature scheme", scheme);
      if (scheme === "Any other HMAC") {
        await page.getByRole("textbox", { name: "Header of the signature" }).fill("x-sig");
        await page.getByRole("textbox", { name: "What is signed" }).fill("{timestamp}:{body}");
        await page.getByRole("textbox", { name: "Header of the time of signing" }).fill("x-time");
      }
      const saved = page.waitForResponse((response) => response.request().method() === "PUT" && response.ok());
      await page.getByRole("button", { name: "Save" }).click();
      await saved;
      await page.getByText("Everything is saved").waitFor();
      await page.getByLabel("Value of the secret").fill(value);
      const sent = page.waitForResponse((response) => response.url().endsWith(`/${workspace.name}/signed`));
      await sendTest(page).click();
      expect((await sent).status(), scheme).toBe(202);
      await page.getByRole("region", { name: "Answer" }).getByText("202 Accepted").waitFor();
    }
    expect(console.complaints).toEqual([]);
  }, 60_000);
});
