/** An adapter that implements only its document: it verifies and signs exact bytes, and returns the token. */
import { createHmac } from "node:crypto";
import { expect } from "vitest";
import { type Received, type Reply, startTarget, type Target } from "./target.ts";
import type { Workspace } from "./workspace.ts";

export const SECRET = "shared-secret-of-the-adapter";
const JSON_TYPE = "application/json";

/** The body of a call. */
export interface Call {
  readonly configuration: Record<string, unknown>;
  readonly payload: unknown;
  readonly callback: string;
}

/** A file object of the document. */
export interface FileObject {
  readonly file_name: string;
  readonly mime_type: string;
  readonly body: string;
  readonly content_transfer_encoding: string;
}

export const sign = (body: string | Uint8Array, secret = SECRET) =>
  createHmac("sha256", secret).update(body).digest("base64");

export const callOf = (received: Received | undefined) => JSON.parse(String(received?.body)) as Call;

export const filesOf = (received: Received | undefined) => callOf(received).payload as FileObject[];

/** The payload exactly as in the request. */
export function rawPayload(received: Received | undefined): string {
  const text = String(received?.body);
  return text.slice(text.indexOf('"payload":') + '"payload":'.length, text.lastIndexOf(',"callback":'));
}

/** Header and claims of a token, unverified: to an adapter it is opaque. */
export function decodeToken(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header, claims] = token
    .split(".", 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>);
  if (!header || !claims) throw new Error(`no token: ${token}`);
  return { header, claims };
}

export const json = (value: object, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": JSON_TYPE, ...headers },
  body: JSON.stringify(value),
});

/** The answer of the document, when the result comes later. */
export const ACKNOWLEDGEMENT = json({ message: "Service received request" });

/** A partner that acknowledges each call or gives the configured reply; it rejects unsigned requests. */
export function startPartner(
  answer: (call: Call, received: Received) => Promise<Reply | undefined> | Reply | undefined = () => ACKNOWLEDGEMENT,
  secret = SECRET,
): Promise<Target> {
  return startTarget((received) => {
    const isSigned = received.headers["x-chainio-signature"] === sign(received.body, secret);
    return isSigned ? answer(callOf(received), received) : json({ message: "The signature is wrong" }, 401);
  });
}

/** Registers an adapter; returns its id. */
export async function register(workspace: Workspace, url: string, more: object = {}): Promise<string> {
  const input = { name: `adapter-${crypto.randomUUID()}`, type: "input", webhook_url: url, shared_secret: SECRET };
  const path = `/workspaces/${workspace.name}/adapters`;
  return (await workspace.admin.call<{ id: string }>("POST", path, { ...input, ...more })).id;
}

/** The fields of an output adapter. */
export const OUTPUT = { type: "output", solution: "co2.register_shipment" };

export const adapterStep = (adapter: string, more: object = {}) => ({
  name: "convert",
  type: "adapter",
  adapter,
  ...more,
});

/** A trigger whose flow calls a newly registered adapter. */
export async function adapterFlow(workspace: Workspace, url: string, more: object = {}, step: object = {}) {
  const adapter = await register(workspace, url, more);
  return workspace.endpoint(`go-${adapter.slice(0, 8)}`, [adapterStep(adapter, step)]);
}

/** Sends a message to a trigger, without a content type by default; returns the execution's id. */
export async function send(
  url: string,
  body: string | Uint8Array<ArrayBuffer> = "{}",
  type: string | null = JSON_TYPE,
): Promise<string> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const response = await fetch(url, {
    method: "POST",
    body: bytes,
    headers: type === null ? {} : { "content-type": type },
  });
  const text = await response.text();
  expect(`${response.status} ${text}`).toMatch(/^202 /);
  return (JSON.parse(text) as { executionId: string }).executionId;
}

/** A call that is acknowledged and waits for its callback. */
export async function startWaiting(workspace: Workspace, partner: Target, more: object = {}, step: object = {}) {
  const before = partner.received.length;
  const id = await send(await adapterFlow(workspace, partner.url, more, step));
  await workspace.settled(id, ["waiting"]);
  return { id, callback: callOf(partner.received[before]).callback };
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
    headers: { "content-type": JSON_TYPE, "x-chainio-signature": sign(body, secret), ...headers },
    body,
  });
}

/** The message of an execution as it is now: its type and its text. */
export async function messageOf(workspace: Workspace, id: string): Promise<[type: string | null, text: string]> {
  const path = `/workspaces/${workspace.name}/executions/${id}/message`;
  const response = await workspace.admin.request("GET", path);
  expect(response.status).toBe(200);
  return [response.headers.get("content-type"), await response.text()];
}

/** The log of an execution as `level message`. */
export async function logOf(workspace: Workspace, id: string): Promise<string[]> {
  return (await workspace.execution(id)).log.map(({ level, message }) => `${level} ${message}`);
}
