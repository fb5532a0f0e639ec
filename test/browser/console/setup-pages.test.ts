import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { expectSound, HOSTILE_TEXT, LOOKS } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";
import { mint } from "../../support/callbacks.ts";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let workspace: Workspace;
let empty: Workspace;
let target: Target;
let adapter: string;
let state: string;

beforeAll(async () => {
  target = await startTarget(() => ({ status: 422 }));
  [browser, workspace, empty] = await Promise.all([
    startBrowser(),
    newWorkspace(gateway, { documentStatuses: [HOSTILE_TEXT.slice(0, 64)] }),
    newWorkspace(gateway),
  ]);
  await workspace.put("/secrets/erp", { value: "hidden" });
  const step = {
    name: "enter",
    type: "http",
    url: target.url,
    headers: { "x-key": "{{ secrets.erp }}" },
    retry: { delaysSeconds: [] },
  };
  const url = await workspace.endpoint("orders", [step], {
    orderedDelivery: { key: "{{ query.key }}", onFailure: "block" },
    query: [{ name: "key" }],
  });
  await fetch(`${url}?key=${encodeURIComponent(HOSTILE_TEXT)}`, { method: "POST", body: "{}" });
  const answer = { responseType: "response", responseBody: HOSTILE_TEXT, responseHeaders: { "x-note": HOSTILE_TEXT } };
  await workspace.put("/callback-configs/status", { callbackActivity: { type: "flow", flow: "orders" }, ...answer });
  const minted = await mint(workspace, { ...answer, callbackActivityCase: HOSTILE_TEXT, allowMultipleCalls: true });
  state = minted.callbackState;
  for (const type of ["text/html", "application/json", "application/xml", "application/x-www-form-urlencoded"]) {
    const headers = { "content-type": type, "x-note": HOSTILE_TEXT };
    await fetch(`${minted.callbackUrl}?q=${encodeURIComponent(HOSTILE_TEXT)}`, {
      method: "POST",
      headers,
      body: HOSTILE_TEXT,
    });
  }
  const { id } = await workspace.post<{ id: string }>("/adapters", {
    name: HOSTILE_TEXT.slice(0, 100),
    type: "output",
    solution: HOSTILE_TEXT,
    webhook_url: "https://partner.example/in",
    shared_secret: "hidden",
    configuration: [
      { key: HOSTILE_TEXT.slice(0, 100), kind: "table", label: HOSTILE_TEXT.slice(0, 100), required: true },
    ],
  });
  adapter = id;
  await workspace.admin.call("POST", "/tokens", {
    label: HOSTILE_TEXT.slice(0, 100),
    permissions: ["config.read", "config.write", "callbacks.read", "callbacks.write", "executions.read"],
    workspace: workspace.name,
  });
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});

/** Every page with a text by which it is there. */
const pages = () => [
  { path: `/${workspace.name}/callbacks`, text: state.slice(0, 13) },
  { path: `/${empty.name}/callbacks`, text: "No callbacks yet" },
  { path: `/${workspace.name}/callbacks/~new`, text: "Stored configuration" },
  { path: `/${workspace.name}/callbacks/${state}`, text: "Fields" },
  { path: `/${workspace.name}/callbacks/nope`, text: "There is nothing here" },
  { path: `/${workspace.name}/callbacks/configurations`, text: "status" },
  { path: `/${empty.name}/callbacks/configurations`, text: "No stored configurations yet" },
  { path: `/${workspace.name}/callbacks/configurations/status`, text: "Save configuration" },
  { path: `/${workspace.name}/callbacks/configurations/~new`, text: "Save configuration" },
  { path: `/${workspace.name}/lanes`, text: "blocked" },
  { path: `/${empty.name}/lanes`, text: "No lanes at the moment" },
  { path: `/${workspace.name}/adapters`, text: "https://partner.example/in" },
  { path: `/${empty.name}/adapters`, text: "No adapters yet" },
  { path: `/${workspace.name}/adapters/${adapter}`, text: "Save adapter" },
  { path: `/${workspace.name}/adapters/~new`, text: "Generate" },
  { path: `/${workspace.name}/secrets`, text: "erp" },
  { path: `/${empty.name}/secrets`, text: "No secrets yet" },
  { path: `/${workspace.name}/tokens`, text: "callbacks.write" },
  { path: `/${workspace.name}/settings`, text: "Save settings" },
  { path: `/${workspace.name}/settings/configuration`, text: "Compare with what is stored" },
];

describe("the pages where something is set up or looked after", () => {
  it.each(LOOKS)(
    "are accessible, fit, run nothing that is stored and complain of nothing: $colorScheme, $size",
    async ({ colorScheme, viewport }) => {
      await using console = await openConsole(browser, gateway, { token: gateway.token, colorScheme, viewport });
      const { page } = console;
      for (const { path, text } of pages()) {
        await console.open(path);
        await page.getByRole("main").getByText(text).first().waitFor();
        await expectSound(console, path);
      }
      expect(console.complaints).toEqual([]);
    },
    120_000,
  );

  it("every body of a call is text in every view of it", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/callbacks/${state}`);
    const folded = page.getByRole("region", { name: "Calls" }).locator("details:not([open]) > summary");
    await page.getByRole("tab").first().waitFor();
    for (let left = await folded.count(); left > 0; left--) await folded.first().click();
    const tabs = await page.getByRole("tab").all();
    expect(tabs.length).toBeGreaterThan(6);
    for (const tab of tabs) {
      await tab.click();
      await page.waitForTimeout(30);
    }
    expect(await page.locator("img[onerror]").count()).toBe(0);
    expect(await page.title()).not.toBe("stolen");
    expect(console.complaints).toEqual([]);
  });

  it("a callback is created with the keyboard alone", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${empty.name}/callbacks`);
    await page.getByRole("button", { name: "New callback" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Response type" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByLabel("Response redirect URL").focus();
    await page.keyboard.type("/page/thankyou");
    await page.getByRole("switch", { name: "Allow multiple calls?" }).focus();
    await page.keyboard.press("Space");
    await page.getByLabel("Response redirect URL").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Callback created" }).waitFor();
    expect((await empty.get<{ items: object[] }>("/callbacks")).items[0]).toMatchObject({
      responseType: "redirect",
      responseRedirectUrl: "/page/thankyou",
      allowMultipleCalls: true,
    });
    expect(console.complaints).toEqual([]);
  });
});
