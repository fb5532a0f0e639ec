/** The console in a real browser, with everything that went wrong in it. */
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { GatewayAddress } from "../workspace.ts";

interface ConsoleOptions {
  /** Signed in with it from the start; signed out without one. */
  readonly token?: string;
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { readonly width: number; readonly height: number };
}

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export class ConsolePage implements AsyncDisposable {
  readonly page: Page;
  /** Console errors and warnings, exceptions, and requests to anywhere else. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;

  constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.#url = url;
    this.page = page;
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      const isBad = message.type() === "error" || message.type() === "warning";
      // The browser itself says so of every 4xx that a page gets and handles.
      if (isBad && !message.text().startsWith("Failed to load resource")) this.complaints.push(message.text());
    });
    page.on("request", (request) => {
      const isOwn = request.url().startsWith(`${url}/`) || request.url().startsWith("blob:");
      if (!isOwn) this.complaints.push(`a request to ${request.url()}`);
    });
  }

  /** Opens a path below `/console`. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.#url}/console${path}`);
  }

  /** Fails when axe-core finds a violation that it calls serious or critical. */
  async expectAccessible(): Promise<void> {
    await this.page.evaluate(axe.source);
    const { violations } = (await this.page.evaluate("axe.run()")) as axe.AxeResults;
    const found = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, any }) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`),
      );
    expect(found).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}

export async function openConsole(
  browser: Browser,
  { url }: GatewayAddress,
  { token, colorScheme = "light", viewport = DESKTOP }: ConsoleOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({
    colorScheme,
    viewport,
    permissions: ["clipboard-write", "clipboard-read"],
  });
  if (token !== undefined) {
    const session = JSON.stringify(JSON.stringify({ token }));
    // Once for the tab: signing out has to last over the next navigation.
    await context.addInitScript(
      `if (!sessionStorage.getItem("begun")) { sessionStorage.setItem("begun", "1"); sessionStorage.setItem("hookback.session", ${session}); }`,
    );
  }
  return new ConsolePage(context, await context.newPage(), url);
}
