import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { choose } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

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

const open = () => openConsole(browser, gateway, { token: gateway.token });
const steps = (page: Page) => page.getByRole("list", { name: "Steps" }).locator(":scope > li");
const addStep = (page: Page, type: string) => page.getByRole("button", { name: `Add step: ${type}` }).click();

async function order(page: Page): Promise<string[]> {
  const toggles = steps(page).locator("button[aria-expanded] > span:first-child");
  return toggles.allTextContents();
}

async function save(page: Page): Promise<void> {
  const saved = page.waitForResponse((response) => response.request().method() === "PUT");
  await page.getByRole("button", { name: "Save" }).click();
  await saved;
}

function registerAdapter(): Promise<{ id: string }> {
  return workspace.post("/adapters", {
    name: "Convert EDIFACT",
    type: "input",
    webhook_url: `${target.url}/adapter`,
    shared_secret: "between-us",
    configuration: [
      { key: "endpoint", kind: "string", label: "Endpoint", required: true },
      { key: "dryRun", kind: "boolean", label: "Dry run", required: false },
      { key: "batch", kind: "number", label: "Batch size", required: true },
      { key: "codes", kind: "table", label: "Codes", required: false, columns: ["from", "to"] },
    ],
  });
}

describe("flows in the console", () => {
  it("a newcomer makes one with a step of each type, and finds it so again", async () => {
    const { id: adapter } = await registerAdapter();
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/flows`);
    await page.getByText("No flows yet").waitFor();
    await page.getByRole("button", { name: "New flow" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("create-customer");
    await addStep(page, "Transform");
    await page.getByRole("textbox", { name: "Template" }).fill('{"id": {{ message.id | json }}}');
    await addStep(page, "HTTP request");
    const http = steps(page).nth(1);
    await http.getByRole("textbox", { name: "Name of the step" }).fill("register");
    await http.getByRole("textbox", { name: "URL" }).fill(`${target.url}/customers/{{ message.id }}`);
    await http.getByRole("button", { name: "Add header" }).click();
    await http.getByRole("textbox", { name: "Name", exact: true }).fill("authorization");
    await http.getByRole("textbox", { name: "Value" }).fill("Bearer {{ secrets.erp }}");
    await http.getByRole("switch", { name: "Async flow" }).click();
    await http.getByRole("switch", { name: "Take reports of progress" }).click();
    await http.getByRole("spinbutton", { name: "Longest wait for the callback" }).fill("3600");
    await http.getByText("That is 1 h.").waitFor();
    await http.getByRole("textbox", { name: "Waits before further attempts" }).fill("1, 2");
    await http.getByText("3 attempts in all.").waitFor();
    await addStep(page, "Adapter");
    const convert = steps(page).nth(2);
    await choose(page, "Adapter", "Convert EDIFACT");
    await convert.getByRole("textbox", { name: "Endpoint" }).fill("https://edi.example/in");
    await convert.getByRole("spinbutton", { name: "Batch size" }).fill("20");
    await choose(page, "Dry run (optional)", "Yes");
    await convert.getByRole("button", { name: "Add row" }).click();
    await convert.getByRole("textbox", { name: "from" }).fill("A");
    await convert.getByRole("textbox", { name: "to", exact: true }).fill("B");
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL("**/flows/create-customer");
    await page.getByRole("heading", { level: 1, name: "create-customer" }).waitFor();
    await page.reload();
    await steps(page).first().waitFor();
    expect(await order(page)).toEqual(["shape", "register", "convert"]);
    await page.getByRole("button", { name: /^convert/ }).click();
    expect(await page.getByRole("spinbutton", { name: "Batch size" }).inputValue()).toBe("20");
    expect((await workspace.get("/flows/create-customer")).steps).toMatchObject([
      { name: "shape", type: "transform", template: '{"id": {{ message.id | json }}}' },
      {
        name: "register",
        type: "http",
        method: "POST",
        headers: { authorization: "Bearer {{ secrets.erp }}" },
        async: true,
        useAsyncResponseBody: true,
        progress: true,
        callbackTimeoutSeconds: 3600,
        timeoutSeconds: 30,
        retry: { delaysSeconds: [1, 2] },
      },
      {
        name: "convert",
        type: "adapter",
        adapter,
        configuration: {
          endpoint: "https://edi.example/in",
          batch: 20,
          dryRun: true,
          codes: [{ from: "A", to: "B" }],
        },
      },
    ]);
    expect(console.complaints).toEqual([]);
  }, 60_000);

  it("steps are reordered, duplicated and removed with the keyboard alone", async () => {
    const step = (name: string) => ({ name, type: "transform", template: name });
    await workspace.put("/flows/order", { steps: [step("one"), step("two"), step("three")] });
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/flows/order`);
    await page.getByRole("button", { name: "Move one down" }).focus();
    await page.keyboard.press("Enter");
    expect(await order(page)).toEqual(["two", "one", "three"]);
    await page.getByText("Step one is now at place 2 of 3.").waitFor({ state: "attached" });
    await page.keyboard.press("Enter");
    // The focus stays on the button of the step, which can go no further.
    await page.keyboard.press("Enter");
    expect(await order(page)).toEqual(["two", "three", "one"]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await order(page)).toEqual(["two", "three", "one", "one-2"]);
    await page.getByRole("button", { name: "Remove two" }).focus();
    await page.keyboard.press("Enter");
    expect(await order(page)).toEqual(["three", "one", "one-2"]);
    expect(await page.evaluate("document.activeElement.textContent")).toContain("three");
    await save(page);
    await page.getByText("Everything is saved").waitFor();
    const saved = await workspace.get<{ steps: { name: string; template: string }[] }>("/flows/order");
    expect(saved.steps.map(({ name, template }) => [name, template])).toEqual([
      ["three", "three"],
      ["one", "one"],
      ["one-2", "one"],
    ]);
    expect(console.complaints).toEqual([]);
  });

  it("what is wrong stands beside its field, also in a step that is folded (ND16)", async () => {
    await workspace.put("/flows/wrong", {
      steps: [
        { name: "fine", type: "transform", template: "x" },
        { name: "send", type: "http", url: target.url },
      ],
    });
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/flows/wrong`);
    await page.getByRole("button", { name: /^send/ }).click();
    const send = steps(page).nth(1);
    const url = send.getByRole("textbox", { name: "URL" });
    await url.fill("not a URL");
    await send.getByRole("button", { name: "Add header" }).click();
    await send.getByRole("textbox", { name: "Name", exact: true }).fill("host");
    await send.getByRole("textbox", { name: "Value" }).fill("x");
    await page.getByRole("button", { name: /^send/ }).click();
    await save(page);
    await send.getByText("is set by the gateway").waitFor();
    expect(await url.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByText("This was not saved").count(), "every problem has its field").toBe(0);
    expect(await page.evaluate("document.activeElement.value"), "the focus is there").toBe("not a URL");

    await url.fill("{{ message.id");
    await send.getByRole("button", { name: "Remove the header host" }).click();
    await send.getByRole("textbox", { name: "Waits before further attempts" }).fill("1, soon");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText('"soon" is not a number of seconds').waitFor();
    await send.getByRole("textbox", { name: "Waits before further attempts" }).fill("1, -5");
    await save(page);
    await page.getByText(/number 2: /).waitFor();
    await page.getByText(/not closed/).waitFor();
    await send.getByRole("textbox", { name: "Waits before further attempts" }).fill("");
    await url.fill("https://{{ secrets.nowhere }}");
    await save(page);
    await page.getByText("the secret nowhere does not exist").waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("says what uses it; one that is used is not deleted", async () => {
    await workspace.endpoint("used", []);
    await workspace.put("/callback-configs/later", { callbackActivity: { type: "flow", flow: "used" } });
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/flows/used`);
    const users = page.getByRole("region", { name: "Used by" });
    await users.getByText("Callback configuration").waitFor();
    await users.getByRole("link", { name: "used" }).waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("alertdialog").getByText("It is used by used, later.").waitFor();
    await page.getByRole("button", { name: "Delete flow" }).click();
    await page.getByText("The flow is used by: used, later.").first().waitFor();
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/triggers/used`);
    await workspace.admin.call("DELETE", `/workspaces/${workspace.name}/callback-configs/later`);
    await page.reload();
    await page.getByText("Nothing starts this flow yet.").waitFor();
    await users.getByRole("link", { name: "New trigger for this flow" }).click();
    await page.getByRole("combobox", { name: "Flow" }).getByText("used").waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete flow" }).click();
    await page.getByText("Flow used deleted.").waitFor();
    await page.getByRole("heading", { level: 1, name: "Flows" }).waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("asks before changes are lost", async () => {
    await workspace.put("/flows/dirty", { steps: [] });
    await using console = await open();
    const { page } = console;
    await console.open(`/${workspace.name}/flows/dirty`);
    await addStep(page, "Transform");
    await page.getByRole("link", { name: "Triggers", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Stay here" }).click();
    expect(await order(page)).toEqual(["shape"]);
    await page.getByRole("button", { name: "Discard changes" }).click();
    await page.getByText("No steps yet").waitFor();
    await page.getByRole("link", { name: "Triggers", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Triggers" }).waitFor();
    expect(console.complaints).toEqual([]);
  });
});
