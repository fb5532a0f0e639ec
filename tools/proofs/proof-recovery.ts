/** `npm run proof:recovery -- [--lanes N] [--per-lane N] [--waiting N]`: see docs/reliability.md. */
import { parseArgs } from "node:util";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { measureRecovery } from "../faults/recovery.ts";
import { printTable } from "../lib/print-table.ts";

const { values } = parseArgs({
  options: {
    lanes: { type: "string", default: "100" },
    "per-lane": { type: "string", default: "8" },
    waiting: { type: "string", default: "200" },
    /** Use the Worker as it was built last. */
    built: { type: "boolean", default: false },
  },
});
const load = { lanes: Number(values.lanes), perLane: Number(values["per-lane"]), waiting: Number(values.waiting) };

if (!values.built) buildWorker();
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
