import { describe, expect, it } from "vitest";
import { ApiProblem, createClient } from "../../src/client/index.ts";

function recorder(...answers: Response[]) {
  const sent: { url: string; init: RequestInit }[] = [];
  const client = createClient({
    url: "https://gateway.example/",
    token: "t",
    fetch: async (url, init) => {
      sent.push({ url, init });
      return answers.shift() ?? new Response(null, { status: 204 });
    },
  });
  return { client, sent };
}

describe("the client of the admin API", () => {
  it("names are encoded into the path, and only what is given into the query", async () => {
    const { client, sent } = recorder(Response.json({ items: [] }));
    await client.workspace("a/b").executions.list({ status: "failed", trigger: undefined, flow: "" });
    expect(sent[0]?.url).toBe("https://gateway.example/api/v1/workspaces/a%2Fb/executions?status=failed");
    expect(sent[0]?.init.headers).toMatchObject({ authorization: "Bearer t" });
  });

  it("a list is followed page by page, up to a number", async () => {
    const pages = () => [
      Response.json({ items: [1, 2], nextCursor: "x" }),
      Response.json({ items: [3, 4], nextCursor: "y" }),
      Response.json({ items: [5] }),
    ];
    const all = recorder(...pages());
    expect(await all.client.workspaces.all()).toEqual([1, 2, 3, 4, 5]);
    expect(all.sent.map(({ url }) => new URL(url).search)).toEqual([
      "?limit=100",
      "?limit=100&cursor=x",
      "?limit=100&cursor=y",
    ]);
    const some = recorder(...pages());
    expect(await some.client.workspaces.all({ most: 3 })).toEqual([1, 2, 3, 4]);
    expect(some.sent.map(({ url }) => new URL(url).search)).toEqual(["?limit=3", "?limit=1&cursor=x"]);
  });

  it("a refusal is an ApiProblem with what is wrong with each field", async () => {
    const errors = [{ field: "steps[0].url", message: "is not absolute" }];
    const document = { status: 422, code: "invalid-input", detail: "steps[0].url: is not absolute", errors };
    const { client } = recorder(Response.json(document, { status: 422 }));
    const problem = await client
      .workspace("w")
      .flows.put("f", { steps: [] })
      .catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ status: 422, code: "invalid-input", errors });
  });

  it.each([
    new Response("<h1>Bad Gateway</h1>", { status: 502 }),
    Response.json("no", { status: 502 }),
    Response.json({ errors: [1, null] }, { status: 502 }),
  ])("an answer that is no problem document is one all the same", async (answer) => {
    const { client } = recorder(answer);
    await expect(client.workspaces.list()).rejects.toMatchObject({ status: 502, code: "unknown", errors: [] });
  });

  it("no answer is a problem in words, except for who gave up", async () => {
    const client = createClient({ fetch: () => Promise.reject(new TypeError("fetch failed")) });
    await expect(client.workspaces.list()).rejects.toMatchObject({ status: 0, code: "unreachable" });
    const signal = AbortSignal.abort();
    await expect(client.workspaces.list({}, { signal })).rejects.toBeInstanceOf(TypeError);
  });
});
