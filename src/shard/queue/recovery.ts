/** The run queue is in memory; a restarted shard builds it again from its rows. */
import type { Executions } from "../../storage/sql/executions.ts";
import type { Lanes } from "../../storage/sql/lanes.ts";
import type { RecoveryIndex } from "../../storage/sql/recovery-index.ts";
import type { Snapshots } from "../../storage/sql/snapshots.ts";
import type { Counters } from "../observe/counters.ts";
import { laneRule } from "./lane-rule.ts";
import type { RunQueue } from "./run-queue.ts";

interface RecoveryParts {
  readonly executions: Executions;
  readonly snapshots: Snapshots;
  readonly recoveryIndex: RecoveryIndex;
  readonly lanes: Lanes;
  readonly queue: RunQueue;
  readonly counters: Counters;
}

export function recoverQueue({ executions, snapshots, recoveryIndex, lanes, queue, counters }: RecoveryParts): void {
  for (const { lane, ...stop } of lanes.all()) queue.setStop(lane, stop);
  const rows = executions.unfinished(recoveryIndex.checkpoint());
  // Those that have begun keep their places in the lanes; the others wait behind them in order of arrival.
  const begun = rows.filter(({ status }) => status !== "queued");
  for (const row of [...begun, ...rows.filter(({ status }) => status === "queued")]) {
    const snapshot = snapshots.get(row.snapshotId);
    queue.add(row, laneRule(snapshot));
    counters.opened(snapshot.workspace.name, false);
    if (row.isIndexed) queue.markIndexed(row.sequence);
  }
}
