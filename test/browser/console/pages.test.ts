import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole, PHONE } from "../../support/browser/console.ts";
import { expectSound, HOSTILE_TEXT, LOOKS } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let workspace: Workspace;
let empty: Workspace;
let target: Target;
let failedId: string;

beforeAll(async () => {
  target = await startTarget(() => ({ status: 422, headers: { "content-type": "text/html" }, body: HOSTILE_TEXT }));
  [browser, workspace, empty] = await Promise.all([startBrowser(), newWorkspace(gateway), newWorkspace(gateway)]);
  const step = { name: "enter", type: "http", url: target.url, retry: { delaysSeconds: [] } };
  await workspace.endpoint("orders", [step]);
  await workspace.endpoint("lanes", [step], {
    orderedDelivery: { key: "{{ query.key }}", onFailure: "block" },
    query: [{ name: "key" }],
  });
  const send = async (trigger: string, type: string, body: string) => {
    const url = `${gateway.url}/${workspace.name}/${trigger}?key=${encodeURIComponent(HOSTILE_TEXT)}`;
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": type, "user-agent": HOSTILE_TEXT },
      body,
    });
    return ((await response.json()) as { executionId: string }).executionId;
  };
  await send("lanes", "application/json", JSON.stringify({ [HOSTILE_TEXT]: HOSTILE_TEXT }));
  await send("orders", "text/html", HOSTILE_TEXT);
  failedId = await send("orders", "application/json", JSON.stringify({ [HOSTILE_TEXT]: [HOSTILE_TEXT] }));
  await workspace.settled(failedId);
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});

/** Every page with a name, and a text by which it is there. */
const pages = () => [
  { name: "overview", path: `/${workspace.name}`, text: "Latest failures" },
  { name: "overview without executions", path: `/${empty.name}`, text: "No executions in the last 24 hours" },
  { name: "executions", path: `/${workspace.name}/executions`, text: failedId.slice(0, 13) },
  { name: "executions, none of them", path: `/${empty.name}/executions`, text: "No executions yet" },
  { name: "execution", path: `/${workspace.name}/executions/${failedId}`, text: "application/json" },
  { name: "an execution that is not there", path: `/${workspace.name}/executions/nope`, text: "There is nothing here" },
  { name: "no page", path: `/${workspace.name}/nope/nope`, text: "There is no such page" },
];

describe("every page of the console", () => {
  it.each(LOOKS)(
    "is accessible, fits and complains of nothing: $colorScheme, $size",
    async ({ colorScheme, viewport }) => {
      await using console = await openConsole(browser, gateway, { token: gateway.token, colorScheme, viewport });
      const { page } = console;
      for (const { name, path, text } of pages()) {
        await console.open(path);
        await page.getByText(text).first().waitFor();
        await expectSound(console, name);
      }
      expect(console.complaints).toEqual([]);
    },
    60_000,
  );

  it("shows what came from outside as text, in every view of it", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    for (const { id } of await workspace.executions()) {
      await console.open(`/${workspace.name}/executions/${id}`);
      await page.getByRole("region", { name: "Body" }).getByText("<script>").first().waitFor();
      for (const tab of await page.getByRole("tab").all()) {
        await tab.click();
        await page.waitForTimeout(30);
      }
      expect(await page.locator("img[onerror]").count()).toBe(0);
    }
    await console.open(`/${workspace.name}?window=1h`);
    await page.getByRole("region", { name: "Lanes that stand still" }).getByText("<script>").waitFor();
    expect(await page.title()).not.toBe("stolen");
    expect(console.complaints).toEqual([]);
  });

  it("can be reached and left with the keyboard alone", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/executions`);
    await page.getByRole("link", { name: failedId.slice(0, 13) }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.getByRole("link", { name: failedId.slice(0, 13) }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Execution" }).waitFor();
    expect(await page.evaluate("document.activeElement.id"), "the content has the focus").toBe("main");
  });

  it("a phone has the navigation behind a button", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token, viewport: PHONE });
    const { page } = console;
    await console.open(`/${workspace.name}`);
    await page.getByRole("button", { name: "Open the navigation" }).click();
    await console.expectAccessible();
    await page.getByRole("button", { name: /^Workspace / }).click();
    await page.getByRole("menuitem", { name: "New workspace" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").getByRole("link", { name: "Executions", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Executions" }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("keeps the chosen colours", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token, colorScheme: "light" });
    const { page } = console;
    await console.open(`/${workspace.name}`);
    await page.getByRole("button", { name: "Colours: As the system" }).click();
    await page.getByRole("menuitem", { name: "Dark" }).click();
    expect(await page.locator("html").getAttribute("data-mode")).toBe("dark");
    await page.reload();
    await page.getByRole("button", { name: "Colours: Dark" }).waitFor();
    expect(await page.locator("html").getAttribute("data-mode")).toBe("dark");
  });
});
