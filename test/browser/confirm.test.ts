import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startBrowser } from "../support/browser.ts";
import { startTarget, type Target } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");

let browser: Browser;
let workspace: Workspace;

beforeAll(async () => {
  [browser, workspace] = await Promise.all([startBrowser(), newWorkspace(gateway)]);
});
afterAll(() => browser?.close());

interface Shown {
  readonly status: string;
  readonly calls: { method: string; query: Record<string, string>; outcome: string }[];
}

const mint = (settings: object) =>
  workspace.post<{ callbackState: string; callbackUrl: string }>("/callbacks", {
    callbackActivity: { type: "record" },
    confirm: true,
    responseType: "redirect",
    ...settings,
  });

const show = (state: string) => workspace.get<Shown>(`/callbacks/${state}`);

/** A site of another host name than the gateway's, whose handler sends the user to its own page. */
async function startSite() {
  const site = await startTarget(({ path }) => {
    if (path === "/handler") return { body: JSON.stringify({ responseRedirectUrl: `${address}/thanks` }) };
    return { headers: { "content-type": "text/html" }, body: "<!doctype html><h1>Thank you</h1>" };
  });
  const address = site.url.replace("127.0.0.1", "localhost");
  return { address, site, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() };
}

async function open(url: string): Promise<Page & AsyncDisposable> {
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  const response = await page.goto(url);
  expect(response?.status()).toBe(200);
  expect(response?.headers()).toMatchObject({ "content-type": expect.stringMatching(/^text\/html/) });
  return page;
}

const pathsOf = ({ received }: Target) => received.map(({ method, path }) => `${method} ${path}`);

describe("a callback that wants confirmation", () => {
  it("looking at the page never uses the callback, however often and with whatever scanner (GD12)", async () => {
    const { callbackState, callbackUrl } = await mint({ responseRedirectUrl: "/page/thankyou" });
    for (let round = 0; round < 10; round++) {
      const response = await fetch(callbackUrl);
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toContain("no-store");
      await response.body?.cancel();
    }
    for (const method of ["HEAD", "OPTIONS"]) expect((await fetch(callbackUrl, { method })).status).toBe(405);
    expect(await show(callbackState)).toMatchObject({ status: "open", calls: [] });
    const post = () => fetch(callbackUrl, { method: "POST", redirect: "manual" });
    expect((await post()).status).toBe(303);
    expect((await post()).status).toBe(410);
    expect((await fetch(callbackUrl)).status).toBe(410);
  });

  it("its one button uses it, with all parameters, and goes where the handler says on another site (G1 G9 G23 GD7)", async () => {
    await using there = await startSite();
    const { callbackState, callbackUrl } = await mint({
      callbackActivity: { type: "http", url: `${there.site.url}/handler` },
      stateQueryParameter: "token",
    });
    await using page = await open(`${callbackUrl}&from=mail&note=%22%3E%3Ci%3E`);
    expect(there.site.received).toEqual([]);
    const posted = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button").click();
    expect((await posted).status()).toBe(303);
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    expect(page.url()).toBe(`${there.address}/thanks`);
    expect(pathsOf(there.site).slice(0, 2)).toEqual(["POST /handler", "GET /thanks"]);
    const call = JSON.parse(there.site.received[0]?.body.toString() ?? "");
    expect(call).toMatchObject({ requestMethod: "post", callbackSystemCase: callbackState });
    expect(call.requestQuery).toEqual({ token: callbackState, from: "mail", note: '"><i>' });
    const { status, calls } = await show(callbackState);
    expect([status, calls.length, calls[0]?.outcome]).toEqual(["closed", 1, "redirected"]);
    expect((await page.goto(callbackUrl))?.status()).toBe(410);
  });

  it("the page is small, named, labelled and works from the keyboard without scripts (G31 GD12)", async () => {
    const { callbackUrl } = await mint({
      responseType: "response",
      responseBody: "Noted.",
      responseHeaders: { "content-type": "text/plain" },
    });
    await using context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 480 } });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(callbackUrl);
    expect(requests).toEqual([callbackUrl]);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.title()).not.toBe("");
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.getByRole("main").count()).toBe(1);
    expect(await page.getByRole("button").count()).toBe(1);
    expect(await page.getByRole("button", { name: /\w/ }).count()).toBe(1);
    const width = await page.locator("html").boundingBox();
    expect(width?.width).toBeLessThanOrEqual(320);
    await page.keyboard.press("Tab");
    expect(await page.locator("button:focus-visible").count()).toBe(1);
    const ring = await page.evaluate("getComputedStyle(document.activeElement).outlineColor");
    expect(ring, "a focus ring is seen on white").not.toBe("rgb(255, 255, 255)");
    await page.keyboard.press("Enter");
    await page.getByText("Noted.").waitFor();
    expect(page.url()).toBe(callbackUrl);
  });
});
