import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openConsole } from "../../support/browser/console.ts";
import { expectSound, LOOKS } from "../../support/browser/console-forms.ts";
import { startBrowser } from "../../support/browser.ts";

interface Parameter {
  readonly name: string;
}

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: (Parameter | { readonly $ref: string })[];
  readonly responses: Record<string, unknown>;
}

const gateway = inject("gateway");
let browser: Browser;
/** Everything in schemas that the reference puts into words. The values of a discriminator name the alternatives. */
const KEYWORDS = [
  ...["type", "format", "enum", "const", "default", "pattern", "description", "$ref", "discriminator"],
  ...["properties", "required", "additionalProperties", "propertyNames", "items", "oneOf", "anyOf"],
  ...["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"],
];

/** Of every operation: method, path, and what its description says. */
let operations: (Described & { readonly method: string; readonly path: string })[];
let components: { readonly schemas: object; readonly parameters: Readonly<Record<string, Parameter>> };

beforeAll(async () => {
  browser = await startBrowser();
  const description = (await (await fetch(`${gateway.url}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Described>>;
    components: typeof components;
  };
  ({ components } = description);
  operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== "parameters")
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
});
afterAll(() => browser?.close());

function nameOf(parameter: Parameter | { readonly $ref: string }): string {
  if ("name" in parameter) return parameter.name;
  return components.parameters[parameter.$ref.replace(/^.*\//, "")]?.name ?? "a reference to nothing";
}

describe("the API reference", () => {
  it("lists every operation of the API description, to somebody who is not signed in", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await console.open("/");
    await page.getByRole("link", { name: "API reference" }).click();
    await page.getByRole("heading", { level: 1, name: "API reference" }).waitFor();
    const links = page.getByRole("navigation", { name: "Operations" }).getByRole("link");
    await links.first().waitFor();
    const shown = await links.evaluateAll((all) =>
      all.map((link) => [...link.querySelectorAll("span, code")].map((part) => part.textContent)),
    );
    const seen = shown.map(([method, , summary, path]) => `${method} ${path} ${summary}`);
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.sort()).toEqual(operations.map(({ method, path, summary }) => `${method} ${path} ${summary}`).sort());
    expect(asked).toContain("/api/v1/openapi.json");
    expect(console.complaints).toEqual([]);
  });

  it("has a page for each operation, with its parameters, its answers and a command to copy", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open("/~reference");
    const links = page.getByRole("navigation", { name: "Operations" }).getByRole("link");
    await links.first().waitFor();
    for (const { operationId, method, path, summary, parameters = [], responses } of operations) {
      await page.locator(`a[href="/console/~reference/${operationId}"]`).click();
      await page.waitForURL(`**/~reference/${operationId}`);
      const article = page.getByRole("article");
      await article.getByRole("heading", { level: 1, name: summary, exact: true }).waitFor();
      const text = await article.textContent();
      for (const part of [method, path, ...parameters.map(nameOf), ...Object.keys(responses)]) {
        expect(text, operationId).toContain(part);
      }
      const command = await article.locator("pre").textContent();
      expect(command ?? "", operationId).toMatch(/^curl /);
      expect(command, "curl reads braces of URLs as lists").not.toMatch(/^curl[^\n]*\{/);
    }
    expect(console.complaints).toEqual([]);
  }, 120_000);

  it("is not given anything by the API description that it leaves out", () => {
    const keywords = new Set<string>();
    const look = (schema: unknown) => {
      if (typeof schema !== "object" || schema === null) return;
      for (const [keyword, value] of Object.entries(schema)) {
        keywords.add(keyword);
        if (keyword === "properties") Object.values(value).forEach(look);
        else if (keyword === "oneOf" || keyword === "anyOf") value.forEach(look);
        else if (["items", "additionalProperties", "propertyNames"].includes(keyword)) look(value);
      }
    };
    Object.values(components.schemas).forEach(look);
    JSON.stringify(operations, (key, value) => {
      if (key === "schema") look(value);
      return value;
    });
    expect(keywords.size).toBeGreaterThan(15);
    expect([...keywords].filter((keyword) => !KEYWORDS.includes(keyword))).toEqual([]);
  });

  it("shows fields with type, limits, default, choices and alternatives", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open("/~reference/putWorkspaceFlowsFlow");
    const body = page.getByRole("region", { name: "Request body" });
    await body.getByText("At most 50 items").waitFor();
    const alternative = body.locator("summary", { hasText: 'type: "http"' });
    await alternative.focus();
    await page.keyboard.press("Enter");
    const timeout = body.getByRole("listitem").filter({ hasText: /^timeoutSeconds/ });
    expect(await timeout.textContent()).toMatch(
      /number[\s\S]*Longest time for one attempt[\s\S]*Default 30[\s\S]*0\.1 to 300/,
    );
    const method = body.getByRole("listitem").filter({ hasText: /^method/ });
    expect(await method.textContent()).toMatch(/One of "GET"[\s\S]*Default "POST"/);
    await console.open("/~reference/putWorkspaceTriggersTrigger");
    const labels = page.getByRole("region", { name: "Request body" }).locator("summary");
    await labels.first().waitFor();
    expect(await labels.allInnerTexts()).toEqual(
      expect.arrayContaining(['type: "basic"', 'type: "signature", scheme: "hmac"']),
    );
    expect(console.complaints).toEqual([]);
  });

  it("the command is copied as it stands, with a body that is JSON", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open("/~reference/postTokens");
    await page.getByRole("button", { name: "Copy: the curl command" }).click();
    await page.getByRole("button", { name: "Copy: the curl command" }).getByText("Copied").waitFor();
    const command = (await page.evaluate("navigator.clipboard.readText()")) as string;
    expect(command).toContain(`curl -X POST '${gateway.url}/api/v1/tokens'`);
    expect(command).toContain('-H "authorization: Bearer $TOKEN"');
    expect(JSON.parse(/-d '([\s\S]*)'$/.exec(command)?.[1] ?? "")).toMatchObject({ workspace: "demo" });
  });

  it("the filter finds by name, path, permission and field, stands in the URL, and says how many there are", async () => {
    await using console = await openConsole(browser, gateway);
    const { page } = console;
    await console.open("/~reference");
    const filter = page.getByRole("searchbox", { name: "Filter" });
    const links = page.getByRole("navigation", { name: "Operations" }).getByRole("link");
    for (const [text, summary] of [
      ["bulk retry", "Retry, resubmit or cancel all that match"],
      ["retentionDays", "Create a workspace or change its settings"],
      ["asyncflow.callback.send", "Send the callback of an async step"],
      ["PATCH keys", "Change the label of an API key"],
    ] as const) {
      await filter.fill(text);
      await links.filter({ hasText: summary }).waitFor();
      expect(await links.count(), text).toBeLessThan(10);
    }
    await page.getByText("1 operation", { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("PATCH keys");
    await page.reload();
    expect(await filter.inputValue()).toBe("PATCH keys");
    await links.first().click();
    await page.getByRole("heading", { level: 1, name: "Change the label of an API key" }).waitFor();
    expect(await filter.inputValue(), "beside an operation as well").toBe("PATCH keys");
    await filter.fill("nothing of the kind");
    await page.getByText("Nothing fits the filter").waitFor();
    expect(console.complaints).toEqual([]);
  });

  it("says so when a link is to an operation that this gateway does not have", async () => {
    await using console = await openConsole(browser, gateway);
    await console.open("/~reference/getNothing");
    await console.page.getByText("There is no such operation").waitFor();
    await console.page.getByRole("link", { name: "All operations" }).click();
    await console.page.getByRole("heading", { level: 1, name: "API reference" }).waitFor();
  });

  it("can be read with the keyboard alone, and leads from the console and back", async () => {
    await using console = await openConsole(browser, gateway, { token: gateway.token });
    const { page } = console;
    await console.open("/demo");
    await page.getByRole("link", { name: "API reference" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "API reference" }).waitFor();
    await page.getByRole("searchbox", { name: "Filter" }).focus();
    await page.keyboard.type("resubmit");
    await page.getByText("2 operations").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("article").waitFor();
    expect(await page.evaluate("document.activeElement.id"), "the content has the focus").toBe("main");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "API reference" }).waitFor();
    await page.getByRole("link", { name: "Console", exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).first().waitFor();
    expect(console.complaints).toEqual([]);
  });

  it.each(LOOKS)(
    "is accessible, fits and complains of nothing: $colorScheme, $size",
    async ({ colorScheme, viewport }) => {
      await using console = await openConsole(browser, gateway, { colorScheme, viewport });
      const { page } = console;
      await console.open("/~reference");
      await page.getByText("Problem documents").click();
      await expectSound(console, "the list");
      for (const id of ["putWorkspaceTriggersTrigger", "getWorkspaceExecutions", "postMessage", "putWorkspaceConfig"]) {
        await console.open(`/~reference/${id}`);
        await page.getByRole("article").waitFor();
        await page.evaluate("for (const one of document.querySelectorAll('article details')) one.open = true");
        await expectSound(console, id);
      }
      expect(console.complaints).toEqual([]);
    },
    60_000,
  );
});
