/** Shared steps of the tests of the console's forms. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { type ConsolePage, DESKTOP, PHONE } from "./console.ts";

/** A text with a visible effect if it is rendered as HTML. */
export const HOSTILE = `<img src=x onerror="document.title='stolen'"><script>document.title='stolen'</script>`;
/** The same with quotes and template syntax, for fields that are stored verbatim. */
export const HOSTILE_TEXT = `${HOSTILE}"'\`{{7*7}}`;

const ALL_LOOKS = [
  { colorScheme: "light", viewport: DESKTOP, size: "desktop" },
  { colorScheme: "dark", viewport: PHONE, size: "phone" },
  { colorScheme: "dark", viewport: DESKTOP, size: "desktop" },
  { colorScheme: "light", viewport: PHONE, size: "phone" },
] as const;

/** Each page is looked at in all of them: each mode and each size once, and with LOOKS=all in every combination. */
export const LOOKS = process.env.LOOKS === "all" ? ALL_LOOKS : ALL_LOOKS.slice(0, 2);

export async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: field, exact: true }).click();
  await page.getByRole("option", { name: option }).click();
}

/** Fails unless the page is accessible, fits the screen, and shows {@link HOSTILE} as text. */
export async function expectSound(console: ConsolePage, what: string): Promise<void> {
  const { page } = console;
  await console.expectAccessible();
  const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  expect(overflow, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
  expect(await page.locator("img[onerror]").count(), what).toBe(0);
  expect(await page.title(), what).not.toBe("stolen");
}

/** Adds a key to the trigger of the page; a generated one unless one is pasted. */
export async function addKey(page: Page, label: string, pasted?: string): Promise<void> {
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
