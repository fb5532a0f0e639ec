import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { startBrowser } from "../../support/browser.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let browser: Browser;
let workspace: Workspace;

beforeAll(async () => {
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(() => browser?.close());

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const makeToken = (fields: object) =>
  workspace.admin.call<{ id: string; token: string }>("POST", "/tokens", { label: "console", ...fields });

describe("signing in to the console", () => {
  it("a wrong token is refused beside the field", async () => {
    await using console = await openConsole(browser, gateway);
    await console.open("/");
    await console.page.getByRole("button", { name: "Sign in" }).click();
    await console.page.getByText("Paste a token.").waitFor();
    await signIn(console.page, "wrong");
    await console.page.getByText("The gateway does not know this token").waitFor();
    expect(await console.page.getByLabel("Token").getAttribute("aria-invalid")).toBe("true");
    await console.expectAccessible();
    expect(console.complaints).toEqual([]);
  });

  it("the right one leads to the page that was asked for, lasts for the tab, and ends with signing out", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open(`/${workspace.name}/executions`);
    await signIn(page, gateway.token);
    await page.getByRole("heading", { name: "Executions", level: 1 }).waitFor();
    expect(await page.title()).toBe(`Executions · ${workspace.name} · Hookback`);
    expect(JSON.stringify(await page.context().storageState())).not.toContain(gateway.token);
    await page.reload();
    await page.getByRole("heading", { name: "Executions", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.evaluate("sessionStorage.getItem('hookback.session')")).toBeNull();
    expect(console.complaints).toEqual([]);
  });

  it("a token of one workspace leads there, and shows the pages that it may see", async () => {
    const { token } = await makeToken({ permissions: ["executions.read"], workspace: workspace.name });
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open("/");
    await signIn(page, token);
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    await page.waitForURL(`**/console/${workspace.name}`);
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    await page.getByRole("link", { name: "Flows" }).waitFor({ state: "detached" });
    expect(await links.allInnerTexts()).toEqual(["Overview", "Executions", "Lanes"]);
    await page.getByRole("link", { name: "Executions", exact: true }).click();
    await page.getByText("No executions yet").waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("a token that cannot list workspaces is asked for a name, one that can look at nothing is refused", async () => {
    const { token } = await makeToken({ permissions: ["executions.read"] });
    const { token: useless } = await makeToken({ permissions: ["asyncflow.callback.send"] });
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open("/");
    await signIn(page, useless);
    await page.getByText("This token may not look at anything.").waitFor();
    await signIn(page, token);
    await page.getByLabel("Workspace").fill("another-one");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText("There is no workspace named another-one.").waitFor();
    await console.expectAccessible();
    await page.getByLabel("Workspace").fill(workspace.name);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("a token that is deleted meanwhile leads back to signing in, and says why", async () => {
    const { id, token } = await makeToken({ permissions: ["admin"] });
    await using console = await openConsole(browser, gateway, { token });
    await console.open(`/${workspace.name}/executions`);
    await console.page.getByText("No executions yet").waitFor();
    await workspace.admin.call("DELETE", `/tokens/${id}`);
    await console.page.getByText("Your session has ended").waitFor();
    await console.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await console.expectAccessible();
  });

  it("creates a workspace, and tells what is wrong with a name beside the field", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}`);
    await page.getByRole("button", { name: /^Workspace / }).click();
    await page.getByRole("menuitem", { name: "New workspace" }).click();
    const name = page.getByLabel("Name");
    await name.fill("Not A Name");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("1 to 39 lower-case letters").waitFor();
    await name.fill(workspace.name);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("there is a workspace of this name already").waitFor();
    await console.expectAccessible();
    await name.fill(`${workspace.name}-2`);
    await page.getByRole("button", { name: "Create" }).click();
    await page.waitForURL(`**/console/${workspace.name}-2`);
    await page.getByText("No executions in the last 24 hours").waitFor();
    expect(console.complaints).toEqual([]);
  });
});
