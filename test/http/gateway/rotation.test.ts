import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import { answerCall, callOf, register } from "../../support/adapter.ts";
import { callBack } from "../../support/link.ts";
import { eventually, type Received, startTarget, type Target } from "../../support/target.ts";
import { newWorkspace, type Workspace } from "../../support/workspace.ts";

const keysOf = (n: number) => ({
  SIGNING_KEY: `signing-key-number-${n}-of-thirty-two-characters`,
  ENCRYPTION_KEY: `encryption-key-number-${n}-of-thirty-two-characters`,
});
const [first, second] = [keysOf(1), keysOf(2)];
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;

let gateway: Gateway;
let workspace: Workspace;
let partner: Target;
let isDown = true;
/** What was begun under the first keys: one of each for the time with both, one for the time without the first. */
const begun: Begun[] = [];

interface Begun {
  readonly callbackUrl: string;
  readonly byParameter: string;
  readonly polled: string;
  readonly asked: Received;
  readonly askedId: string;
  readonly adapted: Received;
  readonly adaptedId: string;
}

const post = async (trigger: string, body: string) => {
  const response = await fetch(`${gateway.url}/${workspace.name}/${trigger}`, { method: "POST", body });
  const { executionId } = (await response.json()) as { executionId: string };
  return { executionId, location: response.headers.get("location") ?? "" };
};
const receivedBy = (path: string, id: string) =>
  eventually(() => partner.received.find((one) => one.path === path && one.headers["hookback-execution-id"] === id));

async function begin(): Promise<Begun> {
  const mint = (fields: object) =>
    workspace.post<{ callbackUrl: string }>("/callbacks", {
      callbackActivity: { type: "record" },
      responseType: "response",
      ...fields,
    });
  const { callbackUrl } = await mint({ responseBody: "used" });
  const { callbackUrl: byParameter } = await mint({ stateQueryParameter: "state" });
  const { location: polled } = await post("plain", "polled");
  const { executionId: askedId } = await post("asking", "x");
  const { executionId: adaptedId } = await post("adapting", "{}");
  const [asked, adapted] = [await receivedBy("/asked", askedId), await receivedBy("/adapter", adaptedId)];
  for (const id of [askedId, adaptedId]) await workspace.settled(id, ["waiting"]);
  return { callbackUrl, byParameter, polled, asked, askedId, adapted, adaptedId };
}

beforeAll(async () => {
  partner = await startTarget(({ path }) => ({ status: path === "/down" && isDown ? 503 : 200, body: "{}" }));
  gateway = await startGateway(first);
  workspace = await newWorkspace(gateway);
  await workspace.put("/secrets/token", { value: "of-the-partner" });
  await workspace.put("/secrets/signing", { value: WEBHOOK_SECRET });
  const adapter = await register(workspace, `${partner.url}/adapter`);
  const send = (path: string) => ({
    ...{ name: "send", type: "http", url: partner.url + path, signingSecret: "signing" },
    headers: { authorization: "Bearer {{ secrets.token }}" },
  });
  await workspace.endpoint("plain", []);
  await workspace.endpoint("asking", [{ ...send("/asked"), async: true }]);
  await workspace.endpoint("adapting", [{ name: "ask", type: "adapter", adapter }]);
  await workspace.endpoint("secret", [{ ...send("/secret"), retry: { delaysSeconds: [] } }]);
  await workspace.endpoint("retried", [{ ...send("/down"), retry: { delaysSeconds: Array(20).fill(1) } }]);
  begun.push(await begin(), await begin());
});
afterAll(async () => {
  await gateway.stop();
  await partner[Symbol.asyncDispose]();
});

const verify = ({ body, headers }: Received) => new Webhook(WEBHOOK_SECRET).verify(body, { ...headers });

describe("keys that are rotated", () => {
  it("open callbacks, waiting executions, polled ids, stored secrets and retries go on while the previous keys are there", async () => {
    const [{ callbackUrl, byParameter, polled, asked, askedId, adapted, adaptedId }] = begun as [Begun];
    const { executionId: retried } = await post("retried", "[1]");
    await workspace.settled(retried, ["retrying"]);
    await gateway.kill();
    const before = partner.received.filter(({ path }) => path === "/down").length;
    await gateway.restart({
      ...second,
      SIGNING_KEY_PREVIOUS: first.SIGNING_KEY,
      ENCRYPTION_KEY_PREVIOUS: first.ENCRYPTION_KEY,
    });

    expect(await (await fetch(callbackUrl)).text()).toBe("used");
    expect((await fetch(callbackUrl)).status).toBe(410);
    expect((await fetch(byParameter)).status).toBe(200);
    expect(await (await fetch(polled)).text()).toBe("polled");
    expect((await callBack(asked, { token: gateway.token, body: "answer" })).status).toBe(200);
    expect(await workspace.settled(askedId)).toMatchObject({ status: "succeeded" });
    const { callback } = callOf(adapted);
    expect((await answerCall(gateway.url, { callback, status: "success", payload: {} })).status).toBe(200);
    expect(await workspace.settled(adaptedId)).toMatchObject({ status: "succeeded" });

    isDown = false;
    expect(await workspace.settled(retried, undefined, 30_000)).toMatchObject({ status: "succeeded" });
    const attempts = partner.received.filter(({ path }) => path === "/down");
    expect(attempts.length).toBeGreaterThan(before);
    expect(new Set(attempts.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(new Set(attempts.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    for (const attempt of attempts) verify(attempt);
    expect(attempts.at(-1)?.headers.authorization).toBe("Bearer of-the-partner");
  }, 60_000);

  it("what is stored now is sealed with the new key, and new ids are made with it", async () => {
    await workspace.put("/secrets/renewed", { value: "stored-again" });
    begun.push(await begin());
    const { executionId } = await post("secret", "x");
    expect(await workspace.settled(executionId)).toMatchObject({ status: "succeeded" });
  });

  it("without the previous keys, old ids are refused like forged ones", async () => {
    await gateway.kill();
    await gateway.restart({ SIGNING_KEY_PREVIOUS: "", ENCRYPTION_KEY_PREVIOUS: "" });
    const [, old, fresh] = begun as [Begun, Begun, Begun];
    expect((await fetch(old.callbackUrl)).status).toBe(404);
    expect((await fetch(old.byParameter)).status).toBe(404);
    expect((await fetch(old.polled)).status).toBe(404);
    expect((await callBack(old.asked, { token: gateway.token })).status).toBe(404);
    const { callback } = callOf(old.adapted);
    expect((await answerCall(gateway.url, { callback, status: "success" })).status).toBe(401);
    const path = `/workspaces/${workspace.name}/executions/${old.askedId}`;
    expect((await workspace.admin.request("GET", path)).status).toBe(404);

    expect((await fetch(fresh.callbackUrl)).status).toBe(200);
    expect((await fetch(fresh.polled)).status).toBe(200);
    expect((await callBack(fresh.asked, { token: gateway.token })).status).toBe(200);
    expect(await workspace.settled(fresh.askedId)).toMatchObject({ status: "succeeded" });
  });

  it("nothing is lost to its operator: executions are listed under ids of the new key, waiting as they were", async () => {
    const waiting = await workspace.executions({ status: "waiting" });
    const [, old, fresh] = begun as [Begun, Begun, Begun];
    expect(waiting.map(({ trigger }) => trigger).toSorted()).toEqual(["adapting", "adapting", "asking"]);
    expect(waiting.map(({ id }) => id)).not.toContain(old.askedId);
    expect(waiting.map(({ id }) => id)).toContain(fresh.adaptedId);
    const left = waiting.find(({ trigger }) => trigger === "asking");
    const { steps } = await workspace.execution(left?.id ?? "");
    const headers = { "X-Link-Correlation-Id": steps[0]?.correlationId ?? "" };
    expect((await callBack(old.asked, { token: gateway.token, headers })).status).toBe(200);
  });

  it("without the previous key, secrets that only it opens say so, and work once they are stored again", async () => {
    const { executionId } = await post("secret", "x");
    const failed = await workspace.settled(executionId);
    expect(failed).toMatchObject({ status: "failed", failure: "error" });
    expect(failed.log.at(-1)?.message).toContain("The secret token does not exist, or no key opens it; store it again");
    expect(await workspace.get("/secrets")).toMatchObject({
      items: [{ name: "renewed" }, { name: "signing" }, { name: "token" }],
    });
    const { executionId: adapted } = await post("adapting", "{}");
    expect((await workspace.settled(adapted)).log.at(-1)?.message).toContain("no key opens its secret");

    await workspace.put("/secrets/token", { value: "of-the-partner" });
    await workspace.put("/secrets/signing", { value: WEBHOOK_SECRET });
    await workspace.post(`/executions/${executionId}/retry`, {});
    expect(await workspace.settled(executionId)).toMatchObject({ status: "succeeded" });
    const flow = {
      steps: [{ name: "send", type: "http", url: `${partner.url}/secret`, headers: { x: "{{ secrets.renewed }}" } }],
    };
    await workspace.put("/flows/secret", flow);
    await workspace.settled((await post("secret", "x")).executionId);
    expect(partner.received.at(-1)?.headers.x).toBe("stored-again");
  });
});
