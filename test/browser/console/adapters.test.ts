import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { startBrowser } from "../../support/browser.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const HOSTILE = `<img src=x onerror="document.title='stolen'">`;

interface Adapter {
  readonly id: string;
  readonly name: string;
  readonly secret_rotated_at: string;
}

let browser: Browser;
let workspace: Workspace;

beforeAll(async () => {
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(() => browser?.close());

const adapters = async () => (await workspace.get<{ items: Adapter[] }>("/adapters")).items;

async function addKey(page: Page, key: string, label: string, kind: string): Promise<void> {
  await page.getByRole("button", { name: "Add key" }).click();
  await page.getByRole("textbox", { name: "Key" }).last().fill(key);
  await page.getByRole("textbox", { name: "Label" }).last().fill(label);
  await page.getByRole("combobox", { name: "Kind" }).last().click();
  await page.getByRole("option", { name: kind }).click();
}

describe("adapters in the console", () => {
  it("one is registered with a definition and a secret that is never shown again, and changed (CD8)", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/adapters`);
    await page.getByText("No adapters yet").waitFor();
    await page.getByRole("button", { name: "Register adapter" }).click();
    await page.getByLabel("Name").fill("Shipments");
    await page.getByRole("combobox", { name: "Type" }).click();
    await page.getByRole("option", { name: "Output adapter" }).click();
    await addKey(page, "exampleBoolean", HOSTILE, "Yes or no");
    await addKey(page, "codes", "Codes", "Table");
    await page.getByLabel("Columns").fill("src, dest");
    await page.getByRole("switch", { name: "Required" }).last().click();
    await page.getByRole("button", { name: "Register adapter" }).click();
    await page.getByText("an output adapter is registered to a solution").waitFor();
    await page.getByText("must not be empty").waitFor();
    await console.expectAccessible();
    await page.getByLabel("Solution").fill("co2.register_shipment");
    await page.getByLabel("Webhook URL").fill("https://partner.example/in");
    await page.getByLabel("Largest answer (MiB)").fill("1.5");
    await page.getByRole("button", { name: "Generate" }).click();
    await page.getByRole("button", { name: "Copy: the shared secret" }).click();
    const secret = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(Buffer.from(secret, "base64").length).toBe(32);
    await page.getByRole("button", { name: "Register adapter" }).click();
    await page.getByRole("heading", { level: 1, name: "Shipments" }).waitFor();
    const [adapter] = await adapters();
    expect(adapter).toMatchObject({
      name: "Shipments",
      type: "output",
      solution: "co2.register_shipment",
      webhook_url: "https://partner.example/in",
      max_response_bytes: 1.5 * 1024 * 1024,
      timeout_seconds: 45,
      token_ttl_seconds: 3_600,
      configuration: [
        { key: "exampleBoolean", kind: "boolean", label: HOSTILE, required: true },
        { key: "codes", kind: "table", label: "Codes", required: false, columns: ["src", "dest"] },
      ],
    });
    expect(await page.content()).not.toContain(secret);
    expect(await page.locator("img[onerror]").count()).toBe(0);

    await page.getByLabel("Answers within (seconds)").fill("1000");
    await page.getByRole("button", { name: "Save adapter" }).click();
    await expect.poll(() => page.getByLabel("Answers within (seconds)").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Answers within (seconds)").fill("60");
    await page.getByRole("button", { name: "Save adapter" }).click();
    await page.getByText("Adapter Shipments saved.").waitFor();
    expect((await adapters())[0]).toMatchObject({ timeout_seconds: 60, max_response_bytes: 1.5 * 1024 * 1024 });
    expect(console.complaints).toEqual([]);
  });

  it("its secret is rotated; it is not deleted while a flow uses it, and the flows are named (C18 CD8)", async () => {
    const { id, secret_rotated_at: before } = await workspace.post<Adapter>("/adapters", {
      name: "Customs",
      type: "input",
      webhook_url: "https://customs.example/in",
      shared_secret: "first",
    });
    await workspace.put("/flows/declare", {
      steps: [{ name: "send", type: "adapter", adapter: id, configuration: {} }],
    });
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/adapters/${id}`);
    await page.getByRole("region", { name: "At a glance" }).getByRole("link", { name: "declare" }).waitFor();
    await page.getByRole("button", { name: "Rotate secret" }).click();
    const dialog = page.getByRole("dialog", { name: "Rotate the shared secret" });
    await dialog.getByText("Requests already sent keep the old one").waitFor();
    await dialog.getByRole("button", { name: "Rotate secret" }).click();
    await dialog.getByText("must not be empty").waitFor();
    await console.expectAccessible();
    await dialog.getByLabel("New shared secret").fill("second");
    await dialog.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByText("The secret is rotated.").waitFor();
    const rotated = (await adapters()).find((one) => one.id === id);
    expect(Date.parse(rotated?.secret_rotated_at ?? "")).toBeGreaterThan(Date.parse(before));

    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete adapter" }).click();
    await page
      .getByRole("region", { name: "Notifications" })
      .getByText("The adapter is used by the flows: declare.")
      .waitFor();
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/flows/declare`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete adapter" }).click();
    await page.getByRole("heading", { level: 1, name: "Adapters" }).waitFor();
    expect((await adapters()).some((one) => one.id === id)).toBe(false);
    expect(console.complaints).toEqual([]);
  });

  it("who may not change anything sees no buttons, and why", async () => {
    const { token } = await workspace.admin.call<{ token: string }>("POST", "/tokens", {
      label: "reader",
      permissions: ["config.read"],
      workspace: workspace.name,
    });
    await using console = await openConsole(browser, gateway, { token });
    const { page } = console;
    await console.open(`/${workspace.name}/adapters`);
    await page.getByText("that takes the permission config.write").waitFor();
    expect(await page.getByRole("button", { name: "Register adapter" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Tokens" }).count()).toBe(0);
    await console.expectAccessible();
    expect(console.complaints).toEqual([]);
  });
});
