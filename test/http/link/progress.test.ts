import { describe, expect, inject, it } from "vitest";
import { callBack } from "../../support/link.ts";
import { eventually, sleep, startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const { token } = gateway;

async function start(workspace: Workspace, target: Target, more: object = {}): Promise<string> {
  const url = await workspace.endpoint("ask", [{ name: "ask", type: "http", url: target.url, async: true, ...more }]);
  const response = await fetch(url, { method: "POST", body: "hello" });
  return ((await response.json()) as { executionId: string }).executionId;
}

async function say(target: Target, status: string, more: Record<string, string> = {}, as = token): Promise<number> {
  const request = await eventually(() => target.received.at(-1));
  const said = { token: as, headers: { "X-Link-Status": status, ...more }, body: status };
  return (await callBack(request, said)).status;
}

const answers = (delayMs = 0) => startTarget(() => sleep(delayMs).then(() => ({ status: 202 })));
const messageOf = async ({ admin, name }: Workspace, id: string) =>
  (await admin.request("GET", `/workspaces/${name}/executions/${id}/message`)).text();

describe.concurrent("progress of an async step", () => {
  it("each one is logged and starts the waiting limit anew, as often as the partner likes (L11 LD4 LD10)", async () => {
    await using target = await answers();
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, target, { progress: true, callbackTimeoutSeconds: 4 });
    await workspace.settled(id, ["waiting"]);
    for (const percent of ["30 %", "60 %", "90 %"]) {
      await sleep(1800);
      expect(await say(target, "progress", { "X-Link-Error-Text": percent })).toBe(200);
    }
    const waiting = await workspace.execution(id);
    expect(waiting).toMatchObject({ status: "waiting", documentStatus: "Processing" });
    expect(waiting.log.filter(({ message }) => message.startsWith("Callback Progress"))).toMatchObject(
      ["30 %", "60 %", "90 %"].map((percent) => ({
        ...{ level: "info", step: "ask" },
        message: `Callback Progress from ADMIN_TOKEN (error text: ${percent})`,
      })),
    );
    expect(await say(target, "Ok")).toBe(200);
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ status: "succeeded", documentStatus: "Completed" });
    expect(execution.steps).toMatchObject([{ status: "succeeded", attempts: 1 }]);
    expect(execution.statusLog.map(({ documentStatus }) => documentStatus)).toEqual([
      ...["Inbox", "Processing", "Completed"],
    ]);
    expect(target.received).toHaveLength(1);
    expect(await messageOf(workspace, id)).toBe("Ok");
  });

  it("when no more comes, the waiting limit counts from the last one (LD10 LD14)", async () => {
    await using target = await answers();
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, target, { progress: true, callbackTimeoutSeconds: 3 });
    await workspace.settled(id, ["waiting"]);
    await sleep(1000);
    const saidAt = Date.now();
    expect(await say(target, "Progress")).toBe(200);
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ status: "failed", failure: "bug", technicalStatus: "Timeout" });
    expect(Date.parse(execution.finishedAt ?? "") - saidAt).toBeGreaterThanOrEqual(2950);
    expect(await say(target, "Progress")).toBe(409);
    expect(await workspace.execution(id)).toEqual(execution);
  });

  it("without the step's leave it is 400, the limit runs on, and the document keeps waiting (L11 LD4)", async () => {
    await using target = await answers();
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, target);
    const waiting = await workspace.settled(id, ["waiting"]);
    expect(await say(target, "Progress")).toBe(400);
    expect(await workspace.execution(id)).toEqual(waiting);
    expect(await say(target, "Ok")).toBe(200);
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });

    const hurried = await start(workspace, target, { callbackTimeoutSeconds: 4 });
    const { log } = await workspace.settled(hurried, ["waiting"]);
    await sleep(2000);
    expect(await say(target, "Progress")).toBe(400);
    const { finishedAt } = await workspace.settled(hurried);
    expect(Date.parse(finishedAt ?? "") - Date.parse(log.at(-1)?.at ?? "")).toBeLessThan(5500);
  });

  it("it may come before the reply, and twenty at once; the first result after it wins (LD8)", async () => {
    await using target = await answers(300);
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, target, { progress: true });
    expect(await Promise.all(Array.from({ length: 20 }, () => say(target, "Progress")))).toEqual(
      Array.from({ length: 20 }, () => 200),
    );
    expect(await workspace.settled(id, ["waiting"])).toMatchObject({ steps: [{ attempts: 1 }] });
    const results = ["Ok", "Failed"].map((status) => say(target, status));
    expect((await Promise.all(results)).sort()).toEqual([200, 409]);
    expect(await say(target, "Progress")).toBe(409);
    const { log } = await workspace.settled(id);
    expect(log.filter(({ message }) => message.startsWith("Callback Progress"))).toHaveLength(20);
    expect(target.received).toHaveLength(1);
  });

  it("it is checked as any callback is, before the step is asked (LD2)", async () => {
    await using target = await answers();
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, target);
    await workspace.settled(id, ["waiting"]);
    expect(await say(target, "Progress", {}, "nobody")).toBe(401);
    expect(await say(target, "Progress", { "X-Link-Correlation-Id": "nonsense" })).toBe(404);
    expect(await say(target, "Progress, Progress")).toBe(400);
    expect(await workspace.execution(id)).toMatchObject({ status: "waiting" });
  });
});

describe.concurrent("the document status log", () => {
  const reported = { "X-Link-Error-Code": "E42", "X-Link-Error-Text": "No such item" };

  it.for([
    [{}, { documentStatus: "Failed", errorCode: "E42" }],
    [{ "X-Link-Document-Status": "onhold" }, { documentStatus: "On Hold" }],
    [{ "X-Link-Document-Status": "Odd" }, { documentStatus: "Failed", technicalStatus: "Odd", errorCode: "E42" }],
  ] as const)(
    "says who set what, when, with code and text: %j (L14 L15 L16 L17 L20 LD6)",
    async ([headers, set], { expect }) => {
      await using target = await answers();
      const workspace = await newWorkspace(gateway);
      const input = { label: "erp partner", permissions: ["asyncflow.callback.send"], workspace: workspace.name };
      const issued = await workspace.admin.call<{ token: string }>("POST", "/tokens", input);
      const id = await start(workspace, target);
      await workspace.settled(id, ["waiting"]);
      expect(await say(target, "Failed", { ...reported, ...headers }, issued.token)).toBe(200);
      const execution = await workspace.settled(id);
      expect(execution.statusLog).toEqual([
        { at: execution.createdAt, documentStatus: "Inbox" },
        { at: execution.startedAt, documentStatus: "Processing" },
        { at: execution.finishedAt, ...set, by: "erp partner", text: "No such item" },
      ]);
    },
  );

  it("names nobody where the gateway set it, and the operator who cancelled (L20 LD7 LD10 LD13)", async () => {
    await using target = await answers();
    const workspace = await newWorkspace(gateway);
    const ok = await start(workspace, target);
    await workspace.settled(ok, ["waiting"]);
    expect(await say(target, "Ok", { ...reported, "X-Link-Document-Status": "On Hold" })).toBe(200);
    const last = async (id: string) => (await workspace.settled(id)).statusLog.slice(2);
    expect(await last(ok)).toEqual([{ at: expect.any(String), documentStatus: "Completed" }]);

    const cancelled = await start(workspace, target);
    await workspace.settled(cancelled, ["waiting"]);
    await workspace.post(`/executions/${cancelled}/cancel`, {});
    expect(await last(cancelled)).toEqual([
      { at: expect.any(String), documentStatus: "Ignored", by: expect.stringContaining("ADMIN_TOKEN") },
    ]);

    const late = await start(workspace, target, { callbackTimeoutSeconds: 1 });
    expect(await last(late)).toMatchObject([{ documentStatus: "Failed", technicalStatus: "Timeout" }]);
    expect((await workspace.execution(late)).statusLog[2]?.by).toBeUndefined();
  });

  it("keeps what stood in it before an operator tried again (L20 LD14)", async () => {
    await using target = await answers();
    const workspace = await newWorkspace(gateway);
    const id = await start(workspace, target);
    await workspace.settled(id, ["waiting"]);
    await say(target, "Failed", reported);
    const failed = await workspace.settled(id);
    await workspace.post(`/executions/${id}/retry`, {});
    await workspace.settled(id, ["waiting"]);
    expect(await say(target, "Ok")).toBe(200);
    const { statusLog } = await workspace.settled(id);
    expect(statusLog.slice(0, 3)).toEqual(failed.statusLog);
    expect(statusLog.at(-1)).toEqual({ at: expect.any(String), documentStatus: "Completed" });
  });
});
