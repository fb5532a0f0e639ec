import { describe, expect, it } from "vitest";
import type { Env } from "../../../src/config.ts";
import { serveConsole } from "../../../src/routes/public/console.ts";

const ask = (assets: Pick<Fetcher, "fetch"> | undefined, path: string, headers: Record<string, string> = {}) =>
  serveConsole(new Request(`https://gateway.example${path}`, { headers }), { ASSETS: assets } as unknown as Env);

const nothing = { fetch: async () => new Response(null, { status: 404 }) };

describe("a deployment without a built console", () => {
  it.each([
    ["no binding", undefined],
    ["no files", nothing],
  ])("says how to get one: %s", async (_, assets) => {
    expect(await ask(assets, "/console/demo")).toMatchObject({
      reason: "unavailable",
      detail: expect.stringContaining("npm run build"),
    });
  });

  it("has no files below it either", async () => {
    expect(await ask(nothing, "/console/_assets/index.js")).toMatchObject({ reason: "not-found" });
  });
});

describe("a request for the console's files", () => {
  it("asks the files for the path alone, without what proves who calls", async () => {
    const asked: Request[] = [];
    const files = {
      fetch: async (request: RequestInfo | URL) => {
        asked.push(request as unknown as Request);
        return new Response(null, { status: 304, headers: { etag: '"1"' } });
      },
    };
    const headers = { authorization: "Bearer secret", cookie: "a=b", "if-none-match": '"1"' };
    const answer = await ask(files, "/console/demo/executions?status=failed", headers);
    expect(asked.map(({ url, headers: sent }) => [url, [...sent]])).toEqual([
      ["https://gateway.example/index.html", [["if-none-match", '"1"']]],
    ]);
    expect(answer).toBeInstanceOf(Response);
    if (answer instanceof Response) {
      expect([answer.status, answer.headers.get("etag")]).toEqual([304, '"1"']);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
  });
});
