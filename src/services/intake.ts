/** Messages come in: trigger and credentials from configuration, the body to its place, the rest to a shard. */
import type { Config, Env } from "../config.ts";
import { hashCredential, sameText } from "../protocol/credential.ts";
import { makePlan, type PlanText, textOfPlan } from "../protocol/plan.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Flow } from "../protocol/schema/flow.ts";
import { isWorkspaceName, OBJECT_NAME } from "../protocol/schema/names.ts";
import { responseTimeoutMs, type Trigger } from "../protocol/schema/trigger.ts";
import type { Workspace } from "../protocol/schema/workspace.ts";
import type { Address } from "../protocol/state-id.ts";
import type { Arrival } from "../shard/ledger.ts";
import type { Outcome } from "../shard/reader.ts";
import type { Receipt } from "../shard/shard.ts";
import { bodyKey, dropBodies, incoming, receiveBody } from "../storage/bodies.ts";
import type { ConfigStore } from "../storage/config-store.ts";
import { shardFor, shardStub } from "./shards.ts";

/** What intake works with. */
export interface Gateway {
  readonly env: Env;
  readonly config: Config;
  readonly store: ConfigStore;
}

export interface Endpoint {
  readonly workspace: Workspace;
  readonly trigger: Trigger;
}

/** A message that is in, and how its execution stands. */
export type Accepted = Receipt & { readonly outcome: Outcome };

export async function findEndpoint({ store }: Gateway, workspaceName: string, name: string): Promise<Endpoint | null> {
  if (!isWorkspaceName(workspaceName) || !OBJECT_NAME.test(name)) return null;
  const workspace = await store.workspaces.get(workspaceName);
  const trigger = workspace && (await store.triggers.get(`${workspace.id}:${name}`));
  return workspace && trigger ? { workspace, trigger } : null;
}

/** Checks the credentials that a trigger asks for (ND2, ND3). */
export async function checkCredentials(
  { store }: Gateway,
  { workspace, trigger }: Endpoint,
  request: Request,
): Promise<Refusal | null> {
  if (trigger.auth.type === "none") return null;
  const key = request.headers.get("x-api-key");
  const keys = await store.apiKeys.all(`${workspace.id}:${trigger.name}:`);
  const hash = key === null ? "" : hashCredential(key);
  if (keys.some((record) => sameText(record.hash, hash))) return null;
  return new Refusal("unauthenticated", "A valid API key is required in the header x-api-key.", {
    headers: { "www-authenticate": 'ApiKey realm="hookback"' },
  });
}

/** Takes a message in: durable when this resolves to its receipt, and ended if it ended within the trigger's limit. */
export async function acceptMessage(
  gateway: Gateway,
  endpoint: Endpoint,
  request: Request,
): Promise<Accepted | Refusal> {
  const { env, store, config } = gateway;
  const { workspace, trigger } = endpoint;
  const flow = await store.flows.get(`${workspace.id}:${trigger.flow}`);
  if (!flow) return unavailable("The trigger's flow is not known here yet; try again shortly.");

  const key = bodyKey(workspace.id, crypto.randomUUID());
  const input = await receiveBody(env.BODIES, key, incoming(request)).catch(() => null);
  if (input === null || input === "too-large") {
    return new Refusal("body-incomplete", "The request body ended before its announced length.");
  }
  const lane = trigger.orderedDelivery ? `${workspace.id}/${trigger.name}` : null;
  const plan = planText(workspace, trigger, flow);
  const origin = config.publicUrl ?? new URL(request.url).origin;
  const accepted = await deliver(gateway, endpoint, shardFor(workspace, lane), { plan, lane, origin, input });
  if (accepted) return accepted;
  await dropBodies(env.BODIES, [input]);
  return new Refusal("overloaded", "Too many executions of this workspace are unfinished.", {
    headers: { "retry-after": "30" },
  });
}

/** How an execution of a trigger stands, by the address in its id. */
export async function pollOutcome(
  { env }: Gateway,
  { workspace, trigger }: Endpoint,
  { shard, sequence }: Address,
): Promise<Outcome | null> {
  if (!workspace.placement.includes(shard)) return null;
  return shardStub(env, shard).outcome(sequence, workspace.id, trigger.name, 0);
}

/**
 * Hands a message to its shard. A shard that is reset while the caller waits has told the receipt before, so the caller
 * asks the new one by id; without a receipt nobody can know whether the message got in.
 */
async function deliver(
  { env }: Gateway,
  { workspace, trigger }: Endpoint,
  shard: number,
  arrival: Arrival,
): Promise<Accepted | Refusal | null> {
  const waitMs = responseTimeoutMs(trigger);
  const deadline = Date.now() + waitMs;
  let receipt: Receipt | undefined;
  try {
    const onAccepted = (early: Receipt) => {
      receipt = early;
    };
    return await shardStub(env, shard).accept(arrival, waitMs, ...(waitMs > 0 ? [onAccepted] : []));
  } catch (error) {
    console.warn({ message: "a shard broke off while it took a message in", shard, error: String(error) });
    if (!receipt) return unavailable("It is not known whether the message was taken in; send it again.");
    const { seq } = receipt;
    const leftMs = Math.max(deadline - Date.now(), 1);
    const outcome = await shardStub(env, shard).outcome(seq, workspace.id, trigger.name, leftMs);
    return outcome && { ...receipt, outcome };
  }
}

const unavailable = (detail: string) => new Refusal("unavailable", detail, { headers: { "retry-after": "1" } });

/** Plans made from records that are still in use, so that a warm isolate makes each once. */
const made = new WeakMap<Trigger, { workspace: Workspace; flow: Flow; plan: PlanText }>();

function planText(workspace: Workspace, trigger: Trigger, flow: Flow): PlanText {
  const known = made.get(trigger);
  if (known?.workspace === workspace && known.flow === flow) return known.plan;
  const plan = textOfPlan(makePlan(workspace, trigger, flow));
  made.set(trigger, { workspace, flow, plan });
  return plan;
}
