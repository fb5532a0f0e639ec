import { beforeAll, describe, expect, inject, it } from "vitest";
import { call, mint, showCallback } from "../../support/callbacks.ts";
import { sleep, startTarget } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(gateway);
});

const handlerAt = (url: string) => ({ callbackActivity: { type: "http", url } });
const statusesOf = async (url: string, count: number) => {
  const statuses = await Promise.all(
    Array.from({ length: count }, async () => (await call(url, { method: "POST" })).status),
  );
  const totals: Record<string, number> = {};
  for (const status of statuses) totals[status] = (totals[status] ?? 0) + 1;
  return totals;
};

describe("how often a callback may be called", () => {
  it("multiple=false, retryable=false closes after one call, whatever its outcome (G18 GD1 GD6)", async () => {
    await using target = await startTarget(({ path }) => ({ status: path === "/bad" ? 500 : 200 }));
    for (const [path, first] of [
      ["/good", 200],
      ["/bad", 502],
    ] as const) {
      const minted = await mint(workspace, handlerAt(target.url + path));
      expect((await call(minted.callbackUrl)).status).toBe(first);
      expect((await call(minted.callbackUrl)).status).toBe(410);
      expect(await showCallback(workspace, minted)).toMatchObject({ status: "closed" });
    }
    expect(target.received).toHaveLength(2);
  });

  it("multiple=false, retryable=true closes only after a successful call (G15 G17)", async () => {
    let fails = 2;
    await using target = await startTarget(() => ({ status: fails-- > 0 ? 422 : 200 }));
    const minted = await mint(workspace, { ...handlerAt(target.url), retryableAfterError: true });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await call(minted.callbackUrl)).status);
    expect(statuses).toEqual([400, 400, 200, 410]);
    const { calls } = await showCallback(workspace, minted);
    expect(calls.map(({ outcome, responseCode }) => [outcome, responseCode])).toEqual([
      ["answered", 200],
      ["rejected", 400],
      ["rejected", 400],
    ]);
  });

  it("multiple=true stays open, errors or not, and is never closed by a call (G16 G19 G40)", async () => {
    let count = 0;
    await using target = await startTarget(() => ({ status: ++count % 2 ? 500 : 200 }));
    const minted = await mint(workspace, { ...handlerAt(target.url), allowMultipleCalls: true });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await call(minted.callbackUrl)).status);
    expect(statuses).toEqual([502, 200, 502, 200]);
    expect(await showCallback(workspace, minted)).toMatchObject({ status: "open" });
  });

  it("of 1,000 simultaneous calls exactly one runs the handler; the others get 409 with Retry-After, or 410 (GD6)", async () => {
    await using target = await startTarget(async () => {
      await sleep(100);
      return {};
    });
    const minted = await mint(workspace, handlerAt(target.url));
    const statuses = await statusesOf(minted.callbackUrl, 1000);
    expect(statuses[200]).toBe(1);
    expect((statuses[409] ?? 0) + (statuses[410] ?? 0)).toBe(999);
    expect(target.received).toHaveLength(1);
  });

  it("with a failing handler and retryable=true there are never two handlers at once, and it ends used once (GD6)", async () => {
    let inside = 0;
    let most = 0;
    let count = 0;
    await using target = await startTarget(async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
      return { status: ++count < 5 ? 503 : 200 };
    });
    const minted = await mint(workspace, { ...handlerAt(target.url), retryableAfterError: true });
    const totals: Record<string, number> = {};
    for (let round = 0; round < 200 && !totals[200]; round++) {
      for (const [status, n] of Object.entries(await statusesOf(minted.callbackUrl, 50)))
        totals[status] = (totals[status] ?? 0) + n;
    }
    expect(most).toBe(1);
    expect([totals[200], totals[502], count]).toEqual([1, 4, 5]);
    expect(await statusesOf(minted.callbackUrl, 100)).toEqual({ 410: 100 });
    expect(await showCallback(workspace, minted)).toMatchObject({ status: "closed" });
  });

  it("while a handler runs the others get 409 and the callback is busy; closing then is accepted and final (GD6)", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using target = await startTarget(async () => {
      await released;
      return { status: 500 };
    });
    const minted = await mint(workspace, { ...handlerAt(target.url), retryableAfterError: true });
    const first = call(minted.callbackUrl);
    while (target.received.length === 0) await sleep(10);
    const second = await call(minted.callbackUrl);
    expect(second.status).toBe(409);
    expect(second.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await showCallback(workspace, minted)).toMatchObject({ status: "busy" });
    const path = `/workspaces/${workspace.name}/callbacks/${minted.callbackCaseId}`;
    expect((await workspace.admin.request("DELETE", path)).status).toBe(204);
    expect((await call(minted.callbackUrl)).status).toBe(410);
    release();
    expect((await first).status).toBe(502);
    expect((await call(minted.callbackUrl)).status).toBe(410);
    expect(await showCallback(workspace, minted)).toMatchObject({ status: "closed" });
  });

  it("a caller that hangs up changes nothing of this (GD6)", async () => {
    await using target = await startTarget(async () => {
      await sleep(200);
      return {};
    });
    const minted = await mint(workspace, handlerAt(target.url));
    await call(minted.callbackUrl, { signal: AbortSignal.timeout(50) }).catch(() => null);
    await sleep(400);
    expect((await call(minted.callbackUrl)).status).toBe(410);
    expect(await showCallback(workspace, minted)).toMatchObject({ status: "closed", calls: [{ outcome: "answered" }] });
  });

  it("replay: the identical call within 24 h gets the same answer again, any other one 410", async () => {
    await using target = await startTarget(() => ({ body: '{"responseBody": "made once", "responseCode": 201}' }));
    const minted = await mint(workspace, {
      ...handlerAt(target.url),
      replay: "same-response",
      responseHeaders: { "x-a": "1" },
    });
    const init = { method: "POST", body: "payload" };
    const first = await call(`${minted.callbackUrl}?a=1`, init);
    expect([first.status, first.headers.get("idempotency-replayed")]).toEqual([201, null]);
    const again = await call(`${minted.callbackUrl}?a=1`, init);
    expect([again.status, await again.text(), again.headers.get("x-a")]).toEqual([201, "made once", "1"]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await call(`${minted.callbackUrl}?a=2`, init)).status).toBe(410);
    expect((await call(`${minted.callbackUrl}?a=1`, { ...init, body: "other" })).status).toBe(410);
    expect((await call(`${minted.callbackUrl}?a=1`, { ...init, method: "PUT" })).status).toBe(410);
    expect(target.received).toHaveLength(1);
  });

  it("what is closed is closed, for who repeats a call too, and for a call that was under way (G20 GD6)", async () => {
    await using target = await startTarget(async () => {
      await sleep(200);
      return {};
    });
    const settings = { ...handlerAt(target.url), replay: "same-response" };
    const [done, running] = [await mint(workspace, settings), await mint(workspace, settings)];
    const close = ({ callbackState }: { callbackState: string }) =>
      workspace.admin.call("DELETE", `/workspaces/${workspace.name}/callbacks/${callbackState}`);
    expect((await call(done.callbackUrl)).status).toBe(200);
    expect((await call(done.callbackUrl)).headers.get("idempotency-replayed")).toBe("true");
    await close(done);
    expect((await call(done.callbackUrl)).status).toBe(410);
    const first = call(running.callbackUrl);
    while (target.received.length < 2) await sleep(5);
    await close(running);
    expect((await first).status).toBe(200);
    expect((await call(running.callbackUrl)).status).toBe(410);
  });

  it("confirm: GET shows a page as often as it likes, only its POST uses the callback", async () => {
    const minted = await mint(workspace, {
      confirm: true,
      responseType: "redirect",
      responseRedirectUrl: "https://example.com/done",
    });
    for (let n = 0; n < 3; n++) {
      const page = await call(minted.callbackUrl);
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(await page.text()).toContain('<form method="post"');
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    }
    const put = await call(minted.callbackUrl, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, POST"]);
    const used = await call(minted.callbackUrl, { method: "POST", body: new URLSearchParams() });
    expect([used.status, used.headers.get("location")]).toEqual([303, "https://example.com/done"]);
    expect((await call(minted.callbackUrl)).status).toBe(410);
  });
});
