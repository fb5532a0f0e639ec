/** An adapter that knows only its document: it verifies and signs over exact bytes, and hands its token back. */
import { createHmac } from "node:crypto";
import type { Received } from "./target.ts";
import type { Workspace } from "./workspace.ts";

export const SECRET = "shared-secret-of-the-adapter";

/** What stands in the body of a call. */
export interface Call {
  readonly configuration: Record<string, unknown>;
  readonly payload: unknown;
  readonly callback: string;
}

export const sign = (body: string | Uint8Array, secret = SECRET) =>
  createHmac("sha256", secret).update(body).digest("base64");

export const callOf = (received: Received | undefined) => JSON.parse(String(received?.body)) as Call;

/** Registers an adapter; answers its id. */
export async function register(workspace: Workspace, url: string, more: object = {}): Promise<string> {
  const input = { name: `adapter-${crypto.randomUUID()}`, type: "input", webhook_url: url, shared_secret: SECRET };
  const path = `/workspaces/${workspace.name}/adapters`;
  return (await workspace.admin.call<{ id: string }>("POST", path, { ...input, ...more })).id;
}

/** Sends a callback, signed over the bytes that go out unless another signature is given. */
export function answerCall(
  gatewayUrl: string,
  content: object | string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  secret = SECRET,
): Promise<Response> {
  const body = content instanceof Uint8Array || typeof content === "string" ? content : JSON.stringify(content);
  return fetch(`${gatewayUrl}/adapter/callback`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-chainio-signature": sign(body, secret), ...headers },
    body,
  });
}
