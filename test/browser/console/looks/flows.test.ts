import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../../support/browser/console.ts";
import { choose, expectSound, HOSTILE, LOOKS } from "../../../support/browser/console-forms.ts";
import { startBrowser } from "../../../support/browser.ts";
import { startTarget, type Target } from "../../../support/target.ts";
import { newWorkspace, type Workspace } from "../../../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let workspace: Workspace;
let target: Target;

beforeAll(async () => {
  target = await startTarget();
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
  await workspace.put("/secrets/erp", { value: "swordfish" });
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});
const preview = (of: Page, what: string) => of.getByRole("region", { name: `Preview: ${what}` });

describe("templates and the look of flows in the console", () => {
  it("shows what templates make of a sample, and of the message of a past execution", async () => {
    const url = await workspace.endpoint("preview", [
      { name: "shape", type: "transform", template: "{{ message.customer }} {{ execution.id }}" },
      {
        name: "send",
        type: "http",
        url: `${target.url}/{{ trigger.name }}`,
        headers: { "x-erp": "{{ secrets.erp }}" },
      },
    ]);
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ customer: HOSTILE }),
    });
    const { executionId } = (await response.json()) as { executionId: string };
    await workspace.settled(executionId);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/flows/preview`);
    await page.getByRole("button", { name: /^shape/ }).click();
    await page.getByRole("button", { name: /^send/ }).click();
    await page.getByText("Preview of templates").click();
    await choose(page, "Show what templates make of", "A sample message");
    await preview(page, "message").getByText("undefined variable: message.customer").waitFor();
    await page.getByRole("textbox", { name: "Sample message" }).fill('{"customer": "Ada"}');
    await preview(page, "message").getByText("Ada ").waitFor();
    await preview(page, "URL").getByText(`${target.url}/preview`).waitFor();
    await preview(page, "header x-erp").getByText("(secret erp)").waitFor();
    expect(await page.locator("main").textContent()).not.toContain("swordfish");

    await choose(page, "Show what templates make of", "The message of a past execution");
    await choose(page, "Execution", new RegExp(executionId.slice(0, 8)));
    await preview(page, "message").getByText(executionId).waitFor();
    expect(await preview(page, "message").textContent()).toContain(HOSTILE);
    expect(await page.title()).not.toBe("stolen");
    expect(await page.locator("img[onerror]").count()).toBe(0);
    expect(console.complaints).toEqual([]);
  });

  it.each(LOOKS)(
    "is accessible, fits, and shows what came from outside as text: $colorScheme, $size",
    async ({ colorScheme, viewport }) => {
      const { id: adapter } = await workspace.post<{ id: string }>("/adapters", {
        name: `${colorScheme} ${viewport.width} ${HOSTILE}`.slice(0, 100),
        type: "input",
        webhook_url: `${target.url}/adapter`,
        shared_secret: "between-us",
        configuration: [
          { key: "text", kind: "string", label: HOSTILE.slice(0, 90), required: true },
          { key: "table", kind: "table", label: "Table", required: false, columns: [HOSTILE.slice(0, 90), "to"] },
          { key: "free", kind: "table", label: "Free table", required: false },
        ],
      });
      await workspace.endpoint("hostile", [
        { name: "shape", type: "transform", template: HOSTILE.repeat(3) },
        { name: "send", type: "http", url: target.url, async: true, headers: { "x-a": HOSTILE } },
        {
          name: "convert",
          type: "adapter",
          adapter,
          configuration: { text: HOSTILE, table: [{ to: HOSTILE }], free: [{ a: 1 }] },
        },
      ]);
      await using console = await openConsole(browser, gateway, { token: gateway.token, colorScheme, viewport });
      const { page } = console;
      await console.open(`/${workspace.name}/flows`);
      await page.getByRole("link", { name: "hostile" }).waitFor();
      await expectSound(console, "the list");
      await console.open(`/${workspace.name}/flows/~new`);
      await page.getByText("No steps yet").waitFor();
      await expectSound(console, "a new one");
      await console.open(`/${workspace.name}/flows/hostile`);
      await page.getByRole("button", { name: /^shape/ }).waitFor();
      await expectSound(console, "one that is folded");
      for (const name of [/^shape/, /^send/, /^convert/]) await page.getByRole("button", { name }).click();
      await page.getByText("Preview of templates").click();
      await choose(page, "Show what templates make of", "A sample message");
      await preview(page, "message").getByText("<script>").waitFor();
      await expectSound(console, "one with everything open");
      await page.getByRole("textbox", { name: "URL" }).fill("nowhere");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator("[aria-invalid=true]").first().waitFor();
      await expectSound(console, "one with a problem");
      expect(console.complaints).toEqual([]);
    },
    60_000,
  );
});
