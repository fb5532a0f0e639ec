/** The limits that a flow snapshot puts on the executions of its trigger. */
import { toMs } from "../../core/duration.ts";
import { laneName } from "../../core/execution/lane-name.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";

export interface LaneRule {
  /** Executions of the lane that run at a time; 1 for ordered delivery. */
  readonly width: number;
  /** Starts of the trigger over all of its lanes. */
  readonly rate: { readonly trigger: string; readonly limit: number; readonly perMs: number } | null;
}

export function laneRule({ queue, workspace, trigger }: FlowSnapshot): LaneRule {
  const width = queue?.width ?? Number.POSITIVE_INFINITY;
  const rate = queue?.rate;
  return {
    width,
    rate: rate
      ? { trigger: laneName(workspace.id, trigger ?? ""), limit: rate.limit, perMs: toMs(rate.perSeconds) }
      : null,
  };
}
