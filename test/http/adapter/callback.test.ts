import { describe, expect, inject, it } from "vitest";
import {
  ACKNOWLEDGEMENT,
  adapterFlow,
  answerCall,
  callOf,
  json,
  logOf,
  messageOf,
  send,
  sign,
  startPartner,
  startWaiting,
} from "../../support/adapter.ts";
import { problemOf } from "../../support/problem.ts";
import { eventually, sleep, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const workspace = await newWorkspace(gateway);
const answer = (content: object | string, headers?: Record<string, string>, secret?: string) =>
  answerCall(gateway.url, content, headers, secret);

async function expectAccepted(response: Promise<Response>) {
  const accepted = await response;
  expect([accepted.status, await accepted.text()]).toEqual([200, '{"status":"accepted"}']);
}

describe("a callback", () => {
  it("ends the step with its payload, byte for byte, and is accepted with 200, once (C7 C21 C28 CD2 CD3 CD15)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner);
    const payload = '{ "n": 12345678901234567890.10,\n "t": "\\u00e9é" }';
    const text = `\n{"status" : "success", "payload" :${payload}, "callback":"${callback}"} `;
    await expectAccepted(answer(text));
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded", result: "success" });
    expect(await messageOf(workspace, id)).toEqual(["application/json", payload]);
    expect((await problemOf(answer(text), 409)).code).toBe("already-answered");
    expect(partner.received).toHaveLength(1);
  });

  it("says its status, files, message and user_logs as a reply does (C24 CD2 CD15)", async () => {
    await using partner = await startPartner();
    const logs = { message: "Done later", user_logs: [{ type: "warning", message: "Late" }] };
    const files = [{ file_name: "a.txt", mime_type: "text/plain", body: "aGVq", content_transfer_encoding: "base64" }];
    const cases = [
      [{ status: "success", files }, { status: "succeeded", result: "success" }, "hej"],
      [{ status: "success" }, { status: "succeeded" }, "{}"],
      [{ status: "skipped", payload: 1 }, { status: "succeeded", result: "skipped" }, "1"],
      [{ status: "error", payload: 1 }, { status: "failed", failure: "error" }, "{}"],
      [{ status: "bug", payload: 1 }, { status: "failed", failure: "bug" }, "{}"],
    ] as const;
    for (const [said, expected, message] of cases) {
      const { id, callback } = await startWaiting(workspace, partner);
      await expectAccepted(answer({ callback, ...said, ...logs }));
      expect(await workspace.settled(id)).toMatchObject(expected);
      expect((await messageOf(workspace, id))[1]).toBe(message);
      expect(await logOf(workspace, id)).toEqual(expect.arrayContaining(["info Done later", "warning Late"]));
    }
  });

  it("of 6 MB is taken, its token before or behind the payload, its length announced or not (CD2 CD10)", async () => {
    await using partner = await startPartner();
    const payload = `"${"å\\n".repeat(1_500_000)}"`;
    for (const isBehind of [false, true]) {
      const { id, callback } = await startWaiting(workspace, partner);
      const facts = `"callback":"${callback}","status":"success"`;
      const text = isBehind ? `{"payload":${payload},${facts}}` : `{${facts},"payload":${payload}}`;
      const body = new Blob([text]).stream();
      const headers = { "x-chainio-signature": sign(text) };
      const init = isBehind ? { body, duplex: "half" as const } : { body: text };
      await expectAccepted(fetch(`${gateway.url}/adapter/callback`, { method: "POST", headers, ...init }));
      expect((await workspace.settled(id)).status).toBe("succeeded");
      expect((await messageOf(workspace, id))[1] === payload).toBe(true);
    }
  });

  it("any content type and further members are taken as they come (CD2)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner);
    const more = {
      execution_id: id,
      configuration: { callback: "x", status: "bug" },
      Status: "bug",
      payload: { a: 1 },
    };
    await expectAccepted(answer({ more, callback, status: "success" }, { "content-type": "text/plain" }));
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    expect((await messageOf(workspace, id))[1]).toBe("{}");
  });

  it("each token ends exactly the execution that it was sent for (C14 CD9)", async () => {
    await using partner = await startPartner();
    const url = await adapterFlow(workspace, partner.url);
    const [first, second] = [await send(url, '"first"'), await send(url, '"second"')];
    for (const id of [first, second]) await workspace.settled(id, ["waiting"]);
    const { invocationId } = (await workspace.execution(second)).steps[0] ?? {};
    const request = partner.received.find(({ headers }) => headers["x-chainio-execution-id"] === invocationId);
    await expectAccepted(answer({ callback: callOf(request).callback, status: "skipped" }));
    expect((await workspace.execution(first)).status).toBe("waiting");
    expect(await workspace.settled(second)).toMatchObject({ result: "skipped" });
  });

  it("of many at once exactly one is accepted (CD7)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner);
    const all = Array.from({ length: 12 }, (_, payload) => answer({ callback, status: "success", payload }));
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array(11).fill(409)]);
    expect((await messageOf(workspace, id))[1]).toBe(String(statuses.indexOf(200)));
  });
});

describe("a callback before the adapter's own reply", () => {
  const NEXT = '{"from":"callback"}';
  it.each([
    ["acknowledges", () => ACKNOWLEDGEMENT],
    ["has another result", (callback: string) => json({ callback, status: "error", payload: { from: "reply" } })],
    ["is a bug", () => json({ message: "crashed" }, 500)],
    ["is an error", () => json({ message: "refused" }, 400)],
  ])("wins, whatever the reply: it %s (CD7)", async (_, replyOf) => {
    await using partner = await startPartner(async ({ callback }) => {
      await expectAccepted(answer(`{"callback":"${callback}","status":"success","payload":${NEXT}}`));
      await sleep(200);
      return replyOf(callback);
    });
    const id = await send(await adapterFlow(workspace, partner.url));
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    await eventually(async () =>
      (await logOf(workspace, id)).some((line) => /late reply/i.test(line)) ? true : undefined,
    );
    const execution = await workspace.execution(id);
    expect(execution).toMatchObject({ status: "succeeded", result: "success" });
    expect(execution.steps[0]).toMatchObject({ status: "succeeded", attempts: 1 });
    expect(await messageOf(workspace, id)).toEqual(["application/json", NEXT]);
    expect(partner.received).toHaveLength(1);
  });

  it("that is refused changes nothing, and the reply counts (CD3 CD7)", async () => {
    await using partner = await startPartner(async ({ callback }) => {
      await problemOf(answer({ callback, status: "odd" }), 422);
      await problemOf(answer({ callback, status: "bug" }, {}, "other"), 401);
      return json({ callback, status: "success", payload: 1 });
    });
    const id = await send(await adapterFlow(workspace, partner.url));
    expect(await workspace.settled(id)).toMatchObject({ status: "succeeded" });
    expect((await messageOf(workspace, id))[1]).toBe("1");
  });

  it("behind a result in the reply it is late: 409, and only the log tells, once (CD7)", async () => {
    await using partner = await startPartner(({ callback }) => json({ callback, status: "success", payload: 1 }));
    const id = await send(await adapterFlow(workspace, partner.url));
    await workspace.settled(id);
    const { callback } = callOf(partner.received[0]);
    for (let again = 0; again < 3; again++)
      await problemOf(answer({ callback, status: "bug", payload: 2, message: "late words" }), 409);
    expect(await workspace.execution(id)).toMatchObject({ status: "succeeded" });
    expect((await messageOf(workspace, id))[1]).toBe("1");
    expect((await logOf(workspace, id)).filter((line) => /late callback/i.test(line))).toHaveLength(1);
  });
});

describe("what operators do to a waiting call", () => {
  const operate = (id: string, action: string) =>
    workspace.admin.call<{ id: string }>("POST", `/workspaces/${workspace.name}/executions/${id}/${action}`);

  it("a cancelled execution answers 409 (CD3)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner);
    await operate(id, "cancel");
    await problemOf(answer({ callback, status: "success" }), 409);
    expect((await workspace.execution(id)).status).toBe("cancelled");
  });

  it("a retry is a new invocation with a new token, and the old one gets 409 (CD9 CD14 LD14)", async () => {
    await using partner = await startPartner();
    const { id, callback } = await startWaiting(workspace, partner);
    await expectAccepted(answer({ callback, status: "error" }));
    await workspace.settled(id);
    await operate(id, "retry");
    await workspace.settled(id, ["waiting"]);
    const [first, second] = partner.received;
    const invocation = second?.headers["x-chainio-execution-id"];
    expect(invocation).not.toBe(first?.headers["x-chainio-execution-id"]);
    expect((await workspace.execution(id)).steps[0]?.invocationId).toBe(invocation);
    await problemOf(answer({ callback, status: "success" }), 409);
    expect((await workspace.execution(id)).status).toBe("waiting");
    await expectAccepted(answer({ callback: callOf(second).callback, status: "success" }));
    expect((await workspace.settled(id)).status).toBe("succeeded");
  });

  it("a resubmitted one is an execution of its own (CD14)", async () => {
    await using target = await startTarget(() => json({ message: "broken" }, 500));
    const failed = await send(await adapterFlow(workspace, target.url), '"again"');
    await workspace.settled(failed);
    const { id } = await operate(failed, "resubmit");
    await workspace.settled(id);
    const [first, second] = target.received.map(callOf);
    expect(second?.payload).toEqual(first?.payload);
    expect(second?.callback).not.toBe(first?.callback);
  });
});
