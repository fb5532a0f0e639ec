import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { startBrowser } from "../../support/browser.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const HOSTILE = `<img src=x onerror="document.title='stolen'">`;

let browser: Browser;
let workspace: Workspace;

beforeAll(async () => {
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(() => browser?.close());

describe("tokens in the console", () => {
  it("one is issued with permissions in plain words, shown once, used and revoked", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    const label = `${HOSTILE} ${workspace.name}`;
    await console.open(`/${workspace.name}/tokens`);
    await page.getByRole("button", { name: "Issue token" }).click();
    const dialog = page.getByRole("dialog", { name: "Issue token" });
    await dialog.getByRole("button", { name: "Issue token" }).click();
    await dialog.getByText("a label is required").waitFor();
    await dialog.getByText("Choose at least one permission.").waitFor();
    await console.expectAccessible();
    await dialog.getByLabel("Label").fill(label);
    await dialog.getByText("Look at executions, their messages and the lanes").waitFor();
    await dialog.getByRole("checkbox", { name: "executions.read" }).click();
    await dialog.getByRole("button", { name: "Issue token" }).click();
    const issued = page.getByRole("region", { name: "The new token" });
    const token = (await issued.locator("code").first().textContent()) ?? "";
    await console.expectAccessible();
    const session = await workspace.admin.as(token).call("GET", "/session");
    expect(session).toEqual({ label, permissions: ["executions.read"], workspace: workspace.name });
    await page.getByRole("button", { name: "I have copied it" }).click();
    expect(await page.content()).not.toContain(token);

    const row = page.getByRole("row").filter({ hasText: workspace.name });
    await row.getByText("in 90 days").waitFor();
    await row.getByRole("button", { name: /^Revoke/ }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke token" }).click();
    await row.waitFor({ state: "detached" });
    expect((await workspace.admin.as(token).request("GET", "/session")).status).toBe(401);
    expect(await page.locator("img[onerror]").count()).toBe(0);
    expect(console.complaints).toEqual([]);
  });
});

describe("secrets in the console", () => {
  it("one is added, found where it is named, replaced and deleted; its value is never shown", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/secrets`);
    await page.getByText("No secrets yet").waitFor();
    await page.getByRole("button", { name: "Add secret" }).click();
    await page.getByLabel("Name").fill("1erp");
    await page.getByLabel("Value").fill("the-hidden-value");
    await page.getByRole("dialog").getByRole("button", { name: "Add secret" }).click();
    await page.getByText("a letter, then up to 63").waitFor();
    await page.getByLabel("Name").fill("erp");
    await page.getByRole("dialog").getByRole("button", { name: "Add secret" }).click();
    const row = page.getByRole("row").filter({ hasText: "erp" });
    await row.getByText("nothing").waitFor();
    const step = {
      name: "enter",
      type: "http",
      url: "https://erp.example/",
      headers: { authorization: "{{ secrets.erp }}" },
    };
    await workspace.endpoint("orders", [step], { auth: { type: "basic", username: "u", passwordSecret: "erp" } });
    await page.reload();
    await row.getByRole("link", { name: "orders" }).first().waitFor();
    expect(await row.textContent()).toMatch(/flow orders.*trigger orders/);
    expect(await page.content()).not.toContain("the-hidden-value");

    await row.getByRole("button", { name: "Replace the value of erp" }).click();
    await page.getByRole("textbox", { name: "Value" }).fill("another-value");
    await console.expectAccessible();
    await page.getByRole("button", { name: "Replace value" }).click();
    await page.getByText("Secret erp has a new value.").waitFor();
    await row.getByRole("button", { name: "Delete the secret erp" }).click();
    await page.getByText("It is named in 2 places, which will fail without it.").waitFor();
    await page.getByRole("button", { name: "Delete secret" }).click();
    await page.getByText("No secrets yet").waitFor();
    expect(console.complaints).toEqual([]);
  });
});

describe("settings in the console", () => {
  it("are changed, with a warning before shards are added", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/settings`);
    await page.getByLabel("Platform URL").fill("not a url");
    await page.getByLabel("Shards").fill("6");
    await page.getByText("Shards that are added stay").waitFor();
    await console.expectAccessible();
    await page.getByRole("button", { name: "Add status" }).click();
    await page.getByRole("textbox", { name: "Status 1" }).fill("Awaiting customs");
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.getByText("an absolute http or https URL").waitFor();
    await page.getByLabel("Platform URL").fill("https://my.example");
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.getByText("Settings saved.").waitFor();
    expect(await workspace.get("")).toMatchObject({
      platformUrl: "https://my.example",
      shards: 6,
      documentStatuses: ["Awaiting customs"],
      retentionDays: 30,
    });
    expect(console.complaints).toEqual([]);
  });

  it("the configuration is compared as one document before it is applied, and errors stand beside their paths", async () => {
    const own = await newWorkspace(gateway);
    await own.endpoint("orders", [{ name: "enter", type: "http", url: "https://erp.example/a" }]);
    await own.endpoint("old", []);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${own.name}/settings/configuration`);
    const text = page.getByLabel("The configuration as JSON");
    const document = JSON.parse(await text.inputValue());
    expect(Object.keys(document.flows)).toEqual(["old", "orders"]);
    const compare = page.getByRole("button", { name: "Compare with what is stored" });
    await compare.click();
    await page.getByText("There is nothing to apply").waitFor();

    await text.fill('{\n  "flows": {}\n  "triggers": {}\n}');
    await compare.click();
    await page.getByText("line 3, column 3").waitFor();
    await text.fill(JSON.stringify({ triggers: { orders: { flow: "nope" } } }));
    await compare.click();
    await page.getByText("triggers.orders.flow").waitFor();
    await console.expectAccessible();

    document.flows.orders.steps[0].url = "https://erp.example/b";
    document.flows[HOSTILE.replace(/[^A-Za-z]/g, "")] = { steps: [] };
    delete document.triggers.old;
    delete document.flows.old;
    await page.getByLabel("Configuration file").setInputFiles({
      name: "config.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(document)),
    });
    await compare.click();
    const changes = page.getByRole("region", { name: "What would change: 4 changes" });
    expect(await changes.textContent()).toMatch(
      /UpdateFlow orderssteps\[0\]\.url"https:\/\/erp\.example\/a""https:\/\/erp\.example\/b"/,
    );
    expect(await changes.textContent()).toMatch(/DeleteFlow old.*DeleteTrigger old/);
    await console.expectAccessible();
    expect(JSON.stringify(await own.get("/config"))).toContain("https://erp.example/a");
    await changes.getByRole("button", { name: "Apply 4 changes" }).click();
    await page.getByRole("alertdialog").getByText("Trigger old").waitFor();
    await page.getByRole("button", { name: "Apply and delete" }).click();
    await page.getByText("The configuration is applied: 4 changes.").waitFor();
    expect(await own.get("/config")).toMatchObject({
      flows: { orders: { steps: [{ url: "https://erp.example/b" }] } },
    });
    expect(JSON.parse(await text.inputValue()).triggers.old).toBeUndefined();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${own.name}-configuration.json`);
    expect(console.complaints).toEqual([]);
  });

  it("the workspace is deleted by who types its name", async () => {
    const own = await newWorkspace(gateway);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${own.name}/settings`);
    await page.getByRole("button", { name: "Delete workspace" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("to confirm").fill("another");
    await dialog.getByRole("button", { name: "Delete workspace" }).click();
    await dialog.getByText(`Type ${own.name} to delete it.`).waitFor();
    await console.expectAccessible();
    await dialog.getByLabel("to confirm").fill(own.name);
    await dialog.getByRole("button", { name: "Delete workspace" }).click();
    await page.waitForURL((url) => !url.pathname.includes(own.name));
    expect((await own.admin.request("GET", `/workspaces/${own.name}`)).status).toBe(404);
    expect(console.complaints).toEqual([]);
  });
});
