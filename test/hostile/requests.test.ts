import { beforeAll, describe, expect, inject, it } from "vitest";
import { sendRaw } from "../support/hostile/raw.ts";
import { startTarget } from "../support/target.ts";
import { newWorkspace, type Workspace } from "../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
let url: string;

beforeAll(async () => {
  workspace = await newWorkspace(gateway);
  url = await workspace.endpoint("in", []);
});

async function expectProblem(response: Response, status: number) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({
    status,
    title: expect.any(String),
    code: expect.any(String),
    detail: expect.any(String),
  });
  expect(response.status).toBe(status);
  return problem;
}

describe("hostile requests", () => {
  it("unknown paths are the same 404, whatever they look like (ND3)", async () => {
    const paths = [
      "/nowhere",
      "/a/b/c/d/e",
      "/.env",
      "/..%2f..%2fetc%2fpasswd",
      "/%00/%ff",
      "/%",
      `/${workspace.name}`,
      `/${workspace.name}/unknown`,
      `/${workspace.name}/in/`.concat("x/y"),
      `/${workspace.name}/%69n%00`,
      `/${workspace.name.toUpperCase()}/in`,
      `/${workspace.name}/IN`,
      "/__proto__/constructor",
      "/api/v2/workspaces",
      "/api/v1/nothing",
      "/cb/not-a-state",
      "/cb/%E0%A4%A",
      "/cbq/a%20state",
      "/adapter/callback/x",
      "/healthz/more",
    ];
    const problems = await Promise.all(paths.map(async (path) => expectProblem(await fetch(gateway.url + path), 404)));
    expect(new Set(problems.map((problem) => JSON.stringify(problem))).size).toBe(1);
  });

  it("a wrong method is 405 with Allow (ND3)", async () => {
    const cases = [
      ["POST", "/healthz", "GET, HEAD"],
      ["GET", "/cb", "POST"],
      ["DELETE", "/cb", "POST"],
      ["POST", "/api/v1/workspaces", "GET"],
      ["PATCH", `/api/v1/workspaces/${workspace.name}`, "DELETE, GET, PUT"],
      ["PUT", `/api/v1/workspaces/${workspace.name}/executions`, "GET"],
      ["PROPFIND", `/${workspace.name}/in`, "GET, POST"],
    ] as const;
    for (const [method, path, allow] of cases) {
      const response = await fetch(gateway.url + path, { method });
      await expectProblem(response, 405);
      expect([path, response.headers.get("allow")?.split(", ").toSorted().join(", ")]).toEqual([path, allow]);
    }
  });

  it("a body cut short changes nothing", async () => {
    const { host } = new URL(gateway.url);
    const head = (length: number) =>
      `POST /${workspace.name}/in HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${length}\r\n\r\n`;
    await sendRaw(gateway.url, `${head(100)}only this`, { hangUp: true });
    await sendRaw(gateway.url, `${head(200_000)}${"x".repeat(150_000)}`, { hangUp: true });
    const chunked = `POST /${workspace.name}/in HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n12345`;
    await sendRaw(gateway.url, chunked, { hangUp: true });
    expect(await workspace.executions()).toEqual([]);
    const admin = `PUT /api/v1/workspaces/${workspace.name}/flows/cut HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${gateway.token}\r\n`;
    await sendRaw(gateway.url, `${admin}Content-Length: 500\r\n\r\n{"steps": []}`, { hangUp: true });
    expect((await workspace.admin.request("GET", `/workspaces/${workspace.name}/flows/cut`)).status).toBe(404);
  });

  it("impossible lengths, broken chunks and smuggling attempts are 4xx or a closed connection, never 5xx", async () => {
    const { host } = new URL(gateway.url);
    const start = `POST /${workspace.name}/in HTTP/1.1\r\nHost: ${host}\r\n`;
    const requests = [
      `${start}Content-Length: -5\r\n\r\nhello`,
      `${start}Content-Length: five\r\n\r\nhello`,
      `${start}Content-Length: 99999999999999999999\r\n\r\nhello`,
      `${start}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
      `${start}Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n`,
      `${start}Transfer-Encoding: nonsense\r\n\r\nhello`,
      `GARBAGE\r\n\r\n`,
      `GET /${workspace.name}/in HTTP/9.9\r\nHost: ${host}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nBad Header: x\r\n\r\n`,
    ];
    for (const request of requests) {
      const { status } = await sendRaw(gateway.url, request, { hangUp: true });
      expect([request, status === 0 || (status >= 400 && status < 500)]).toEqual([request, true]);
    }
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it("a URL above 16 KiB is 414; one that the HTTP server itself refuses, such as 1 MB of query, is 4xx too", async () => {
    const before = (await workspace.executions()).length;
    await expectProblem(await fetch(`${url}?q=${"x".repeat(50_000)}`, { method: "POST" }), 414);
    await expectProblem(await fetch(`${gateway.url}/${"x".repeat(50_000)}`), 414);
    for (const path of [`${url}?q=${"x".repeat(1_000_000)}`, `${gateway.url}/${"x".repeat(1_000_000)}`]) {
      expect((await fetch(path, { method: "POST" })).status).toBeOneOf([414, 431]);
    }
    expect(await workspace.executions()).toHaveLength(before);
  });

  it("what is not JSON is 400, JSON of the wrong shape 422, and neither changes anything (ND16)", async () => {
    const path = `/workspaces/${workspace.name}/flows/in`;
    const before = await workspace.get("/flows/in");
    const broken = ["", "{", "{'steps': []}", '{"steps": [}', "\u0000", "nul", '{"steps": []} trailing'];
    for (const body of broken) {
      const problem = await expectProblem(await workspace.admin.request("PUT", path, body), 400);
      expect([body, problem.code]).toEqual([body, "invalid-json"]);
    }
    const shapes = [
      "null",
      "[]",
      "1",
      '"text"',
      '{"steps": 5}',
      '{"steps": [], "__proto__": {}}',
      "{}",
      '{"steps": [[[[]]]]}',
    ];
    for (const body of shapes) {
      const problem = await expectProblem(await workspace.admin.request("PUT", path, body), 422);
      expect([body, problem.errors]).toEqual([
        body,
        expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]),
      ]);
    }
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect((await workspace.admin.request("PUT", path, deep)).status).toBeLessThan(500);
    expect(await workspace.get("/flows/in")).toEqual(before);
  });

  it("forged ids of executions are 404 on every route that takes one", async () => {
    const id = crypto.randomUUID();
    await expectProblem(await fetch(`${url}/executions/${id}`), 404);
    await expectProblem(await workspace.admin.request("GET", `/workspaces/${workspace.name}/executions/${id}`), 404);
    await expectProblem(
      await workspace.admin.request("GET", `/workspaces/${workspace.name}/executions/${id}/message`),
      404,
    );
    await expectProblem(
      await workspace.admin.request("GET", `/workspaces/${workspace.name}/executions?cursor=zzz`),
      400,
    );
  });

  it("many callers at once who break off while they wait leave a healthy trigger (N7)", async () => {
    await using target = await startTarget(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { body: "done" };
    });
    const slow = await workspace.endpoint("slow", [{ name: "erp", type: "http", url: target.url }], {
      requestResponse: true,
    });
    const calls = Array.from({ length: 20 }, () =>
      fetch(slow, { method: "POST", body: "x", signal: AbortSignal.timeout(30) }).catch(() => null),
    );
    expect(await Promise.all(calls)).toContain(null);
    expect(await (await fetch(slow, { method: "POST", body: "x" })).text()).toBe("done");
    const accepted = await workspace.executions({ trigger: "slow" });
    for (const { id } of accepted) expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    expect(target.received).toHaveLength(accepted.length);
  });
});
