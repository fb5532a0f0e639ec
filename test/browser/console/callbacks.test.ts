import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { HOSTILE } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";
import { mint, showCallback } from "../../support/callbacks.ts";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let workspace: Workspace;
let target: Target;

beforeAll(async () => {
  target = await startTarget(() => ({ headers: { "content-type": "text/html" }, body: "<h1>Thank you</h1>" }));
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

const urlOf = async (page: Page) =>
  (await page.getByRole("region", { name: "What to hand over" }).locator("code").first().textContent()) ?? "";

describe("callbacks in the console", () => {
  it("a redirect callback is created, followed by a user, and shows the call (G1 G27)", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/callbacks`);
    await page.getByText("No callbacks yet").waitFor();
    await page.getByRole("button", { name: "New callback" }).click();
    await choose(page, "Response type", "Redirect");
    await page.getByRole("button", { name: "Create callback" }).click();
    await page.getByText("is required for a redirect").waitFor();
    await console.expectAccessible();
    await page.getByLabel("Response redirect URL").fill(`${target.url}/thanks`);
    await page.getByRole("button", { name: "Create callback" }).click();
    await page.getByRole("heading", { level: 1, name: "Callback created" }).waitFor();
    await console.expectAccessible();
    const url = await urlOf(page);
    expect(url).toMatch(/\/cb\/[0-9a-f-]{36}$/);
    await page.getByRole("button", { name: "Copy the callback URL" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(url);

    await page.getByRole("button", { name: "See its calls" }).click();
    await page.getByText("No calls yet").waitFor();
    const user = await page.context().newPage();
    await user.goto(`${url}?paid=yes`);
    await user.getByRole("heading", { name: "Thank you" }).waitFor();
    expect(user.url()).toBe(`${target.url}/thanks`);
    const calls = page.getByRole("region", { name: "Calls" });
    await calls.getByText("redirected").waitFor();
    expect(await calls.textContent()).toMatch(/GET.*redirected.*302.*paid.*yes/);
    await page.getByRole("heading", { level: 1, name: /closed/i }).waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("recorded calls show what was sent as text, and closing asks first", async () => {
    const minted = await mint(workspace, { allowMultipleCalls: true, responseBody: HOSTILE });
    const send = (body: string, type: string) =>
      fetch(`${minted.callbackUrl}?q=${encodeURIComponent(HOSTILE)}`, {
        method: "POST",
        headers: { "content-type": type, "x-note": HOSTILE },
        body,
      });
    await send(HOSTILE, "text/html");
    await send(JSON.stringify({ order: { id: 5 }, note: HOSTILE }), "application/json");
    await send("x".repeat(70_000), "text/plain");
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/callbacks`);
    await page.getByRole("link", { name: minted.callbackState.slice(0, 13) }).click();
    const calls = page.getByRole("region", { name: "Calls" });
    await calls.getByText("text/plain, 68.4 KiB").waitFor();
    const folded = calls.locator("details:not([open]) > summary");
    for (let left = await folded.count(); left > 0; left--) await folded.first().click();
    await calls.getByText("order:").waitFor();
    expect(await calls.textContent()).toContain(HOSTILE);
    expect(await page.getByRole("region", { name: "Settings" }).textContent()).toContain(HOSTILE);
    expect(await page.locator("img[onerror]").count()).toBe(0);
    expect(await page.title()).not.toBe("stolen");

    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByRole("button", { name: "Leave it open" }).click();
    expect((await showCallback(workspace, minted)).status).toBe("open");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Close callback" }).click();
    await page.getByRole("heading", { level: 1, name: /closed/i }).waitFor();
    expect((await fetch(minted.callbackUrl)).status).toBe(410);
    expect(console.complaints).toEqual([]);
  });

  it("a stored configuration is saved in part, fills in a new callback, and is deleted (GD15)", async () => {
    await workspace.put("/flows/after-payment", { steps: [] });
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/callbacks/configurations`);
    await page.getByRole("button", { name: "New configuration" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("payment-return");
    await choose(page, "Callback activity", "Start a flow");
    await choose(page, "Flow", "after-payment");
    await page.getByLabel("State query parameter").fill("a b");
    await page.getByLabel("Expires after").fill("2");
    await page.getByRole("button", { name: "Add header" }).click();
    await page.getByRole("group", { name: "Response headers" }).getByLabel("Name").fill("x-custom-field");
    await page.getByRole("group", { name: "Response headers" }).getByLabel("Value").fill("custom-value");
    await page.getByRole("button", { name: "Save configuration" }).click();
    await page.getByText("up to 64 letters, digits").waitFor();
    await page.getByLabel("State query parameter").fill("RelayState");
    await page.getByRole("button", { name: "Save configuration" }).click();
    await page.getByRole("link", { name: "payment-return" }).waitFor();
    expect(await workspace.get("/callback-configs/payment-return")).toEqual({
      name: "payment-return",
      callbackActivity: { type: "flow", flow: "after-payment" },
      stateQueryParameter: "RelayState",
      responseHeaders: { "x-custom-field": "custom-value" },
      expiresInSeconds: 7_200,
    });

    await page.getByRole("link", { name: "payment-return" }).click();
    await page.getByRole("button", { name: "New callback from it" }).click();
    await page.getByLabel("Response body").fill("thanks");
    await page.getByLabel("Expires after").fill("");
    await page.getByRole("button", { name: "Create callback" }).click();
    await page.getByRole("heading", { level: 1, name: "Callback created" }).waitFor();
    const url = await urlOf(page);
    expect(url).toContain("/cbq/RelayState?RelayState=");
    const answer = await fetch(url);
    expect([answer.status, await answer.text(), answer.headers.get("x-custom-field")]).toEqual([
      200,
      "thanks",
      "custom-value",
    ]);
    await page.getByRole("button", { name: "See its calls" }).click();
    await page.getByText("Started the execution").waitFor();
    expect(await page.getByRole("region", { name: "Settings" }).textContent()).toContain("Expires afternever");

    await console.open(`/${workspace.name}/callbacks/configurations/payment-return`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete configuration" }).click();
    await page.getByText("No stored configurations yet").waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("are listed by status, which stands in the URL", async () => {
    const own = await newWorkspace(gateway);
    const settings = { callbackActivity: { type: "record" }, responseType: "response" } as const;
    const open = await own.client.callbacks.create(settings);
    const closed = await own.client.callbacks.create(settings);
    await own.client.callbacks.close(closed.callbackState);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${own.name}/callbacks`);
    const shown = ({ callbackState }: { callbackState: string }) => page.getByText(callbackState.slice(0, 13)).first();
    await shown(closed).waitFor();
    await choose(page, "Status", "open");
    await shown(closed).waitFor({ state: "detached" });
    await shown(open).waitFor();
    expect(new URL(page.url()).search).toBe("?status=open");
    await console.expectAccessible();
    await choose(page, "Status", "expired");
    await page.getByText("No callback matches").waitFor();
    await choose(page, "Status", "Any status");
    await shown(closed).waitFor();
    expect(new URL(page.url()).search).toBe("");
    expect(console.complaints).toEqual([]);
  });

  it("who may only create callbacks gets the URL and no page that they may not see", async () => {
    const { token } = await workspace.admin.call<{ token: string }>("POST", "/tokens", {
      label: "minter",
      permissions: ["callbacks.read", "callbacks.write"],
      workspace: workspace.name,
    });
    await using console = await openConsole(browser, gateway, { token });
    const { page } = console;
    await console.open("/");
    await page.getByRole("heading", { level: 1, name: "Callbacks" }).waitFor();
    expect(await page.getByRole("navigation", { name: "Pages" }).getByRole("link").allInnerTexts()).toEqual([
      "Callbacks",
    ]);
    await page.getByRole("button", { name: "New callback" }).click();
    await page.getByRole("button", { name: "Create callback" }).click();
    await page.getByRole("heading", { level: 1, name: "Callback created" }).waitFor();
    expect(console.complaints).toEqual([]);
  });
});
