import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import {
  adapterAcknowledgement,
  adapterRefusal,
  adapterReply,
  type CallbackHandlerCall,
  readAdapterCall,
  readCallbackCall,
  readLinkCall,
  SignatureError,
  sendAdapterProgress,
  sendAdapterResult,
  sendLinkCallback,
  sendLinkProgress,
  signWebhook,
  verifyWebhook,
} from "../../../src/client/partner/index.ts";
import { type Received, type Reply, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");
const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const SHARED = "shared-secret";

const replyOf = async (response: Response): Promise<Reply> => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.text(),
});

const asWebRequest = ({ headers, body }: Received) =>
  new Request("http://partner.example/", { method: "POST", headers: { ...headers }, body: new Uint8Array(body) });

describe.concurrent("helpers for services that http steps call", () => {
  it("verify the signature of a step, with any of the secrets, and of a callback handler", async () => {
    const workspace = await newWorkspace(gateway);
    await workspace.admin.call("PUT", `/workspaces/${workspace.name}/secrets/sign`, { value: SECRET });
    await using target = await startTarget();
    const step = { name: "send", type: "http", url: target.url, signingSecret: "sign" };
    const url = await workspace.endpoint("signed", [step], { requestResponse: true });
    await fetch(url, { method: "POST", body: '{"n":"✓"}' });
    const [received] = target.received;
    if (!received) throw new Error("nothing was received");
    const other = `whsec_${randomBytes(32).toString("base64")}`;
    const webhook = await verifyWebhook(received, [other, SECRET]);
    expect([webhook.json(), webhook.id, webhook.text()]).toEqual([
      { n: "✓" },
      received.headers["webhook-id"],
      '{"n":"✓"}',
    ]);
    expect((await verifyWebhook(asWebRequest(received), SECRET)).id).toBe(webhook.id);
    const wrong = [
      () => verifyWebhook(received, other),
      () => verifyWebhook({ ...received, body: `${received.body} ` }, SECRET),
      () => verifyWebhook({ headers: {}, body: received.body }, SECRET),
      () => verifyWebhook(received, SECRET, { now: Date.now() + 301_000 }),
      () => verifyWebhook({ ...received, headers: { ...received.headers, "webhook-signature": "v1,x v2,y" } }, SECRET),
    ];
    for (const one of wrong) await expect(one()).rejects.toBeInstanceOf(SignatureError);
    await expect(verifyWebhook(received, "no secret")).rejects.toBeInstanceOf(TypeError);

    let call: CallbackHandlerCall | undefined;
    await using handler = await startTarget(async (request) => {
      call = await readCallbackCall(request, SECRET);
      return { body: JSON.stringify({ responseBody: `hello ${call.requestQuery.who}` }) };
    });
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "http", url: handler.url, signingSecret: "sign" },
      responseType: "response",
    });
    expect(await (await fetch(`${callbackUrl}?who=Ada`)).text()).toBe("hello Ada");
    expect(call).toMatchObject({ requestMethod: "get", responseType: "response", responseCode: 200 });
  });

  it("sign messages for a trigger with standard-webhooks", async () => {
    const workspace = await newWorkspace(gateway);
    await workspace.admin.call("PUT", `/workspaces/${workspace.name}/secrets/sign`, { value: SECRET });
    const auth = { type: "signature", scheme: "standard-webhooks", secret: "sign" };
    const url = await workspace.endpoint("signed", [], { auth });
    const headers = await signWebhook(SECRET, { id: "msg_1", body: "hello" });
    expect((await fetch(url, { method: "POST", headers, body: "hello" })).status).toBe(202);
    expect((await fetch(url, { method: "POST", headers, body: "hallo" })).status).toBe(401);
  });
});

describe.concurrent("helpers for asynchronous steps", () => {
  it.each(["basic", "bearer"] as const)("read the call, report progress and send the result, as %s", async (scheme) => {
    const workspace = await newWorkspace(gateway);
    const credentials = { token: gateway.token, scheme };
    await using target = await startTarget(async (received) => {
      const call = readLinkCall(received);
      if (!call) return { status: 400 };
      setTimeout(async () => {
        await sendLinkProgress(call, credentials, "half\nway ✓");
        await sendLinkCallback(call, credentials, { status: "Ok", body: "done", contentType: "text/x" });
      }, 50);
      return { status: 202 };
    });
    const step = { name: "ask", type: "http", url: target.url, async: true, progress: true };
    const url = await workspace.endpoint("ask", [step]);
    const { executionId } = (await (await fetch(url, { method: "POST", body: "x" })).json()) as { executionId: string };
    const execution = await workspace.settled(executionId);
    expect(execution.status).toBe("succeeded");
    expect(execution.log.map(({ message }) => message).join("\n")).toContain("half way ?");
    const message = await workspace.admin.request(
      "GET",
      `/workspaces/${workspace.name}/executions/${executionId}/message`,
    );
    expect([message.headers.get("content-type"), await message.text()]).toEqual(["text/x", "done"]);
    expect(readLinkCall(target.received[0] ?? { headers: {} })).toMatchObject({ executionId });
    expect(readLinkCall({ headers: {} })).toBeNull();
  });

  it("send a failure with all of its headers, and report what the gateway rejects", async () => {
    const workspace = await newWorkspace(gateway);
    await using target = await startTarget(() => ({ status: 202 }));
    const url = await workspace.endpoint("ask", [{ name: "ask", type: "http", url: target.url, async: true }]);
    const { executionId } = (await (await fetch(url, { method: "POST", body: "x" })).json()) as { executionId: string };
    await workspace.settled(executionId, ["waiting"]);
    const call = readLinkCall(target.received[0] ?? { headers: {} });
    if (!call) throw new Error("no call");
    const { token } = gateway;
    const failed = { status: "Failed", documentStatus: "Rejected", errorCode: "E1", errorText: "no\nway" } as const;
    expect(await sendLinkCallback(call, { token: "wrong" }, failed)).toMatchObject({
      isDelivered: false,
      attempts: 1,
      status: 401,
    });
    expect(await sendLinkCallback(call, { token }, failed)).toMatchObject({
      isDelivered: true,
      attempts: 1,
      status: 200,
    });
    const execution = await workspace.settled(executionId);
    expect(execution).toMatchObject({ status: "failed", technicalStatus: "Rejected", errorCode: "E1" });
    expect(await sendLinkCallback(call, { token }, failed)).toMatchObject({ isDelivered: false, status: 409 });
  });

  it("retry after network failures, 429 and 5xx, and count a later 409 as delivered", async () => {
    const answers = [503, 429, 409];
    await using target = await startTarget(() => ({ status: answers.shift() ?? 200, headers: { "retry-after": "0" } }));
    const call = { correlationId: "c", callbackUrl: target.url };
    const delivery = await sendLinkCallback(
      call,
      { token: "t" },
      { status: "Ok" },
      { delaysSeconds: [0.01, 0.01, 0.01] },
    );
    expect(delivery).toMatchObject({ isDelivered: true, attempts: 3, status: 409 });
    const gone = { correlationId: "c", callbackUrl: "http://127.0.0.1:1/" };
    const lost = await sendLinkCallback(gone, { token: "t" }, { status: "Ok" }, { delaysSeconds: [0.01] });
    expect(lost).toMatchObject({ isDelivered: false, attempts: 2, status: 0 });
  });
});

describe.concurrent("helpers for adapters", () => {
  async function adapterFlow(answer: (received: Received) => Promise<Response>) {
    const workspace = await newWorkspace(gateway);
    const target = await startTarget(async (received) => replyOf(await answer(received)));
    const { id } = await workspace.post<{ id: string }>("/adapters", {
      ...{ name: "a", type: "input", webhook_url: target.url, shared_secret: SHARED },
    });
    const url = await workspace.endpoint("in", [{ name: "convert", type: "adapter", adapter: id, progress: true }]);
    const response = await fetch(url, { method: "POST", headers: { "content-type": "text/csv" }, body: "a;b" });
    const { executionId } = (await response.json()) as { executionId: string };
    const execution = await workspace.settled(executionId);
    const path = `/workspaces/${workspace.name}/executions/${executionId}/message`;
    const message = await (await workspace.admin.request("GET", path)).text();
    const log = execution.log.map((entry) => entry.message).join("\n");
    return { target, execution, message, log };
  }

  it("answer directly", async () => {
    const { target, execution, message, log } = await adapterFlow(async (received) => {
      const call = await readAdapterCall<{ body: string }[]>(received, ["another", SHARED]);
      const user_logs = [{ type: "info", message: `flow ${call.flowId}` } as const];
      return adapterReply(call, { status: "success", payload: { got: call.payload[0]?.body }, user_logs });
    });
    await using _ = target;
    expect([execution.status, message]).toEqual(["succeeded", '{"got":"a;b"}']);
    expect(log).toContain(`flow ${target.received[0]?.headers["x-chainio-flow-id"]}`);
  });

  it("answer later, with progress in between", async () => {
    const url = `${gateway.url}/adapter/callback`;
    const { target, execution, message, log } = await adapterFlow(async (received) => {
      const call = await readAdapterCall(asWebRequest(received), SHARED);
      setTimeout(async () => {
        await sendAdapterProgress(url, call, "half way");
        await sendAdapterResult(url, call, { status: "success", payload: "later" });
      }, 50);
      return adapterAcknowledgement(call, "taken");
    });
    await using _ = target;
    expect([execution.status, message]).toEqual(["succeeded", '"later"']);
    expect(log).toContain("half way");
  });

  it("refuse unsigned calls, and calls that fail", async () => {
    const { target, execution, log } = await adapterFlow(async (received) => {
      const refused = await readAdapterCall(received, "another").catch((error: unknown) => error);
      return refused instanceof SignatureError ? adapterRefusal(401, refused.message) : new Response();
    });
    await using _ = target;
    expect([execution.status, execution.failure]).toEqual(["failed", "error"]);
    expect(log).toContain("x-chainio-signature is missing or does not match");
    const sign = (body: string) => ({
      headers: { "X-Chainio-Signature": createHmac("sha256", SHARED).update(body).digest("base64") },
      body,
    });
    for (const body of ["null", "{}", "no JSON"]) {
      await expect(readAdapterCall(sign(body), SHARED)).rejects.toBeInstanceOf(SyntaxError);
    }
    expect(await readAdapterCall(sign('{"callback":"t"}'), SHARED)).toMatchObject({ callback: "t", configuration: {} });
    await expect(readAdapterCall({ headers: {}, body: "{}" }, SHARED)).rejects.toBeInstanceOf(SignatureError);
  });
});
