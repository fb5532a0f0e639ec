/**
 * The plan of an execution: the steps of its flow as they stood when the message came, and what of workspace and
 * trigger it needs to end. A shard keeps each plan once.
 */
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
  readonly trigger: string;
  readonly flow: { readonly id: string; readonly name: string };
  readonly steps: readonly Step[];
}

export function makePlan(workspace: Workspace, trigger: Trigger, flow: Flow): Plan {
  const { id, name, documentStatuses, retentionDays } = workspace;
  return {
    workspace: { id, name, documentStatuses, retentionDays },
    trigger: trigger.name,
    flow: { id: flow.id, name: flow.name },
    steps: flow.steps,
  };
}
