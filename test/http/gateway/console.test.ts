import { describe, expect, inject, it } from "vitest";
import { consoleSize } from "../../../scripts/lib/build/console-size.ts";
import { problemOf } from "../../support/problem.ts";

const gateway = inject("gateway");

const get = (path: string, init: RequestInit = {}) => fetch(gateway.url + path, { redirect: "manual", ...init });

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const headersOf = ({ headers }: Response) => Object.fromEntries(headers);

async function filesOf(page: Response): Promise<string[]> {
  return [...(await page.text()).matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path = ""]) => path);
}

describe("the console's files", () => {
  it("/ leads to the console", async () => {
    const response = await get("/");
    expect([response.status, response.headers.get("location")]).toEqual([302, "/console/"]);
  });

  it.each([
    "/console",
    "/console/",
    "/console/demo",
    "/console/demo/executions?status=failed",
    "/console/demo/flows/a.b",
  ])("%s is the app, asked for anew each time", async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(headersOf(response)).toMatchObject({
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
    });
    const page = await response.text();
    expect(page).toContain('<div id="root">');
    expect(page, "nothing inline").not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  });

  it("hashed files are kept for good and have the same headers", async () => {
    const files = await filesOf(await get("/console/"));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const response = await get(file);
      expect(response.status, file).toBe(200);
      expect(headersOf(response)).toMatchObject({ ...HEADERS, "cache-control": "public, max-age=31536000, immutable" });
      await response.body?.cancel();
    }
  });

  it.each(["/console/_assets/gone.js", "/console/_assets/", "/console/_assets/..%2f..%2fworker/index.js"])(
    "%s is not there",
    async (path) => {
      await problemOf(get(path), 404);
    },
  );

  it("only GET and HEAD are answered", async () => {
    const head = await get("/console/demo", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const post = await get("/console/demo", { method: "POST" });
    expect(post.headers.get("allow")).toBe("GET, HEAD");
    await problemOf(post, 405);
  });

  it("the first load needs less than 300 kB of compressed script", () => {
    const { files, gzipBytes } = consoleSize();
    expect(files.length).toBeGreaterThan(0);
    expect(gzipBytes).toBeLessThan(300_000);
  });
});
