/** Snapshots for tests of the pure parts. */
import { type FlowSnapshot, makeSnapshot } from "../../src/core/execution/snapshot.ts";
import { flowInput } from "../../src/core/schema/flow.ts";
import { triggerInput } from "../../src/core/schema/trigger.ts";
import { workspaceInput } from "../../src/core/schema/workspace.ts";

/** A snapshot with these http steps; a step without settings has the defaults. */
export function snapshotOf(steps: Record<string, Record<string, unknown>>): FlowSnapshot {
  const flow = flowInput.parse({
    steps: Object.entries(steps).map(([name, settings]) => ({
      name,
      type: "http",
      url: "https://erp.test/",
      ...settings,
    })),
  });
  const workspace = { ...workspaceInput.parse({}), name: "acme", id: WORKSPACE_ID, placement: [1], laneShards: 1 };
  const trigger = { ...triggerInput.parse({ flow: "orders" }), name: "incoming" };
  return makeSnapshot(workspace, trigger, { ...flow, name: "orders", id: FLOW_ID });
}

export const WORKSPACE_ID = "11111111-2222-4333-8444-555555555555";
export const FLOW_ID = "66666666-7777-4888-9999-000000000000";
