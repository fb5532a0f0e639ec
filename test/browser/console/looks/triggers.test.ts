import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../../support/browser/console.ts";
import { choose, expectSound, HOSTILE, LOOKS } from "../../../support/browser/console-forms.ts";
import { startBrowser } from "../../../support/browser.ts";
import { newWorkspace, type Workspace } from "../../../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let workspace: Workspace;

beforeAll(async () => {
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(async () => {
  await browser?.close();
});

describe("the look of triggers in the console", () => {
  it.each(LOOKS)(
    "is accessible, fits, and shows what came from outside as text: $colorScheme, $size",
    async ({ colorScheme, viewport }) => {
      await workspace.endpoint("hostile", [], {
        auth: { type: "apiKeys" },
        orderedDelivery: { key: "{{ query.a }}", onFailure: "block" },
        requestResponse: true,
        query: [{ name: HOSTILE.slice(0, 90), default: HOSTILE }],
        input: { template: HOSTILE, contentType: "text/html" },
      });
      const key = `${colorScheme}-${viewport.width}-key`;
      await workspace.post("/triggers/hostile/keys", { label: HOSTILE.slice(0, 90), key });
      await using console = await openConsole(browser, gateway, { token: gateway.token, colorScheme, viewport });
      const { page } = console;
      await console.open(`/${workspace.name}/triggers`);
      await page.getByRole("link", { name: "hostile" }).waitFor();
      await expectSound(console, "the list");
      await console.open(`/${workspace.name}/triggers/~new`);
      await page.getByRole("button", { name: "Add authentication" }).waitFor();
      await expectSound(console, "a new one");
      await page.getByRole("button", { name: "Add authentication" }).click();
      await choose(page, "Type of authentication", "Signature of the sender");
      await choose(page, "Signature scheme", "Any other HMAC");
      await page.getByText("Repeated messages and limits").click();
      await page.getByText("Handshake").first().click();
      await expectSound(console, "a new one with everything open");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("a name is required").waitFor();
      await expectSound(console, "a new one with a problem");
      await console.open(`/${workspace.name}/triggers/hostile`);
      await page.getByText("<img src=x").first().waitFor();
      await page.getByLabel("API key", { exact: true }).fill(key);
      await page.getByRole("form", { name: "Test message" }).getByRole("button", { name: "Send" }).click();
      await page.getByRole("region", { name: "Answer" }).getByText("<script>").first().waitFor();
      await expectSound(console, "one with a result");
      await page.getByRole("button", { name: "Add New Key" }).click();
      await page.getByRole("dialog").waitFor();
      await expectSound(console, "the dialog of a key");
      expect(console.complaints).toEqual([]);
    },
    60_000,
  );
});
