import { createHmac, randomBytes } from "node:crypto";
import * as standard from "standardwebhooks";
import * as svix from "svix";
import { describe, expect, inject, it } from "vitest";
import { eventually, type Received, startTarget } from "../../support/target.ts";
import { newWorkspace } from "../../support/workspace.ts";

const gateway = inject("gateway");

/** A workspace with a new secret called `outgoing`. */
async function signingWorkspace() {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const workspace = await newWorkspace(gateway);
  await workspace.put("/secrets/outgoing", { value: secret });
  return { workspace, secret };
}

/** What each library says of a request: true when it accepts it. */
function verdicts(secret: string, { headers }: Received, body: Buffer): boolean[] {
  return [new standard.Webhook(secret), new svix.Webhook(secret)].map((webhook) => {
    try {
      webhook.verify(body, headers);
      return true;
    } catch (error) {
      if (!(error instanceof Error && /No matching signature/.test(error.message))) throw error;
      return false;
    }
  });
}

function flipByte(body: Buffer, at: number): Buffer {
  const flipped = Buffer.from(body);
  flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
  return flipped;
}

function expectSigned(secret: string, request: Received): void {
  expect(request.headers["webhook-id"]).toMatch(/^[\w.-]{8,}$/);
  expect(Math.abs(Number(request.headers["webhook-timestamp"]) - request.at / 1000)).toBeLessThan(5);
  expect(verdicts(secret, request, request.body)).toEqual([true, true]);
  for (const at of [0, request.body.length >> 1, request.body.length - 1]) {
    expect(verdicts(secret, request, flipByte(request.body, at))).toEqual([false, false]);
  }
  const other = `whsec_${randomBytes(32).toString("base64")}`;
  expect(verdicts(other, request, request.body)).toEqual([false, false]);
}

describe("the signature of a callback's handler call", () => {
  it("both Standard Webhooks libraries accept it over the raw body, and nothing else (GD18)", async () => {
    await using handler = await startTarget();
    const { workspace, secret } = await signingWorkspace();
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "http", url: handler.url, signingSecret: "outgoing" },
      allowMultipleCalls: true,
      responseType: "response",
    });
    for (const body of ["", "betald: 100 kr, tack så mycket €", "x".repeat(100_000)]) {
      const response = await fetch(`${callbackUrl}?id=5`, { method: "POST", body });
      expect(response.status).toBe(200);
      expect(JSON.parse(handler.received.at(-1)?.body.toString() ?? "")).toMatchObject({ requestBody: body });
    }
    for (const request of handler.received) expectSigned(secret, request);
    expect(new Set(handler.received.map(({ headers }) => headers["webhook-id"])).size).toBe(3);
  });

  it("without a signing secret there is no signature, and a caller's own does not pass for one (GD18)", async () => {
    await using handler = await startTarget();
    const { workspace } = await signingWorkspace();
    const { callbackUrl } = await workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "http", url: handler.url },
      responseType: "response",
    });
    await fetch(callbackUrl, { method: "POST", headers: { "webhook-id": "msg_1", "webhook-signature": "v1,forged" } });
    const [request] = handler.received;
    expect(Object.keys(request?.headers ?? {}).filter((name) => name.startsWith("webhook-"))).toEqual([]);
    expect(JSON.parse(request?.body.toString() ?? "").requestHeaders).toMatchObject({ "webhook-id": "msg_1" });
  });

  it("a secret that does not exist is refused at creation (GD16 GD18 ND16)", async () => {
    const { workspace } = await signingWorkspace();
    const response = await workspace.admin.request("POST", `/workspaces/${workspace.name}/callbacks`, {
      callbackActivity: { type: "http", url: "https://example.com/", signingSecret: "missing" },
      responseType: "response",
    });
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(["callbackActivity.signingSecret"]);
  });
});

describe("the signature of a flow's http step", () => {
  const step = (url: string) => ({ name: "erp", type: "http", url, signingSecret: "outgoing" });

  it("bodies small and large are accepted by both libraries, byte for byte (GD18)", async () => {
    await using target = await startTarget();
    const { workspace, secret } = await signingWorkspace();
    const url = await workspace.endpoint("sign", [step(target.url)]);
    const bodies = [{ small: "å" }, { large: "€".repeat(40_000) }, { largest: "y".repeat(1_500_000) }];
    for (const [index, content] of bodies.entries()) {
      const body = JSON.stringify(content);
      await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
      const request = await eventually(() => target.received[index]);
      expect(request.body.equals(Buffer.from(body))).toBe(true);
      expectSigned(secret, request);
    }
  });

  it("bytes that are no text are signed as they are (GD18)", async () => {
    await using target = await startTarget();
    const { workspace, secret } = await signingWorkspace();
    const body = randomBytes(70_000);
    await fetch(await workspace.endpoint("sign", [step(target.url)]), { method: "POST", body });
    const request = await eventually(() => target.received[0]);
    expect(request.body.equals(body)).toBe(true);
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = request.headers;
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const expected = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest("base64");
    expect(signature).toBe(`v1,${expected}`);
  });

  it("every attempt is signed, and all bear the same message id (GD18)", async () => {
    await using target = await startTarget(() => ({ status: target.received.length < 3 ? 503 : 200 }));
    const { workspace, secret } = await signingWorkspace();
    const retry = { delaysSeconds: [0.01, 0.01] };
    await fetch(await workspace.endpoint("sign", [{ ...step(target.url), retry }]), {
      method: "POST",
      body: '"hello"',
    });
    await eventually(() => target.received[2]);
    for (const request of target.received) expectSigned(secret, request);
    expect(new Set(target.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });
});
