import { describe, expect, inject, it } from "vitest";
import {
  adapterFlow,
  answerCall,
  callOf,
  json,
  logOf,
  messageOf,
  send,
  startPartner,
  startWaiting,
} from "../../support/adapter.ts";
import { problemOf } from "../../support/problem.ts";
import { sleep } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const answer = (content: object | string) => answerCall(gateway.url, content);
/** Tokens live up to a second shorter, and machines that run tests are busy. */
const TTL = { token_ttl_seconds: 6 };
const PROGRESS = { progress: true };

describe("the waiting limit of a call", () => {
  it("is its token's: then it is a bug, with an entry that the adapter was unresponsive, and 410 (CD6 C29)", async () => {
    await using partner = await startPartner();
    const id = await send(await adapterFlow(workspace, partner.url, { token_ttl_seconds: 1 }));
    const execution = await workspace.settled(id);
    const { callback } = callOf(partner.received[0]);
    expect(execution).toMatchObject({ status: "failed", failure: "bug", documentStatus: "Failed" });
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*unresponsive/);
    expect(partner.received).toHaveLength(1);
    expect((await problemOf(answer({ callback, status: "success" }), 410)).code).toBe("gone");
    expect(await workspace.execution(id)).toMatchObject({ status: "failed", failure: "bug" });
  });

  it("does not count for a result in the reply (CD6)", async () => {
    await using partner = await startPartner(async ({ callback }) => {
      await sleep(1_300);
      return json({ callback, status: "success" });
    });
    const id = await send(await adapterFlow(workspace, partner.url, { token_ttl_seconds: 1 }));
    expect((await workspace.settled(id)).status).toBe("succeeded");
  });
});

describe("progress", () => {
  it("any number of times starts the waiting limit anew, so that the result may come long after it (CD2 CD6)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner, TTL, PROGRESS);
    for (const percent of [50, 100]) {
      await sleep(2_500);
      expect((await answer({ callback, status: "progress", message: `${percent} %` })).status).toBe(200);
      expect((await workspace.execution(id)).status).toBe("waiting");
    }
    await sleep(2_500);
    expect((await answer({ callback, status: "success", payload: "done" })).status).toBe(200);
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    expect(await messageOf(workspace, id)).toEqual(["application/json", '"done"']);
    const said = ["info 50 %", "info 100 %"];
    expect((await logOf(workspace, id)).filter((line) => said.includes(line))).toEqual(said);
    await problemOf(answer({ callback, status: "progress" }), 410);
  });

  it("that ends is followed by the limit once more, and then it is a bug (CD6)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner, TTL, PROGRESS);
    await sleep(1_500);
    const at = Date.now();
    const logs = [{ type: "warning", message: "Slow today" }];
    expect((await answer({ callback, status: "progress", user_logs: logs })).status).toBe(200);
    const execution = await workspace.settled(id);
    expect(execution).toMatchObject({ status: "failed", failure: "bug" });
    expect(Date.parse(execution.finishedAt ?? "") - at).toBeGreaterThan(5_900);
    expect(await logOf(workspace, id)).toContain("warning Slow today");
    expect((await logOf(workspace, id)).at(-1)).toMatch(/^error .*unresponsive/);
    await problemOf(answer({ callback, status: "success" }), 410);
  });

  it.each([{ payload: 1 }, { payload: "" }, { files: [] as object[], payload: {} }])(
    "has no payload and no files: 422, and it keeps waiting: %j (CD3)",
    async (more) => {
      await using partner = await startPartner();
      const { id, callback } = await startWaiting(workspace, partner, {}, PROGRESS);
      await problemOf(answer({ callback, status: "progress", ...more }), 422);
      expect(await workspace.execution(id)).toMatchObject({ status: "waiting" });
      expect((await answer({ callback, status: "progress", payload: null, files: null })).status).toBe(200);
      expect((await answer({ callback, status: "success" })).status).toBe(200);
    },
  );

  it("is 422 where the step does not allow it, and 409 when the step is over (CD3)", async () => {
    await using partner = await startPartner();
    const strict = await startWaiting(workspace, partner);
    await problemOf(answer({ callback: strict.callback, status: "progress" }), 422);
    expect((await workspace.execution(strict.id)).status).toBe("waiting");
    const over = await startWaiting(workspace, partner, {}, PROGRESS);
    expect((await answer({ callback: over.callback, status: "skipped" })).status).toBe(200);
    await problemOf(answer({ callback: over.callback, status: "progress" }), 409);
  });

  it("may be said before the reply and in the reply; the result comes later (CD4 CD7)", async () => {
    await using partner = await startPartner(async ({ callback }) => {
      expect((await answer({ callback, status: "progress", message: "before" })).status).toBe(200);
      return json({ callback, status: "progress", message: "within" });
    });
    const { id, callback } = await startWaiting(workspace, partner, {}, PROGRESS);
    expect((await answer({ callback, status: "success" })).status).toBe(200);
    expect((await workspace.settled(id)).status).toBe("succeeded");
    expect(await logOf(workspace, id)).toEqual(expect.arrayContaining(["info before", "info within"]));
  });
});
