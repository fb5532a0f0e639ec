import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { DESKTOP, openConsole, PHONE } from "../support/console.ts";
import { startTarget, type Target } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
const PASTED = "a-key-of-our-own-1234";
/** What would be seen if anything took it for HTML or for a template of its own. */
const HOSTILE = `<img src=x onerror="document.title='stolen'"><script>document.title='stolen'</script>`;

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
const keyRow = (page: Page, label: string) =>
  page.getByRole("table", { name: "API keys" }).getByRole("row").filter({ hasText: label });

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option }).click();
}

async function addKey(page: Page, label: string, pasted?: string): Promise<void> {
  await page.getByRole("button", { name: "Add New Key" }).click();
  const dialog = page.getByRole("dialog", { name: "Add New Key" });
  await dialog.getByRole("textbox", { name: "Label" }).fill(label);
  const value = dialog.getByRole("textbox", { name: "API key" });
  if (pasted === undefined) {
    await dialog.getByRole("button", { name: "Generate" }).click();
    expect(await value.inputValue()).toMatch(/^hbk_[\w-]{43}$/);
  } else {
    await value.fill(pasted);
  }
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

describe("triggers in the console", () => {
  it("N1 N8 N9 N10 N14 N16 N19 N22: a newcomer sets one up as the document shows it, and finds it so again", async () => {
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

  it("N12: keys get another label, and are deleted after a question", async () => {
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

  it("ND16: what is wrong stands beside its field, also in a part that is folded", async () => {
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
    const [execution] = await workspace.executions("&trigger=waits");
    await workspace.post(`/executions/${execution?.id}/cancel`, {});
    await answer.getByText("cancelled").first().waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("ND2: signs test messages as each provider would, with a secret created in place", async () => {
    await workspace.endpoint("signed", []);
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers/signed`);
    await page.getByRole("button", { name: "Add authentication" }).click();
    await choose(page, "Type of authentication", "Signature of the sender");
    const schemes = ["Standard Webhooks", "GitHub", "Stripe", "Shopify", "Slack", "Chain.io", "Any other HMAC"];
    const value = `whsec_${Buffer.from("sixteen bytes or more").toString("base64")}`;
    await page.getByRole("button", { name: "Create secret" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("provider");
    await page.getByRole("dialog").getByLabel("Value").fill(value);
    await page.getByRole("dialog").getByRole("button", { name: "Create secret" }).click();
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
      const sent = page.waitForResponse((response) => response.url().endsWith("/signed"));
      await sendTest(page).click();
      expect((await sent).status(), scheme).toBe(202);
      await page.getByRole("region", { name: "Answer" }).getByText("202").waitFor();
    }
    expect(console.complaints).toEqual([]);
  }, 60_000);

  it("asks before changes are lost, and before a trigger is deleted", async () => {
    await workspace.endpoint("gone", []);
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/triggers`);
    await page.getByRole("link", { name: "gone" }).click();
    await page.getByRole("switch", { name: "Ordered Delivery" }).click();
    await page.getByText("There are unsaved changes").waitFor();
    await page.getByRole("link", { name: "Flows", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Stay here" }).click();
    await page.goBack();
    await page.getByRole("alertdialog").getByRole("button", { name: "Stay here" }).click();
    expect(await page.getByRole("switch", { name: "Ordered Delivery" }).isChecked()).toBe(true);
    expect(page.url()).toContain("/triggers/gone");
    await page.getByRole("link", { name: "Flows", exact: true }).click();
    await page.getByRole("button", { name: "Leave without saving" }).click();
    await page.getByRole("heading", { level: 1, name: "Flows" }).waitFor();

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

  it.each([
    { colorScheme: "light", viewport: DESKTOP, size: "desktop" },
    { colorScheme: "dark", viewport: DESKTOP, size: "desktop" },
    { colorScheme: "light", viewport: PHONE, size: "phone" },
    { colorScheme: "dark", viewport: PHONE, size: "phone" },
  ] as const)(
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
      const check = async (what: string) => {
        await console.expectAccessible();
        const overflow = await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        expect(overflow, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
        expect(await page.locator("img[onerror]").count(), what).toBe(0);
        expect(await page.title(), what).not.toBe("stolen");
      };
      await console.open(`/${workspace.name}/triggers`);
      await page.getByRole("link", { name: "hostile" }).waitFor();
      await check("the list");
      await console.open(`/${workspace.name}/triggers/~new`);
      await page.getByRole("button", { name: "Add authentication" }).waitFor();
      await check("a new one");
      await page.getByRole("button", { name: "Add authentication" }).click();
      await choose(page, "Type of authentication", "Signature of the sender");
      await choose(page, "Signature scheme", "Any other HMAC");
      await page.getByText("Repeated messages and limits").click();
      await page.getByText("Handshake").first().click();
      await check("a new one with everything open");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("a name is required").waitFor();
      await check("a new one with a problem");
      await console.open(`/${workspace.name}/triggers/hostile`);
      await page.getByText("<img src=x").first().waitFor();
      await page.getByLabel("API key", { exact: true }).fill(key);
      await sendTest(page).click();
      await page.getByRole("region", { name: "Answer" }).getByText("<script>").first().waitFor();
      await check("one with a result");
      await page.getByRole("button", { name: "Add New Key" }).click();
      await page.getByRole("dialog").waitFor();
      await check("the dialog of a key");
      expect(console.complaints).toEqual([]);
    },
    60_000,
  );
});
