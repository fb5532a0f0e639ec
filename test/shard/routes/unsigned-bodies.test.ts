import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { afterEach, expect, it, vi } from "vitest";
import type { Env } from "../../../src/config.ts";
import { handle } from "../../../src/handle.ts";

const bindings = env as unknown as Env;
const ORIGIN = "http://gateway.test";
const SECRET = "a secret nobody may read in the log";

async function request(method: string, path: string, body: BodyInit, headers: Record<string, string> = {}) {
  const context = createExecutionContext();
  const response = await handle(new Request(ORIGIN + path, { method, body, headers }), bindings, context);
  await waitOnExecutionContext(context);
  return { status: response.status, text: await response.text() };
}

async function configure(path: string, body: object) {
  const headers = { authorization: `Bearer ${bindings.ADMIN_TOKEN}`, "content-type": "application/json" };
  const { status, text } = await request("PUT", `/api/v1/workspaces/signed${path}`, JSON.stringify(body), headers);
  if (status >= 300) throw new Error(`${path} answered ${status}: ${text}`);
}

const stored = async () => (await bindings.BODIES.list()).objects.length;

afterEach(() => vi.restoreAllMocks());

it("a large body with a wrong signature leaves no object behind, and one entry in the log (ND2 ND14)", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await configure("", {});
  await configure("/secrets/github", { value: SECRET });
  await configure("/flows/keep", { steps: [] });
  await configure("/triggers/in", { flow: "keep", auth: { type: "signature", scheme: "github", secret: "github" } });
  const body = new Uint8Array(300 * 1024).fill(7);
  const signature = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
  const changed = body.slice();
  changed[200_000] = 8;
  const streamed = () => new Response(changed).body as ReadableStream;

  for (const bytes of [changed, streamed()]) {
    const refused = await request("POST", "/signed/in", bytes, { "x-hub-signature-256": signature });
    expect(refused.status).toBe(401);
    expect(await stored()).toBe(0);
  }
  const entry = {
    message: "a call was refused",
    code: "signature-mismatch",
    scheme: "github",
    workspace: "signed",
    trigger: "in",
    header: "x-hub-signature-256",
  };
  expect(warned.mock.calls).toEqual([[entry], [entry]]);

  const accepted = await request("POST", "/signed/in", body, { "x-hub-signature-256": signature });
  expect(accepted.status).toBe(202);
  expect(await stored()).toBe(1);
  expect(warned).toHaveBeenCalledTimes(2);
});
