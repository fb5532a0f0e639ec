/**
 * The snapshot of an execution: the steps of its flow at the time of the message, and the settings of workspace and trigger that it needs
 * until its end. A shard stores each snapshot once.
 */
import { createHash } from "node:crypto";
import type { Template } from "../message/request-values.ts";
import type { Flow, Step } from "../schema/flow.ts";
import type { Trigger } from "../schema/trigger.ts";
import type { Workspace } from "../schema/workspace.ts";

export interface FlowSnapshot {
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
  /** Absent when the executions of the trigger run independently. */
  readonly queue?: QueueRule;
  /** The trigger's output template, which makes the result from the last message. */
  readonly output?: Template;
}

interface QueueRule {
  /** Executions of one lane that run at a time; null for any number. */
  readonly width: number | null;
  /** True for a lane with ordered delivery. */
  readonly isOrdered: boolean;
  /** The effect of a failed execution on an ordered lane (ND8). */
  readonly onFailure: "continue" | "block";
  readonly rate: { readonly limit: number; readonly perSeconds: number } | null;
}

export function makeSnapshot(workspace: Workspace, trigger: Trigger | null, flow: Flow): FlowSnapshot {
  const { id, name, documentStatuses, retentionDays } = workspace;
  return {
    workspace: { id, name, documentStatuses, retentionDays },
    trigger: trigger?.name ?? null,
    flow: { id: flow.id, name: flow.name },
    steps: flow.steps,
    ...(trigger && queueOf(trigger)),
    ...(trigger?.output !== undefined && { output: trigger.output }),
  };
}

function queueOf({ orderedDelivery, maxConcurrency, rate }: Trigger): { queue: QueueRule } | null {
  const isOrdered = orderedDelivery !== false;
  if (!isOrdered && maxConcurrency === undefined && !rate) return null;
  const onFailure = typeof orderedDelivery === "object" ? orderedDelivery.onFailure : "continue";
  const width = isOrdered ? 1 : (maxConcurrency ?? null);
  return { queue: { width, isOrdered, onFailure, rate: rate ?? null } };
}

/** A serialized snapshot and its SHA-256. */
export interface SnapshotText {
  readonly hash: string;
  readonly text: string;
}

export function textOfSnapshot(snapshot: FlowSnapshot): SnapshotText {
  const text = JSON.stringify(snapshot);
  return { text, hash: createHash("sha256").update(text).digest("base64url") };
}
