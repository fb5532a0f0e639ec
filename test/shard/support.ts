/** A shard of one's own inside workerd, with its outgoing requests stubbed; one that is not expected fails the test. */
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { Env } from "../../src/config.ts";
import type { FlowSnapshot } from "../../src/core/execution/snapshot.ts";
import { inlineBody } from "../../src/core/message/body.ts";
import { callbackSettings } from "../../src/core/schema/callback.ts";
import { flowInput } from "../../src/core/schema/flow.ts";
import { readSignedId } from "../../src/core/security/signed-id.ts";
import type { Shard } from "../../src/shard/shard.ts";
import type { Accepted } from "../../src/shard/write/accepted.ts";
import type { Arrival } from "../../src/shard/write/admission.ts";

export const bindings = env as unknown as Omit<Env, "SHARDS"> & { readonly SHARDS: DurableObjectNamespace<Shard> };

let next = Math.floor(Math.random() * 10_000);

/** A stub of a shard that no other test has. Taken anew after an abort: the old one is broken then. */
export function newShard() {
  const number = next++;
  return { number, stub: () => bindings.SHARDS.getByName(String(number)) };
}

export const WORKSPACE_ID = "11111111-1111-4111-8111-111111111111";

export function arrival(
  steps: object[],
  { body = "hello", lane = null as string | null, retentionDays = 30 } = {},
): Arrival {
  const snapshot: FlowSnapshot = {
    workspace: { id: WORKSPACE_ID, name: "test", documentStatuses: [], retentionDays },
    trigger: "in",
    flow: { id: "22222222-2222-4222-8222-222222222222", name: "flow" },
    steps: flowInput.parse({ steps }).steps,
    ...(lane !== null && { queue: { width: 1, isOrdered: true, onFailure: "continue", rate: null } }),
  };
  const text = JSON.stringify(snapshot);
  const input = inlineBody("text/plain", new TextEncoder().encode(body));
  return { snapshot: { text, hash: text }, lane, origin: "http://gateway.test", input };
}

/** Hands a message to a shard that takes it. */
export async function accept(
  stub: DurableObjectStub<Shard>,
  message: Arrival,
  waitMs = 0,
  sentBefore?: number,
): Promise<Accepted> {
  const accepted = await stub.accept(message, waitMs, sentBefore);
  if (typeof accepted === "string") throw new Error(`the shard answered ${accepted}`);
  return accepted as Accepted;
}

/** Mints a callback in a shard that has room for it; answers its state and the key of its row. */
export async function mint(
  stub: DurableObjectStub<Shard>,
  owner: { id: string; name: string; retentionDays: number },
  settings: object,
): Promise<{ state: string; sequence: number }> {
  const minted = await stub.mintCallback(owner, "http://gateway.test", callbackSettings.parse(settings));
  if (minted === "database-full") throw new Error("the shard has no room");
  return { state: minted.state, sequence: sequenceOfCallback(minted.state) };
}

export const step = (more: object = {}) => ({ name: "erp", type: "http", url: "http://127.0.0.1/erp", ...more });

export interface Sent {
  readonly body: string;
  readonly headers: Headers;
}

/** Takes the place of outgoing requests; answers what was sent so far. */
export function stubFetch(reply: (sent: Sent, count: number) => Promise<Response> | Response): Sent[] {
  const sent: Sent[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init as RequestInit);
    if (new URL(request.url).host !== "127.0.0.1") throw new Error(`unexpected request to ${request.url}`);
    const one = { body: await request.text(), headers: request.headers };
    sent.push(one);
    return reply(one, sent.length);
  });
  return sent;
}

/** The row's key in a callback's state. */
export const sequenceOfCallback = (state: string) =>
  readSignedId([bindings.SIGNING_KEY ?? ""], "callback", state)?.sequence ?? Number.NaN;

/** The row's key in an execution id. */
export const sequenceOf = (id: string) =>
  readSignedId([bindings.SIGNING_KEY ?? ""], "execution", id)?.sequence ?? Number.NaN;

export async function until<T>(
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not within five seconds: ${look}`);
}
