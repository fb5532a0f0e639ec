/** `npm run proof:recovery -- [--lanes N] [--per-lane N] [--waiting N]`: see docs/reliability.md. */
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { measureRecovery } from "../faults/recovery.ts";
import { readOptions } from "../lib/options.ts";
import { printTable } from "../lib/print-table.ts";

/** `built`: uses the last built Worker. */
const { lanes, waiting, built, ...options } = readOptions({ lanes: 100, "per-lane": 8, waiting: 200, built: false });
const load = { lanes, perLane: options["per-lane"], waiting };

if (!built) buildWorker();
const seconds = (ms: number) => (ms / 1000).toFixed(1);
const rows: (string | number)[][] = [];
for (const isCalled of [true, false]) {
  const { inFlight, startMs, firstMs, halfMs, allMs, doneMs } = await measureRecovery({ ...load, isCalled });
  rows.push([
    isCalled ? "called" : "left alone",
    inFlight + load.waiting,
    ...[startMs, firstMs, halfMs, allMs, doneMs].map(seconds),
  ]);
}
printTable([["s after it listens", "in flight", "start", "first lane", "half", "all lanes", "all ended"], ...rows]);
