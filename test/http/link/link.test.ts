import { describe, expect, inject, it } from "vitest";
import { callBack } from "../../support/link.ts";
import { eventually, sleep, startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const token = gateway.token;

const asyncStep = (target: Target, more: object = {}) => ({
  name: "ask",
  type: "http",
  url: target.url,
  async: true,
  ...more,
});

async function start(workspace: Workspace, steps: object[], body = "hello"): Promise<string> {
  const url = await workspace.endpoint("ask", steps as Record<string, unknown>[]);
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": "text/plain" } });
  return ((await response.json()) as { executionId: string }).executionId;
}

const messageOf = async (workspace: Workspace, id: string) =>
  workspace.admin.request("GET", `/workspaces/${workspace.name}/executions/${id}/message`);

describe("an async http step", () => {
  it("names correlation and callback URL, which end exactly this step run (L6 L7 LD1 LD11)", async () => {
    await using target = await startTarget(() => ({ status: 202, body: "ignored" }));
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, [asyncStep(target)]);
    const waiting = await workspace.settled(id, ["waiting"]);
    const [request] = target.received;
    expect(request?.headers).toMatchObject({
      "x-link-callback-url": `${gateway.url}/cb`,
      "x-link-correlation-id": waiting.steps[0]?.correlationId,
      "content-type": "text/plain",
    });
    expect(request?.body.toString()).toBe("hello");
    expect((await callBack(request, { token, body: "answer" })).status).toBe(200);
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
  });

  it("the callback's body, type and charset become the message, an empty body included (L4 LD9)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway);
    for (const body of ["<svar>å</svar>", ""]) {
      const id = await start(workspace, [asyncStep(target)]);
      await workspace.settled(id, ["waiting"]);
      const bytes = new Uint8Array(Buffer.from(body, "latin1"));
      const headers = { "content-type": "text/xml; charset=iso-8859-1" };
      await callBack(target.received.at(-1), { token, headers, body: bytes });
      await workspace.settled(id);
      const message = await messageOf(workspace, id);
      expect(message.headers.get("content-type")).toBe("text/xml; charset=iso-8859-1");
      expect(Buffer.from(await message.arrayBuffer())).toEqual(Buffer.from(bytes));
    }
  });

  it("with the option off, the message that entered the step goes on (L5 LD9)", async () => {
    await using target = await startTarget(({ path }) => ({ status: path === "/next" ? 200 : 202, body: "end" }));
    const workspace = await newWorkspace(gateway);
    const next = { name: "next", type: "http", url: `${target.url}/next` };
    const id = await start(workspace, [asyncStep(target, { useAsyncResponseBody: false }), next]);
    await workspace.settled(id, ["waiting"]);
    await callBack(target.received[0], { token, body: "unused" });
    await workspace.settled(id);
    expect(target.received[1]).toMatchObject({ path: "/next", body: Buffer.from("hello") });
    expect(target.received[1]?.headers["content-type"]).toBe("text/plain");
  });

  it("Failed ends the flow with status, code and text; later steps are skipped (L13 L14 L15 L16 L17 L20 LD6 LD12 LD13)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway, { documentStatuses: ["Needs Review"] });
    const steps = [asyncStep(target), { name: "next", type: "http", url: `${target.url}/next` }];
    const cases = [
      [{}, { documentStatus: "Failed", errorCode: "E42" }],
      [{ "X-Link-Document-Status": "on-hold" }, { documentStatus: "On Hold" }],
      [{ "X-Link-Document-Status": "NEEDSREVIEW" }, { documentStatus: "Needs Review" }],
      [{ "X-Link-Document-Status": "Odd" }, { documentStatus: "Failed", technicalStatus: "Odd", errorCode: "E42" }],
    ] as const;
    for (const [headers, expected] of cases) {
      const id = await start(workspace, steps);
      await workspace.settled(id, ["waiting"]);
      const said = { "X-Link-Status": "Failed", "X-Link-Error-Code": "E42", "X-Link-Error-Text": "No such item" };
      await callBack(target.received.at(-1), { token, headers: { ...said, ...headers } });
      const execution = await workspace.settled(id);
      expect(execution).toMatchObject({ status: "failed", failure: "error", ...expected });
      expect(execution.errorCode).toBe("errorCode" in expected ? "E42" : undefined);
      expect(execution.steps.map(({ status }) => status)).toEqual(["failed", "skipped"]);
      expect(execution.log.at(-1)?.message).toContain("No such item");
      expect(execution.log.at(-1)?.message).toContain("ADMIN_TOKEN");
    }
    expect(target.received.some(({ path }) => path === "/next")).toBe(false);
  });

  it("with Ok the optional headers are only logged (LD7)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, [asyncStep(target)]);
    await workspace.settled(id, ["waiting"]);
    await callBack(target.received[0], {
      token,
      headers: { "X-Link-Document-Status": "On Hold", "X-Link-Error-Code": "7" },
    });
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ status: "succeeded", documentStatus: "Completed" });
    expect(execution.log.at(-1)?.message).toContain("On Hold");
  });

  it("checks stand in their order, and none of them moves the document (L18 L19 LD2 LD4 LD14)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway);
    const other = await newWorkspace(gateway);
    const issue = async (permissions: string[], name?: string) =>
      (
        await workspace.admin.call<{ token: string }>("POST", "/tokens", {
          label: "partner",
          permissions,
          workspace: name,
        })
      ).token;
    const permitted = await issue(["asyncflow.callback.send"], workspace.name);
    const reader = await issue(["executions.read"], workspace.name);
    const foreign = await issue(["asyncflow.callback.send"], other.name);

    const id = await start(workspace, [asyncStep(target)]);
    await workspace.settled(id, ["waiting"]);
    const [request] = target.received;
    const wrong = { "X-Link-Status": "Maybe", "X-Link-Correlation-Id": "00000000-0000-8000-8000-000000000000" };
    const refusals: [string, Record<string, string>, number][] = [
      ["nobody", wrong, 401],
      [reader, wrong, 403],
      [permitted, wrong, 400],
      [permitted, { "X-Link-Status": "" }, 400],
      [permitted, { "X-Link-Status": "Ok, Ok" }, 400],
      [permitted, { "X-Link-Correlation-Id": "" }, 400],
      [permitted, { "X-Link-Correlation-Id": "nonsense" }, 404],
      [permitted, { "X-Link-Correlation-Id": id }, 404],
      [foreign, {}, 403],
    ];
    for (const [caller, headers, status] of refusals) {
      const response = await callBack(request, { token: caller, headers });
      expect([headers, response.status]).toEqual([headers, status]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      if (status === 401) expect(response.headers.get("www-authenticate")).toMatch(/^Basic/);
    }
    expect(await workspace.execution(id)).toMatchObject({ status: "waiting", documentStatus: "Processing" });
    expect((await callBack(request, { token: permitted, headers: { "X-Link-Status": "oK" } })).status).toBe(200);
    expect((await callBack(request, { token: permitted })).status).toBe(409);
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
  });

  it("a callback that arrives before the target's reply ends the step well, once (LD8)", async () => {
    await using target = await startTarget(async (request) => {
      if (request.path === "/next") return { body: "end" };
      expect((await callBack(request, { token, body: "early" })).status).toBe(200);
      await sleep(100);
      return { status: 500 };
    });
    const workspace = await newWorkspace(gateway);
    const next = { name: "next", type: "http", url: `${target.url}/next` };
    const id = await start(workspace, [asyncStep(target), next]);
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    await sleep(300);
    const execution = await workspace.execution(id);
    expect(execution.steps.map(({ status, attempts }) => [status, attempts])).toEqual([
      ["succeeded", 1],
      ["succeeded", 1],
    ]);
    expect(target.received.map(({ path, body }) => [path, body.toString()])).toEqual([
      ["/", "hello"],
      ["/next", "early"],
    ]);
  });

  it("a refused initial request is retried by the policy, then the execution is Failed (LD8 LD15)", async () => {
    await using target = await startTarget(({ path }) => ({ status: path === "/gone" ? 404 : 503 }));
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, [asyncStep(target, { retry: { delaysSeconds: [0.01] } })]);
    expect(await workspace.settled(id)).toMatchObject({ status: "failed", failure: "bug", documentStatus: "Failed" });
    expect(target.received).toHaveLength(2);
    const correlations = new Set(target.received.map(({ headers }) => headers["x-link-correlation-id"]));
    expect(correlations.size).toBe(1);
    const gone = await start(workspace, [asyncStep(target, { url: `${target.url}/gone` })]);
    expect(await workspace.settled(gone)).toMatchObject({ status: "failed", failure: "error" });
  });

  it("after the waiting limit the document is Failed with technical status Timeout, and a late callback gets 409 (LD10 LD14)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, [asyncStep(target, { callbackTimeoutSeconds: 1 })]);
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ status: "failed", documentStatus: "Failed", technicalStatus: "Timeout" });
    expect((await callBack(target.received[0], { token })).status).toBe(409);
  });

  it("the document is Inbox while queued behind another, Processing while it runs, then Completed (LD13)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const workspace = await newWorkspace(gateway);
    const url = await workspace.endpoint("lane", [asyncStep(target)], { orderedDelivery: true });
    const ids: string[] = [];
    for (const body of ["a", "b"]) {
      ids.push(((await (await fetch(url, { method: "POST", body })).json()) as { executionId: string }).executionId);
    }
    const [first = "", second = ""] = ids;
    expect(await workspace.settled(first, ["waiting"])).toMatchObject({ documentStatus: "Processing" });
    expect(await workspace.execution(second)).toMatchObject({ status: "queued", documentStatus: "Inbox" });
    await callBack(target.received[0], { token });
    await eventually(() => target.received[1]);
    await callBack(target.received[1], { token });
    expect(await workspace.settled(second)).toMatchObject({ documentStatus: "Completed", lane: "lane" });
  });
});
