import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { addKey } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const PASTED = "a-key-of-our-own-1234";

let browser: Browser;
let workspace: Workspace;

beforeAll(async () => {
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(async () => {
  await browser?.close();
});

const open = () => openConsole(browser, gateway, { token: gateway.token });
const keyRow = (page: Page, label: string) =>
  page.getByRole("table", { name: "API keys" }).getByRole("row").filter({ hasText: label });

describe("triggers in the console", () => {
  it("a newcomer sets one up as the document shows it, and finds it so again (N1 N8 N9 N10 N14 N16 N19 N22)", async () => {
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers`);
    await page.getByText("No triggers yet").waitFor();
    await page.getByRole("button", { name: "New trigger" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("CreateCustomerRecord");
    await page.getByRole("button", { name: "New flow" }).click();
    await page.getByRole("textbox", { name: "Name of the flow" }).fill("create-customer");
    await page.getByRole("button", { name: "Create flow" }).click();
    await page.getByText("This webhook is completely open").waitFor();
    await page.getByRole("button", { name: "Add authentication" }).click();
    await page.getByRole("combobox", { name: "Type of authentication" }).waitFor();
    await addKey(page, "ERP");
    await addKey(page, "Web shop", PASTED);
    await page.getByRole("switch", { name: "Ordered Delivery" }).click();
    await page.getByRole("switch", { name: "Request-Response" }).click();
    await page.getByRole("spinbutton", { name: "Maximum time in seconds" }).fill("20");
    for (const [index, [name, value]] of [
      ["status", "new"],
      ["source", "web shop"],
    ].entries()) {
      await page.getByRole("button", { name: "Add query parameter" }).click();
      const row = page.getByRole("group", { name: "Query parameters" }).getByRole("listitem").nth(index);
      await row.getByRole("textbox", { name: "Name" }).fill(name ?? "");
      await row.getByRole("textbox", { name: "Default value" }).fill(value ?? "");
    }
    await page.getByText("Data processing").click();
    await page
      .getByRole("textbox", { name: "Input template" })
      .fill('{"status": {{ query.status | json }}, "source": {{ query.source | json }}, "body": {{ body | json }}}');
    await page.getByRole("button", { name: "Save" }).click();

    await page.waitForURL("**/triggers/CreateCustomerRecord");
    await page.getByText("Copy the new keys now: you will not see them again.").waitFor();
    const generated = (await page.locator("code", { hasText: "hbk_" }).textContent()) ?? "";
    await page.getByRole("button", { name: "Copy: the key ERP" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(generated);
    await page.getByRole("button", { name: "I have copied them" }).click();

    await page.reload();
    await page.getByRole("heading", { level: 1, name: "CreateCustomerRecord" }).waitFor();
    await keyRow(page, "Web shop").waitFor();
    expect(await keyRow(page, "ERP").textContent()).toContain(generated.slice(0, 8));
    expect(await page.locator("main").textContent(), "a key is shown once").not.toContain(generated);
    expect(await page.getByRole("switch", { name: "Ordered Delivery" }).isChecked()).toBe(true);
    expect(await page.getByRole("switch", { name: "Request-Response" }).isChecked()).toBe(true);
    expect(await page.getByRole("spinbutton", { name: "Maximum time in seconds" }).inputValue()).toBe("20");
    const names = page.getByRole("group", { name: "Query parameters" }).getByRole("textbox", { name: "Name" });
    expect(await Promise.all((await names.all()).map((name) => name.inputValue()))).toEqual(["status", "source"]);
    expect(await workspace.get("/triggers/CreateCustomerRecord")).toMatchObject({
      flow: "create-customer",
      methods: ["GET", "POST"],
      auth: { type: "apiKeys" },
      orderedDelivery: { onFailure: "continue" },
      requestResponse: { timeoutSeconds: 20 },
      query: [
        { name: "status", default: "new" },
        { name: "source", default: "web shop" },
      ],
    });
    for (const key of [generated, PASTED]) {
      const response = await fetch(`${gateway.url}/${workspace.name}/CreateCustomerRecord?status=old`, {
        method: "POST",
        headers: { "x-api-key": key, "content-type": "application/json" },
        body: "[1]",
      });
      expect([response.status, await response.json()]).toEqual([200, { status: "old", source: "web shop", body: [1] }]);
    }
    expect(console.complaints).toEqual([]);
  }, 60_000);

  it("keys get another label, and are deleted after a question (N12)", async () => {
    await workspace.endpoint("keys", [], { auth: { type: "apiKeys" } });
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/keys`);
    await page.getByText("There is no key yet").waitFor();
    await addKey(page, "Old name", "one-key-of-ours");
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("button", { name: "Change the label of the key Old name" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Label" }).fill("New name");
    await page.getByRole("button", { name: "Change label" }).click();
    await keyRow(page, "New name").waitFor();

    await page.getByRole("button", { name: "Add New Key" }).click();
    const dialog = page.getByRole("dialog", { name: "Add New Key" });
    await dialog.getByRole("textbox", { name: "API key" }).fill("has a space");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("a label is required").waitFor();
    await dialog.getByText("8 to 256 visible ASCII characters, without spaces").waitFor();
    await dialog.getByRole("textbox", { name: "Label" }).fill("Twice");
    await dialog.getByRole("textbox", { name: "API key" }).fill("one-key-of-ours");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("The trigger has this key already.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();

    await page.getByRole("button", { name: "Delete the key New name" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    expect(await keyRow(page, "New name").count()).toBe(1);
    await page.getByRole("button", { name: "Delete the key New name" }).click();
    await page.getByRole("button", { name: "Delete key" }).click();
    await page.getByText("There is no key yet").waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("what is wrong stands beside its field, also in a part that is folded (ND16)", async () => {
    await workspace.endpoint("wrong", []);
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/~new`);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("a name is required").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("not a name");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("up to 64 letters, digits, dots, hyphens and underscores").first().waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("wrong");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("there is a trigger of this name already").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Leave without saving" }).click();
    await page.getByRole("heading", { level: 1, name: "Triggers" }).waitFor();

    await console.open(`/${workspace.name}/triggers/wrong`);
    await page.getByText("Repeated messages and limits").click();
    const key = page.getByRole("textbox", { name: "Recognise repeated messages by" });
    await key.fill("{{ nope.id }}");
    await page.getByText("Repeated messages and limits").click();
    await page.getByRole("button", { name: "Add query parameter" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText('"nope" is unknown here').waitFor();
    expect(await page.getByText("This was not saved").count(), "every problem has its field").toBe(0);
    expect(
      await page
        .getByRole("group", { name: "Query parameters" })
        .getByRole("textbox", { name: "Name" })
        .getAttribute("aria-invalid"),
    ).toBe("true");
    expect(console.complaints).toEqual([]);
  });

  it("a key that is not taken waits beside the new trigger until it is put right", async () => {
    await workspace.put("/flows/late", { steps: [] });
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/~new?flow=late`);
    await page.getByRole("textbox", { name: "Name" }).fill("late");
    await page.getByRole("button", { name: "Add authentication" }).click();
    await addKey(page, "Too short", "short");
    await page.getByText("Will be added when you save.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL("**/triggers/late");
    await page.getByText("Not added: key: 8 to 256 visible ASCII characters").waitFor();
    await page.getByRole("button", { name: "Change the key Too short" }).click();
    const dialog = page.getByRole("dialog", { name: "Add New Key" });
    await dialog.getByRole("textbox", { name: "API key" }).fill("long-enough-now");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await keyRow(page, "Too short").waitFor();
    expect(await page.getByText("Not added").count()).toBe(0);
    expect(console.complaints).toEqual([]);
  });

  it("asks before changes are lost, and before a trigger is deleted", async () => {
    await workspace.endpoint("gone", []);
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers`);
    await page.getByRole("link", { name: "gone" }).click();
    await page.getByRole("switch", { name: "Ordered Delivery" }).click();
    await page.getByText("Unsaved changes").waitFor();
    await page.getByRole("link", { name: "Flows", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Stay here" }).click();
    await page.evaluate("history.back()");
    await page.getByRole("alertdialog").getByRole("button", { name: "Stay here" }).click();
    expect(await page.getByRole("switch", { name: "Ordered Delivery" }).isChecked()).toBe(true);
    expect(page.url()).toContain("/triggers/gone");
    await page.evaluate("history.back()");
    await page.getByRole("button", { name: "Leave without saving" }).click();
    await page.getByRole("heading", { level: 1, name: "Triggers" }).waitFor();

    await console.open(`/${workspace.name}/triggers/gone`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete trigger" }).click();
    await page.getByText("Trigger gone deleted.").waitFor();
    await page.getByRole("heading", { level: 1, name: "Triggers" }).waitFor();
    expect((await workspace.admin.request("GET", `/workspaces/${workspace.name}/triggers/gone`)).status).toBe(404);
    expect(console.complaints).toEqual([]);
  });

  it("whoever may only look, sees everything and can change nothing", async () => {
    await workspace.endpoint("seen", [], { auth: { type: "apiKeys" }, query: [{ name: "status" }] });
    const { token } = await workspace.admin.call<{ token: string }>("POST", "/tokens", {
      label: "reader",
      permissions: ["config.read"],
      workspace: workspace.name,
    });
    await using console = await openConsole(browser, gateway, { token });
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/seen`);
    await page.getByText("that takes the permission config.write").waitFor();
    expect(await page.getByRole("textbox", { name: "Name" }).first().isDisabled()).toBe(true);
    expect(await page.getByRole("switch", { name: "Ordered Delivery" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Delete", exact: true }).count()).toBe(0);
    expect(console.complaints).toEqual([]);
  });
});
