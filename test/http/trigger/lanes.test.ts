import { beforeAll, describe, expect, inject, it } from "vitest";
import type { LaneView } from "../../../src/core/schema/views.ts";
import { eventually, sleep, startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});

const step = (url: string, more: object = {}) => ({
  name: "erp",
  type: "http",
  url,
  retry: { delaysSeconds: [] },
  ...more,
});

async function send(url: string, body: string): Promise<string> {
  const response = await fetch(url, { method: "POST", body });
  return ((await response.json()) as { executionId: string }).executionId;
}

const laneOf = async (trigger: string) =>
  (await workspace.get<{ items: LaneView[] }>("/lanes")).items.find((lane) => lane.trigger === trigger);

const operate = (lane: LaneView | undefined, action: string) =>
  workspace.admin.request("POST", `/workspaces/${workspace.name}/lanes/${lane?.id}/${action}`);

describe("a lane that blocks", () => {
  it("stops at the failing head, later messages stay queued, retry runs it again and goes on (ND8)", async () => {
    let isDown = true;
    await using target = await startTarget(({ body }) => ({ status: isDown && body.toString() === "2" ? 422 : 200 }));
    const url = await workspace.endpoint("retried", [step(target.url)], { orderedDelivery: { onFailure: "block" } });
    const [one = "", two = "", three = "", four = ""] = [
      await send(url, "1"),
      await send(url, "2"),
      await send(url, "3"),
      await send(url, "4"),
    ];
    await workspace.settled(one);
    expect(await workspace.settled(two)).toMatchObject({ status: "failed" });
    await sleep(200);
    expect(await workspace.execution(three)).toMatchObject({ status: "queued" });
    const lane = await laneOf("retried");
    expect(lane).toMatchObject({ key: null, depth: 3, paused: false, head: { executionId: two, status: "failed" } });
    expect(Date.parse(lane?.blockedSince ?? "")).toBeLessThanOrEqual(Date.now());
    isDown = false;
    expect((await operate(lane, "retry")).status).toBe(200);
    for (const id of [two, three, four]) expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    expect(target.received.map(({ body }) => body.toString())).toEqual(["1", "2", "2", "3", "4"]);
    expect(await laneOf("retried")).toBeUndefined();
    expect((await operate(lane, "retry")).status).toBe(404);
  });

  it("skip goes on without the failed head, which stays failed (ND8)", async () => {
    await using target = await startTarget(({ body }) => ({ status: body.toString() === "bad" ? 422 : 200 }));
    const url = await workspace.endpoint("skipped", [step(target.url)], { orderedDelivery: { onFailure: "block" } });
    const [bad, good] = [await send(url, "bad"), await send(url, "good")];
    await workspace.settled(bad);
    await sleep(100);
    expect(await workspace.execution(good)).toMatchObject({ status: "queued" });
    expect((await operate(await laneOf("skipped"), "skip")).status).toBe(200);
    expect(await workspace.settled(good)).toMatchObject({ status: "succeeded" });
    expect(await workspace.execution(bad)).toMatchObject({ status: "failed" });
  });

  it("a paused lane starts nothing until it is resumed; a lane that is not blocked cannot be skipped", async () => {
    await using target = await startTarget(async () => {
      await sleep(300);
      return {};
    });
    const url = await workspace.endpoint("paused", [step(target.url)], { orderedDelivery: true });
    const [first, second] = [await send(url, "1"), await send(url, "2")];
    const lane = await eventually(() => laneOf("paused"));
    expect((await operate(lane, "skip")).status).toBe(409);
    expect((await operate(lane, "pause")).status).toBe(200);
    await workspace.settled(first);
    await sleep(400);
    expect(await workspace.execution(second)).toMatchObject({ status: "queued" });
    expect(await laneOf("paused")).toMatchObject({ paused: true, depth: 1, head: { executionId: second } });
    expect((await operate(lane, "resume")).status).toBe(200);
    expect(await workspace.settled(second)).toMatchObject({ status: "succeeded" });
  });
});

describe("retry, resubmit, cancel", () => {
  it("retry continues at the failed step as a new run (LD11 LD14)", async () => {
    let isDown = true;
    await using target = await startTarget(({ path }) => ({
      status: isDown && path === "/two" ? 500 : 200,
      body: path,
    }));
    const steps = ["one", "two", "three"].map((name) => step(`${target.url}/${name}`, { name }));
    const id = await send(await workspace.endpoint("steps", steps), "x");
    expect(await workspace.settled(id)).toMatchObject({
      status: "failed",
      steps: [{}, { status: "failed" }, { status: "skipped" }],
    });
    isDown = false;
    const path = `/workspaces/${workspace.name}/executions/${id}/retry`;
    expect((await workspace.admin.request("POST", path)).status).toBe(200);
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    expect(target.received.map((request) => request.path)).toEqual(["/one", "/two", "/two", "/three"]);
    expect(target.received[2]?.body.toString()).toBe("/one");
    const keys = target.received.map(({ headers }) => headers["idempotency-key"]);
    expect(keys[1]).not.toBe(keys[2]);
    expect((await workspace.admin.request("POST", path)).status).toBe(409);
  });

  it("resubmit is a new execution of the same message, linked to the old, by the flow as it is now", async () => {
    await using target = await startTarget(({ path }) => ({ status: path === "/old" ? 422 : 200 }));
    for (const size of [5, 200_000]) {
      const url = await workspace.endpoint("again", [step(`${target.url}/old`)]);
      const id = await send(url, "x".repeat(size));
      await workspace.settled(id);
      await workspace.put("/flows/again", { steps: [step(`${target.url}/new`)] });
      const { id: newId } = await workspace.post<{ id: string }>(`/executions/${id}/resubmit`, {});
      expect(newId).not.toBe(id);
      expect(await workspace.settled(newId)).toMatchObject({
        status: "succeeded",
        resubmittedFrom: id,
        trigger: "again",
      });
      expect(target.received.at(-1)).toMatchObject({ path: "/new", body: Buffer.alloc(size, "x") });
      expect(await workspace.execution(id)).toMatchObject({ status: "failed" });
    }
  });

  it("cancel ends a waiting execution, frees its lane, and its callback comes too late (LD14 ND9)", async () => {
    await using target = await startTarget(() => ({ status: 202 }));
    const url = await workspace.endpoint("cancelled", [step(target.url, { async: true })], { orderedDelivery: true });
    const [first, second] = [await send(url, "1"), await send(url, "2")];
    const { steps } = await workspace.settled(first, ["waiting"]);
    const path = `/workspaces/${workspace.name}/executions/${first}/cancel`;
    expect((await workspace.admin.request("POST", path)).status).toBe(200);
    expect(await workspace.execution(first)).toMatchObject({
      status: "cancelled",
      steps: [{ status: "failed", attempts: 1 }],
    });
    await workspace.settled(second, ["waiting"]);
    const late = await fetch(`${gateway.url}/cb`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${gateway.token}`,
        "x-link-correlation-id": steps[0]?.correlationId ?? "",
        "x-link-status": "Ok",
      },
    });
    expect(late.status).toBe(409);
    expect((await workspace.admin.request("POST", path)).status).toBe(409);
    expect((await fetch(`${url}/executions/${first}`)).status).toBe(409);
  });

  it("bulk acts on what the filter matches; a dry run only counts", async () => {
    let isDown = true;
    await using target = await startTarget(() => ({ status: isDown ? 422 : 200 }));
    const url = await workspace.endpoint("bulk", [step(target.url)]);
    const ids = await Promise.all(Array.from({ length: 7 }, (_, n) => send(url, String(n))));
    for (const id of ids) await workspace.settled(id);
    isDown = false;
    const bulk = (body: object) =>
      workspace.post<object>("/executions/bulk", { filter: { trigger: "bulk" }, ...body } as never);
    expect(await bulk({ action: "retry", dryRun: true })).toEqual({ matched: 7, done: 0 });
    expect(await bulk({ action: "cancel", dryRun: true })).toEqual({ matched: 0, done: 0 });
    expect(target.received).toHaveLength(7);
    expect(await bulk({ action: "retry" })).toEqual({ matched: 7, done: 7 });
    for (const id of ids) expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    expect(await bulk({ action: "resubmit", filter: { trigger: "bulk", from: new Date().toISOString() } })).toEqual({
      matched: 0,
      done: 0,
    });
  });
});

describe("throttling", () => {
  it("with maxConcurrency 5, a burst never has more than 5 at the target, and all arrive (N15 ND9)", async () => {
    let [inside, most] = [0, 0];
    await using target = await startTarget(async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
      return {};
    });
    const url = await workspace.endpoint("narrow", [step(target.url)], { maxConcurrency: 5 });
    const ids = await Promise.all(Array.from({ length: 300 }, (_, n) => send(url, String(n))));
    for (const id of ids) await workspace.settled(id, undefined, 30_000);
    expect(most).toBe(5);
    expect(target.received).toHaveLength(300);
  });

  it("a rate lets messages wait durably rather than refuse them", async () => {
    await using target = await startTarget();
    const url = await workspace.endpoint("rated", [step(target.url)], { rate: { limit: 5, perSeconds: 0.5 } });
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => send(url, String(n))));
    for (const id of ids) await workspace.settled(id);
    const times = target.received.map(({ at }) => at).toSorted((a, b) => a - b);
    expect(times).toHaveLength(20);
    // Starts are bounded at the gateway; on their way to the target they may close up.
    const spans = times.slice(5).map((time, n) => time - (times[n] ?? 0));
    for (const span of spans) expect(span).toBeGreaterThan(200);
  });
});
