/** Operators' actions on single executions and in bulk. */
import { makeSnapshot, textOfSnapshot } from "../core/execution/snapshot.ts";
import { notFound, Refusal } from "../core/refusal.ts";
import type { Workspace } from "../core/schema/workspace.ts";
import { type Address, mintSignedId } from "../core/security/signed-id.ts";
import { unreachable } from "../core/unreachable.ts";
import type { Operated } from "../shard/operations.ts";
import type { ListFilter, Source } from "../shard/queries.ts";
import type { Accepted } from "../shard/write/accepted.ts";
import { copyBody } from "../storage/bodies/bodies.ts";
import { ownBodies } from "../storage/bodies/owned-bodies.ts";
import { recordId } from "../storage/kv/record-id.ts";
import { submit } from "./intake/intake.ts";
import { type Prepared, prepare } from "./intake/preparation.ts";
import type { RequestContext } from "./request-context.ts";
import { shardStub } from "./shards.ts";

export type Action = "retry" | "resubmit" | "cancel";

/** Most executions of one bulk call, which has to end within a request. */
const BULK_LIMIT = 1_000;
/** Executions of one list call to a shard. */
const BATCH = 1_000;

/** The statuses that an action applies to. */
const FIT: Record<Action, (status: string) => boolean> = {
  retry: (status) => status === "failed",
  cancel: (status) => !["succeeded", "failed", "cancelled"].includes(status),
  resubmit: () => true,
};

/**
 * Starts a new execution of the same message: with the present trigger and flow and the lane that follows from them. If
 * the trigger is deleted, with the old snapshot in the old lane.
 */
export async function resubmit(
  context: RequestContext,
  workspace: Workspace,
  address: Address,
): Promise<Pick<Accepted, "executionId" | "seq"> | Refusal> {
  const { env, store } = context;
  const { shard, sequence } = address;
  const source = (await shardStub(env, shard).source(sequence, workspace.id)) as Source | null;
  if (!source) return notFound();
  await using bodies = ownBodies(env.BODIES);
  const input = bodies.own(await copyBody(env.BODIES, workspace.id, source.input));
  if (!input) return new Refusal("unavailable", "The message of the execution no longer exists.");
  const trigger = source.trigger === null ? null : await store.triggers.get(recordId(workspace.id, source.trigger));
  const flow = trigger && (await store.flows.get(recordId(workspace.id, trigger.flow)));
  const prepared: Prepared | Refusal = flow
    ? await prepare(env.BODIES, workspace, trigger, source.request, null, input, source.lane)
    : { lane: source.lane, group: source.lane, dedup: null };
  if (prepared instanceof Refusal) return prepared;
  const { origin, call } = source;
  const snapshot = flow ? textOfSnapshot(makeSnapshot(workspace, trigger, flow)) : source.snapshot;
  const resubmittedFrom = mintSignedId(context.config.signingKeys[0], "execution", { ...address, run: 0 });
  const started = { snapshot, origin, input, resubmittedFrom, ...(call && { call }) };
  return await submit(context, bodies, workspace, prepared, started, 0);
}

/** Retries or cancels an execution; null when it is done. */
export async function operate(
  { env }: RequestContext,
  workspace: Workspace,
  { shard, sequence }: Address,
  action: "retry" | "cancel",
  actor: string,
): Promise<Refusal | null> {
  const stub = shardStub(env, shard);
  return refusalOf(await stub[action](sequence, workspace.id, actor), WHY_UNFIT[action]);
}

const WHY_UNFIT = {
  retry: "Only a failed execution can be retried.",
  cancel: "The execution has ended already.",
};

export function refusalOf(operated: Operated, whyUnfit: string): Refusal | null {
  switch (operated) {
    case "done":
      return null;
    case "unknown":
      return notFound();
    case "unfit":
      return new Refusal("conflict", whyUnfit);
    default:
      return unreachable(operated);
  }
}

/**
 * Acts on the executions that a filter matches, in the order of arrival within a shard. Executions created after the call
 * began are not touched, so that resubmitting does not find its own executions.
 *
 * @returns how many executions the action applies to, and for how many it was done, up to the limit of one call.
 */
export async function operateInBulk(
  context: RequestContext,
  workspace: Workspace,
  action: Action,
  filter: Omit<ListFilter, "workspaceId">,
  dryRun: boolean,
  actor: string,
): Promise<{ matched: number; done: number }> {
  const { env } = context;
  const until = Math.min(filter.to ?? Number.POSITIVE_INFINITY, Date.now() - 1);
  const oldest: Address[] = [];
  let matched = 0;
  for (const shard of workspace.placement) {
    const found: Address[] = [];
    let before: number | null = null;
    do {
      const wanted: ListFilter = { workspaceId: workspace.id, ...filter, to: until };
      const part = await shardStub(env, shard).list(wanted, before, BATCH);
      const fitting = part.items.filter(({ status }) => FIT[action](status));
      matched += fitting.length;
      found.push(...fitting.map(({ seq }) => ({ shard, sequence: seq, run: 0 })));
      // The list is newest first, so those in front are left for another call.
      found.splice(0, found.length - BULK_LIMIT);
      before = part.before;
    } while (before !== null);
    oldest.push(...found.reverse());
  }
  let done = 0;
  for (const address of dryRun ? [] : oldest.slice(0, BULK_LIMIT)) {
    const answer =
      action === "resubmit"
        ? await resubmit(context, workspace, address)
        : await operate(context, workspace, address, action, actor);
    if (!(answer instanceof Refusal)) done++;
  }
  return { matched, done };
}
