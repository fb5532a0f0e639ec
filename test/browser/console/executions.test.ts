import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { startBrowser } from "../../support/browser.ts";
import { startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let browser: Browser;
let workspace: Workspace;
let target: Target;
/** What the target answers `/erp` with. */
let status = 422;

beforeAll(async () => {
  target = await startTarget(({ path }) =>
    path === "/async"
      ? { status: 202 }
      : { status, headers: { "content-type": "application/json" }, body: '{"ok":true}' },
  );
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
  const erp = { name: "enter", type: "http", url: `${target.url}/erp`, retry: { delaysSeconds: [] } };
  await workspace.endpoint("orders", [erp]);
  await workspace.endpoint("invoices", [{ name: "ask", type: "http", url: `${target.url}/async`, async: true }, erp]);
});
afterAll(async () => {
  await browser?.close();
  await target?.[Symbol.asyncDispose]();
});

async function send(trigger: string, body: string, contentType = "application/json"): Promise<string> {
  const response = await fetch(`${gateway.url}/${workspace.name}/${trigger}`, {
    method: "POST",
    headers: { "content-type": contentType },
    body,
  });
  return ((await response.json()) as { executionId: string }).executionId;
}

/** The longest that a duration is in words. */
const [EARLIER, LATER] = ["2026-01-01T00:00:00.000Z", "2026-01-01T23:59:59.000Z"];

/** Scrolls as long as there is more; resolves to the most rows that were in the page at a time. */
const SCROLL_TO_THE_END = `(async () => {
  let most = 0;
  while (!document.body.textContent.includes("10,000 executions")) {
    window.scrollTo(0, document.documentElement.scrollHeight);
    await new Promise(requestAnimationFrame);
    most = Math.max(most, document.querySelectorAll("tbody tr").length);
  }
  window.scrollTo(0, document.documentElement.scrollHeight);
  return most;
})()`;

describe("executions in the console", () => {
  it("are listed as they come, and filtered by what stands in the URL", async () => {
    status = 422;
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/executions`);
    await page.getByText("No executions yet").waitFor();
    await page.getByText("Send a message to the URL of one of the triggers.").waitFor();
    const failed = await send("orders", '{"id":1}');
    const waiting = await send("invoices", '{"id":2}');
    await page.getByRole("link", { name: failed.slice(0, 13) }).waitFor();
    await page.getByRole("link", { name: waiting.slice(0, 13) }).waitFor();

    await page.getByRole("combobox", { name: "Status" }).click();
    await page.getByRole("option", { name: "failed" }).click();
    await page.waitForURL("**/executions?status=failed");
    await page.getByRole("link", { name: waiting.slice(0, 13) }).waitFor({ state: "detached" });
    await console.open(`/${workspace.name}/executions?trigger=invoices`);
    await page.getByRole("link", { name: waiting.slice(0, 13) }).waitFor();
    expect(await page.getByRole("link", { name: failed.slice(0, 13) }).count()).toBe(0);
    await page.getByRole("button", { name: "Clear filter" }).click();
    await page.getByRole("link", { name: failed.slice(0, 13) }).waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("a failed one shows what happened, and goes on when it is retried", async () => {
    status = 422;
    const id = await send("orders", '{"id":12345678901234567890,"lines":[{"sku":"A-1"}]}');
    await workspace.settled(id);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/executions/${id}`);
    await page.getByRole("heading", { name: `Execution ${id.slice(0, 13)}` }).waitFor();
    expect(await page.getByRole("region", { name: "Steps" }).textContent()).toMatch(/enter.*failed/);
    expect(await page.getByRole("region", { name: "Log" }).textContent()).toContain("answered 422");
    await page.getByText("Read the timeline as a list").click();
    expect(await page.getByRole("region", { name: "Timeline" }).getByRole("listitem").count()).toBeGreaterThan(1);
    // Digits that a double would round stay as they came.
    await page.getByText("12345678901234567890").waitFor();

    status = 200;
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Retry" }).click();
    await page.getByText("The execution goes on.").waitFor();
    await page.getByRole("heading", { level: 1, name: /succeeded/i }).waitFor();
    await page.getByRole("tab", { name: "Result" }).click();
    await page.getByText("ok:").waitFor();
    expect(await page.getByRole("button", { name: "Retry" }).count()).toBe(0);
    expect(console.complaints).toEqual([]);
  });

  it("a waiting one can be cancelled, after a question; resubmitting leads to the new one", async () => {
    const id = await send("invoices", "<invoice><no>7</no></invoice>", "application/xml");
    await workspace.settled(id, ["waiting"]);
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/executions/${id}`);
    await page.getByText("<no>7</no>").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Let it go on" }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    expect((await workspace.execution(id)).status).toBe("waiting");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Cancel the execution" }).click();
    await page.getByRole("heading", { level: 1, name: /cancelled/i }).waitFor();
    expect(await page.getByRole("region", { name: "Steps" }).textContent()).toMatch(/ask.*cancelled/);
    expect(await page.getByRole("region", { name: "Steps" }).textContent()).not.toContain("failed");
    await page.getByRole("button", { name: "Resubmit" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Resubmit" }).click();
    await page.getByText("Resubmitted from").waitFor();
    const created = page.url().split("/").at(-1) ?? "";
    expect(await workspace.execution(created)).toMatchObject({ resubmittedFrom: id });
    expect(console.complaints).toEqual([]);
  });

  it("shows the whole of a long duration, in the list and in the timeline", async () => {
    const id = await send("invoices", '{"id":8}');
    await workspace.settled(id, ["waiting"]);
    await workspace.post(`/executions/${id}/cancel`, {});
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await page.route(/\/api\/v1\/.*\/executions/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/"createdAt":"[^"]*"/g, `"createdAt":"${EARLIER}"`);
      await route.fulfill({ response, body: body.replace(/"finishedAt":"[^"]*"/g, `"finishedAt":"${LATER}"`) });
    });
    const isCut = (one: { scrollWidth: number; clientWidth: number }) => one.scrollWidth > one.clientWidth;
    await console.open(`/${workspace.name}/executions`);
    const cell = page
      .getByRole("row")
      .filter({ hasText: id.slice(0, 13) })
      .getByText("23 h 59 min");
    expect(await cell.evaluate(isCut)).toBe(false);
    await console.open(`/${workspace.name}/executions/${id}`);
    await page.getByRole("heading", { level: 1, name: /cancelled/i }).waitFor();
    const labels = page.getByRole("region", { name: "Timeline" }).getByText(/^[0-9]+ h [0-9]+ min$/);
    expect(await labels.count()).toBeGreaterThan(0);
    for (const label of await labels.all()) expect(await label.evaluate(isCut)).toBe(false);
    expect(console.complaints).toEqual([]);
  });

  it("a bulk retry says first how many it is about", async () => {
    status = 422;
    const ids = await Promise.all([1, 2, 3].map((id) => send("orders", `{"id":${id}}`)));
    for (const id of ids) await workspace.settled(id);
    const failed = (await workspace.executions({ status: "failed" })).length;
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/executions?status=failed`);
    await page.getByRole("button", { name: "All that match" }).click();
    await page.getByRole("menuitem", { name: "Retry all failed" }).click();
    await page.getByRole("alertdialog", { name: `Retry all failed: ${failed} executions` }).waitFor();
    expect((await workspace.executions({ status: "failed" })).length).toBe(failed);
    status = 200;
    await page.getByRole("alertdialog").getByRole("button", { name: "Retry all failed" }).click();
    await page.getByText(`Retry all failed: ${failed} done.`).waitFor();
    for (const id of ids) await workspace.settled(id, ["succeeded"]);
    await page.getByText("Nothing matches").waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("a body is downloaded as it came", async () => {
    const id = await send("orders", "a;b\n1;2\n", "text/csv");
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open(`/${workspace.name}/executions/${id}`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${id}-input.csv`);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe("a;b\n1;2\n");
  });

  it("of a large body only a part is shown", async () => {
    const id = await send("orders", "x".repeat(700_000), "text/plain");
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    await console.open(`/${workspace.name}/executions/${id}`);
    await console.page.getByText("These are the first 256 KiB.").waitFor();
    const shown = (await console.page.getByRole("region", { name: "Body" }).textContent()) ?? "";
    expect(shown.length).toBe(256 * 1024);
  });

  it("a list of 10,000 stays small in the page while it is scrolled to its end", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    const total = 10_000;
    await page.route("**/api/**/executions?*", (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
      const items = Array.from({ length: 100 }, (_, index) => madeUp(from + index));
      const next = from + 100 < total ? { nextCursor: `${from + 100}` } : {};
      return route.fulfill({ json: { items, ...next } });
    });
    await console.open(`/${workspace.name}/executions`);
    await page.getByRole("table", { name: "Executions" }).waitFor();
    const most = await page.evaluate(SCROLL_TO_THE_END);
    await page.getByText("10,000 executions").waitFor();
    await page.getByRole("link", { name: "e-009999" }).waitFor();
    expect(most).toBeLessThan(200);
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)");
    await page
      .getByRole("link", { name: /^e-00(4[5-9]|5[0-4])/ })
      .first()
      .waitFor();
    expect(console.complaints).toEqual([]);
  }, 60_000);
});

function madeUp(index: number): object {
  const id = `e-${String(index).padStart(6, "0")}`;
  const createdAt = new Date(Date.UTC(2026, 0, 1) - index * 1000).toISOString();
  return {
    id,
    workspace: workspace.name,
    trigger: "orders",
    flow: "orders",
    seq: 1_000_000 - index,
    status: "succeeded",
    documentStatus: "Completed",
    createdAt,
    finishedAt: createdAt,
  };
}
