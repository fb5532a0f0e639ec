import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { startBrowser } from "../../support/browser.ts";
import { eventually, startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let target: Target;
/** What the target answers. */
let status = 422;

beforeAll(async () => {
  target = await startTarget(() => ({ status }));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});

/** A workspace with an ordered trigger that a failure blocks; its lanes are those of customers. */
async function ordered(): Promise<Workspace> {
  const workspace = await newWorkspace(gateway);
  await workspace.endpoint("orders", [{ name: "enter", type: "http", url: target.url, retry: { delaysSeconds: [] } }], {
    orderedDelivery: { key: "{{ query.customer }}", onFailure: "block" },
    query: [{ name: "customer" }],
  });
  return workspace;
}

async function send(workspace: Workspace, customer: string): Promise<string> {
  const url = `${gateway.url}/${workspace.name}/orders?customer=${encodeURIComponent(customer)}`;
  const response = await fetch(url, { method: "POST", body: "{}" });
  return ((await response.json()) as { executionId: string }).executionId;
}

const row = (page: Page, key: string) => page.getByRole("row").filter({ hasText: key });

async function act(page: Page, name: string, confirmed: string): Promise<void> {
  await page.getByRole("button", { name }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: confirmed }).click();
}

describe("lanes in the console", () => {
  it("a blocked one shows its head and what waits behind it, and goes on by a retry or a skip (ND8)", async () => {
    status = 422;
    const workspace = await ordered();
    const [first = "", second = "", third = ""] = [
      await send(workspace, "acme"),
      await send(workspace, "acme"),
      await send(workspace, "acme"),
    ];
    await workspace.settled(first);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/lanes`);
    const lane = row(page, "acme");
    await lane.getByText("blocked").waitFor();
    await lane.getByRole("link", { name: first.slice(0, 13) }).waitFor();
    expect(await lane.textContent()).toContain("acme3");

    await page.getByRole("button", { name: "Skip: orders / acme" }).click();
    await page.getByText("The 2 executions behind it begin").waitFor();
    await console.expectAccessible();
    await page.getByRole("button", { name: "Leave it blocked" }).click();
    await act(page, "Skip: orders / acme", "Skip the head");
    await lane.getByRole("link", { name: second.slice(0, 13) }).waitFor();
    expect((await workspace.execution(first)).status).toBe("failed");

    status = 200;
    await act(page, "Retry: orders / acme", "Retry the head");
    await workspace.settled(second, ["succeeded"]);
    await workspace.settled(third, ["succeeded"]);
    await page.getByText("No lanes at the moment").waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("one is paused and resumed, and the page follows by itself", async () => {
    status = 422;
    const hostile = `<img src=x onerror="document.title='stolen'">`;
    const workspace = await ordered();
    await send(workspace, hostile);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/lanes`);
    const lane = row(page, hostile);
    await lane.getByText("blocked").waitFor();
    status = 200;
    await page.getByRole("button", { name: /^Pause: / }).click();
    await page.getByText("none after it begins until you resume").waitFor();
    await page.getByRole("button", { name: "Pause the lane" }).click();
    await page.getByRole("button", { name: /^Resume: / }).waitFor();
    await act(page, "Retry", "Retry the head");
    await lane.getByText("paused").waitFor();
    await act(page, "Resume", "Resume the lane");
    await page.getByText("No lanes at the moment").waitFor();
    status = 422;
    await send(workspace, "other");
    await row(page, "other").getByText("blocked").waitFor();
    await eventually(async () => (await page.locator("img[onerror]").count()) === 0);
    expect(await page.title()).not.toBe("stolen");
    expect(console.complaints).toEqual([]);
  });
});
