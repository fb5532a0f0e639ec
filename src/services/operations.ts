/** Operators' actions on executions, one by one and in bulk. */
import { makePlan, type PlanText, textOfPlan } from "../protocol/plan.ts";
import { notFound, Refusal } from "../protocol/refusal.ts";
import type { Workspace } from "../protocol/schema/workspace.ts";
import type { Address } from "../protocol/state-id.ts";
import type { Operated } from "../shard/operations.ts";
import type { ListFilter } from "../shard/reader.ts";
import type { Receipt } from "../shard/shard.ts";
import type { Gateway } from "./intake.ts";
import { shardStub } from "./shards.ts";

export type Action = "retry" | "resubmit" | "cancel";

/** Most executions that one bulk call acts on; a caller repeats it for more. */
const BULK_LIMIT = 1_000;
const BATCH = 100;

/** Statuses that an action can do something with. */
const FIT: Record<Action, (status: string) => boolean> = {
  retry: (status) => status === "failed",
  cancel: (status) => !["succeeded", "failed", "cancelled"].includes(status),
  resubmit: () => true,
};

/** A new execution of the same message, by the trigger's flow as it is now, or the old one's where that is gone. */
export async function resubmit(
  { env, store }: Gateway,
  workspace: Workspace,
  { shard, sequence }: Address,
): Promise<Receipt | Refusal> {
  const stub = shardStub(env, shard);
  const old = await stub.show(sequence, workspace.id);
  if (!old) return notFound();
  const trigger = old.trigger === undefined ? null : await store.triggers.get(`${workspace.id}:${old.trigger}`);
  const flow = trigger && (await store.flows.get(`${workspace.id}:${trigger.flow}`));
  const plan: PlanText | null = trigger && flow ? textOfPlan(makePlan(workspace, trigger, flow)) : null;
  const receipt = await stub.resubmit(sequence, workspace.id, plan);
  if (receipt === "unknown") return new Refusal("unavailable", "The message of the execution is not there any more.");
  if (receipt === "full") return new Refusal("overloaded", "Too many executions of this workspace are unfinished.");
  return receipt;
}

/** Retry or cancel; null when it is done. */
export async function operate(
  { env }: Gateway,
  workspace: Workspace,
  { shard, sequence }: Address,
  action: "retry" | "cancel",
  who: string,
): Promise<Refusal | null> {
  const stub = shardStub(env, shard);
  const why = action === "retry" ? "Only a failed execution can be retried." : "The execution has ended already.";
  return refusalOf(await stub[action](sequence, workspace.id, who), why);
}

export function refusalOf(operated: Operated, whyUnfit: string): Refusal | null {
  if (operated === "done") return null;
  return operated === "unknown" ? notFound() : new Refusal("conflict", whyUnfit);
}

/**
 * Acts on what a filter matches, newest first.
 *
 * @returns how many executions the action fits, and on how many it was done; both are bounded by the limit of one call.
 */
export async function operateInBulk(
  gateway: Gateway,
  workspace: Workspace,
  action: Action,
  filter: Omit<ListFilter, "workspaceId">,
  dryRun: boolean,
  who: string,
): Promise<{ matched: number; done: number }> {
  const { env } = gateway;
  let [matched, done] = [0, 0];
  for (const shard of workspace.placement) {
    let before: number | null = null;
    do {
      const wanted: ListFilter = { workspaceId: workspace.id, ...filter };
      const part = await shardStub(env, shard).list(wanted, before, BATCH);
      const fitting = part.items.filter(({ status }) => FIT[action](status)).slice(0, BULK_LIMIT - matched);
      matched += fitting.length;
      if (!dryRun) {
        for (const { seq } of fitting) {
          const address = { shard, sequence: seq, run: 0 };
          const refused =
            action === "resubmit"
              ? await resubmit(gateway, workspace, address)
              : await operate(gateway, workspace, address, action, who);
          if (!(refused instanceof Refusal)) done++;
        }
      }
      before = part.before;
    } while (before !== null && matched < BULK_LIMIT);
  }
  return { matched, done };
}
