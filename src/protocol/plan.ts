/**
 * The plan of an execution: the steps of its flow as they stood when the message came, and what of workspace and
 * trigger it needs to end. A shard keeps each plan once.
 */
import { createHash } from "node:crypto";
import type { Flow, Step } from "./schema/flow.ts";
import type { Trigger } from "./schema/trigger.ts";
import type { Workspace } from "./schema/workspace.ts";

export interface Plan {
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly documentStatuses: readonly string[];
    readonly retentionDays: number;
  };
  /** Name of the trigger; null when a callback started it. */
  readonly trigger: string | null;
  readonly flow: { readonly id: string; readonly name: string };
  readonly steps: readonly Step[];
}

export function makePlan(workspace: Workspace, trigger: Trigger | null, flow: Flow): Plan {
  const { id, name, documentStatuses, retentionDays } = workspace;
  return {
    workspace: { id, name, documentStatuses, retentionDays },
    trigger: trigger?.name ?? null,
    flow: { id: flow.id, name: flow.name },
    steps: flow.steps,
  };
}

/** A plan as it travels and rests: its text, and the SHA-256 of that. */
export interface PlanText {
  readonly hash: string;
  readonly text: string;
}

export function textOfPlan(plan: Plan): PlanText {
  const text = JSON.stringify(plan);
  return { text, hash: createHash("sha256").update(text).digest("base64url") };
}
