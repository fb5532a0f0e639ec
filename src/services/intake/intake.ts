/** Intake of messages: finds the trigger, prepares the message, and passes it to its shard. */
import { readLaneName } from "../../core/execution/lane-name.ts";
import { makeSnapshot, type SnapshotText, textOfSnapshot } from "../../core/execution/snapshot.ts";
import type { Body } from "../../core/message/body.ts";
import { databaseFull, Refusal } from "../../core/refusal.ts";
import type { Flow } from "../../core/schema/flow.ts";
import { isWorkspaceName, OBJECT_NAME } from "../../core/schema/names.ts";
import type { Trigger } from "../../core/schema/trigger.ts";
import type { Workspace } from "../../core/schema/workspace.ts";
import type { Address } from "../../core/security/signed-id.ts";
import type { Outcome } from "../../shard/queries.ts";
import type { Accepted } from "../../shard/write/accepted.ts";
import type { Arrival, Full } from "../../shard/write/admission.ts";
import type { OwnedBodies } from "../../storage/bodies/owned-bodies.ts";
import { recordId } from "../../storage/kv/record-id.ts";
import type { RequestContext } from "../request-context.ts";
import { shardFor, shardStub } from "../shards.ts";
import { factsOf, type Prepared, prepare } from "./preparation.ts";

export interface Endpoint {
  readonly workspace: Workspace;
  readonly trigger: Trigger;
}

export async function findEndpoint(
  { store }: RequestContext,
  workspaceName: string,
  name: string,
): Promise<Endpoint | null> {
  if (!isWorkspaceName(workspaceName) || !OBJECT_NAME.test(name)) return null;
  const workspace = await store.workspaces.get(workspaceName);
  const trigger = workspace && (await store.triggers.get(recordId(workspace.id, name)));
  return workspace && trigger ? { workspace, trigger } : null;
}

/**
 * Accepts a message whose body has been received. It is durable when this resolves to its receipt, and its execution has
 * ended if that took no longer than `waitMs`.
 */
export async function acceptMessage(
  context: RequestContext,
  bodies: OwnedBodies,
  endpoint: Endpoint,
  request: Request,
  input: Body,
  waitMs: number,
): Promise<Accepted | Refusal> {
  const { env, store, config, url, traceContext } = context;
  const { workspace, trigger } = endpoint;
  const flow = await store.flows.get(recordId(workspace.id, trigger.flow));
  if (!flow) return unavailable("The trigger's flow is not known here yet; try again shortly.");
  const facts = factsOf(request, url, trigger);
  const prepared = await prepare(env.BODIES, workspace, trigger, facts, request.headers, input);
  if (prepared instanceof Refusal) return prepared;
  const arrival = {
    snapshot: snapshotText(workspace, trigger, flow),
    origin: config.publicUrl ?? url.origin,
    input,
    traceContext,
  };
  return submit(context, bodies, workspace, prepared, arrival, waitMs);
}

/** Submits a prepared message to its shard, which then owns the bodies. A refused message leaves them with the caller. */
export async function submit(
  context: RequestContext,
  bodies: OwnedBodies,
  workspace: Workspace,
  prepared: Prepared,
  started: Pick<Arrival, "snapshot" | "origin" | "input" | "call" | "resubmittedFrom" | "traceContext">,
  waitMs: number,
): Promise<Accepted | Refusal> {
  const { message, request, lane, dedup } = prepared;
  const arrival: Arrival = {
    ...started,
    submissionId: crypto.randomUUID(),
    lane,
    ...(message && { message }),
    ...(request && { request }),
    ...(dedup && { dedup }),
  };
  bodies.own(message);
  const shard = await findShard(context, workspace, prepared);
  if (typeof shard === "string") return WHY_NOT[shard]();
  const sent = [arrival.input, message];
  bodies.release(...sent);
  const accepted = await deliver(context, shard, arrival, waitMs);
  if (typeof accepted !== "string") return accepted;
  for (const body of sent) bodies.own(body);
  return WHY_NOT[accepted]();
}

const WHY_NOT: Record<Full | "conflict", () => Refusal> = {
  full: () =>
    new Refusal("overloaded", "Too many executions of this workspace are unfinished.", {
      headers: { "retry-after": "30" },
    }),
  "database-full": databaseFull,
  conflict: () => new Refusal("key-reused", "The Idempotency-Key was used for another body within the last 24 hours."),
};

/**
 * The shard for a message. Messages with the same idempotency key go to the same shard: that of their lane, or of the key
 * without a lane. If a key could come with several lanes, the key's own shard knows the first one.
 */
async function findShard({ env }: RequestContext, workspace: Workspace, { lane, group, dedup }: Prepared) {
  const shard = shardFor(workspace, group ?? dedup?.key ?? null);
  const isKeyed = lane !== null && readLaneName(lane).key !== null;
  if (!dedup || !isKeyed || group !== lane || workspace.laneShards === 1) return shard;
  return shardStub(env, shardFor(workspace, dedup.key)).claimRoute(dedup, shard);
}

/** The outcome of a trigger's execution, by the address in its id. */
export async function pollOutcome(
  { env }: RequestContext,
  { workspace, trigger }: Endpoint,
  { shard, sequence }: Address,
): Promise<Outcome | null> {
  if (!workspace.placement.includes(shard)) return null;
  return shardStub(env, shard).outcome(sequence, workspace.id, trigger.name);
}

/**
 * Sends a message to its shard, and once more after an interruption: the restarted shard knows by the submission id
 * whether the message was accepted before.
 */
async function deliver(
  { env }: RequestContext,
  shard: number,
  arrival: Arrival,
  waitMs: number,
): Promise<Accepted | Refusal | Full | "conflict"> {
  const sentAt = Date.now();
  try {
    return await shardStub(env, shard).accept(arrival, waitMs);
  } catch (error) {
    console.warn({ message: "a shard was interrupted while it accepted a message", shard, error: String(error) });
  }
  try {
    const leftMs = Math.max(waitMs - (Date.now() - sentAt), 0);
    return await shardStub(env, shard).accept(arrival, leftMs, sentAt);
  } catch (error) {
    console.warn({ message: "a shard was interrupted again", shard, error: String(error) });
    return unavailable("It is not known whether the message was accepted; send it again.");
  }
}

const unavailable = (detail: string) => new Refusal("unavailable", detail, { headers: { "retry-after": "1" } });

/** Snapshots by the records that they are made of, so that an isolate makes each once. */
const snapshots = new WeakMap<Trigger, { workspace: Workspace; flow: Flow; snapshot: SnapshotText }>();

function snapshotText(workspace: Workspace, trigger: Trigger, flow: Flow): SnapshotText {
  const known = snapshots.get(trigger);
  if (known?.workspace === workspace && known.flow === flow) return known.snapshot;
  const snapshot = textOfSnapshot(makeSnapshot(workspace, trigger, flow));
  snapshots.set(trigger, { workspace, flow, snapshot });
  return snapshot;
}
