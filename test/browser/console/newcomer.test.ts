import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type ConsolePage, openConsole } from "../../support/browser/console.ts";
import { addKey, choose } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";
import { callBack } from "../../support/link.ts";
import { eventually, startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const PASTED = "a-key-of-our-own-5678";

let browser: Browser;
let workspace: Workspace;
let target: Target;
/** What the other system says to the second request. */
let isBroken = true;

beforeAll(async () => {
  target = await startTarget(({ path }) => {
    if (path === "/ask") return { status: 202 };
    if (path === "/thanks") return { headers: { "content-type": "text/html" }, body: "<h1>Thank you</h1>" };
    return isBroken ? { status: 422, body: "not yet" } : { body: '{"workOrder":4711}' };
  });
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});

describe("a newcomer to the console", () => {
  it("signs in, sets up, sends, waits, answers, retries, and follows a callback", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open(`/${workspace.name}/flows`);
    await page.getByLabel("Token").fill(gateway.token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await makeFlow(page);
    await makeTrigger(page);
    await findWhatIsNext(page);
    await sendAndAnswer(console);
    await retry(console);
    await followCallback(console);
    expect(console.complaints).toEqual([]);
  }, 120_000);
});

async function makeFlow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New flow" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("work-orders");
  for (const [index, [name, path]] of [
    ["validate", "/ask"],
    ["create", "/create"],
  ].entries()) {
    await page.getByRole("button", { name: "Add step: HTTP request" }).click();
    const step = page.getByRole("list", { name: "Steps" }).locator(":scope > li").nth(index);
    await step.getByRole("textbox", { name: "Name of the step" }).fill(name ?? "");
    await step.getByRole("textbox", { name: "URL" }).fill(target.url + path);
    if (index === 0) await step.getByRole("switch", { name: "Async flow" }).click();
  }
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/flows/work-orders");
}

async function makeTrigger(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Triggers" }).first().click();
  await page.getByRole("button", { name: "New trigger" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("CreateWorkOrder");
  await choose(page, "Flow", "work-orders");
  await page.getByRole("button", { name: "Add authentication" }).click();
  await addKey(page, "ERP");
  await addKey(page, "Web shop", PASTED);
  await page.getByRole("switch", { name: "Ordered Delivery" }).click();
  await page.getByRole("switch", { name: "Request-Response" }).click();
  for (const [index, [name, value]] of [
    ["status", "new"],
    ["source", "web"],
  ].entries()) {
    await page.getByRole("button", { name: "Add query parameter" }).click();
    const row = page.getByRole("group", { name: "Query parameters" }).getByRole("listitem").nth(index);
    await row.getByRole("textbox", { name: "Name" }).fill(name ?? "");
    await row.getByRole("textbox", { name: "Default value" }).fill(value ?? "");
  }
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/triggers/CreateWorkOrder");
  await page.getByRole("button", { name: "I have copied them" }).click();
}

/** The overview has nothing to show yet, and leads to the form that sends a first message. */
async function findWhatIsNext(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.getByText("Send a message to the URL of the trigger CreateWorkOrder, or look at a longer time.").waitFor();
  await page.getByRole("link", { name: "Send a test message" }).click();
  await page.waitForURL("**/triggers/CreateWorkOrder#send-a-test-message");
  await page.getByRole("button", { name: "Send", exact: true }).waitFor();
  const panel = "document.getElementById('send-a-test-message')";
  await eventually(
    async () => (await page.evaluate(`${panel}.contains(document.activeElement)`)) === true || undefined,
  );
  expect(await page.evaluate(`${panel}.getBoundingClientRect().top < innerHeight / 2`)).toBe(true);
}

/** The message waits for the other system, whose callback lets it go on to a step that fails. */
async function sendAndAnswer({ page }: ConsolePage): Promise<void> {
  const sent = fetch(`${gateway.url}/${workspace.name}/CreateWorkOrder`, {
    method: "POST",
    headers: { "x-api-key": PASTED, "content-type": "application/json" },
    body: '{"item":"A1"}',
  });
  await page.getByRole("link", { name: "Executions" }).first().click();
  await page.getByRole("row").filter({ hasText: "CreateWorkOrder" }).getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: /waiting/i }).waitFor();
  const request = await eventually(() => target.received.find(({ path }) => path === "/ask"));
  const body = '{"item":"A1","valid":true}';
  const headers = { "content-type": "application/json" };
  expect((await callBack(request, { token: gateway.token, headers, body })).status).toBe(200);
  await page.getByRole("heading", { level: 1, name: /failed/i }).waitFor();
  expect(await page.getByRole("region", { name: "Steps" }).textContent()).toMatch(
    /validate.*succeeded.*create.*failed/i,
  );
  expect(await page.getByRole("region", { name: "Timeline" }).textContent()).toMatch(/Queue.*validate.*create/);
  expect((await sent).status).toBe(422);
}

async function retry({ page }: ConsolePage): Promise<void> {
  isBroken = false;
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Retry" }).click();
  await page.getByRole("heading", { level: 1, name: /succeeded/i }).waitFor();
  await page.getByRole("tab", { name: "Result" }).click();
  await page.getByText("4711").waitFor();
}

async function followCallback(console: ConsolePage): Promise<void> {
  const { page } = console;
  await page.getByRole("link", { name: "Callbacks" }).first().click();
  await page.getByRole("button", { name: "New callback" }).click();
  await choose(page, "Response type", "Redirect");
  await page.getByLabel("Response redirect URL").fill(`${target.url}/thanks`);
  await page.getByRole("button", { name: "Create callback" }).click();
  const shown = page.getByRole("region", { name: "What to hand over" }).locator("code").first();
  const url = (await shown.textContent()) ?? "";
  const user = await page.context().newPage();
  await user.goto(url);
  await user.getByRole("heading", { name: "Thank you" }).waitFor();
  await user.close();
  await page.getByRole("button", { name: "See its calls" }).click();
  await page.getByRole("region", { name: "Calls" }).getByText("redirected").waitFor();
  await console.expectAccessible();
}
