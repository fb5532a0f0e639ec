/**
 * `npm run bench:growth -- [--axis rows,shards,triggers,lanes] [--scenario a,b] [--seconds N] [--rounds N]
 * [--concurrency N] [--most N] [--svg FILE] [--json FILE] [--built]`: the cost of a message by the amount of data.
 */
import { writeFileSync } from "node:fs";
import { buildWorker } from "../../../scripts/lib/build/worker-build.ts";
import { readOptions } from "../../lib/options.ts";
import { printTable } from "../../lib/print-table.ts";
import { startBench } from "../surroundings.ts";
import { AXES, measureGrowth, type Point } from "./growth.ts";
import { drawGrowth } from "./growth-chart.ts";

const values = readOptions({
  ...{ axis: "", scenario: "", seconds: 2, rounds: 5, concurrency: 64, payload: 256 },
  /** Skips values above this one. */
  most: Number.POSITIVE_INFINITY,
  /** File of the chart. */
  svg: "",
  json: "",
  built: false,
});
const SHARDS = 4;
const { seconds, rounds, concurrency, payload: payloadBytes } = values;
const options = { seconds, rounds, concurrency, payloadBytes };
const wanted = (list: string, name: string) => !list || list.split(",").some((one) => name.startsWith(one));

if (!values.built) buildWorker();
await using stack = new AsyncDisposableStack();
const { children, around } = await startBench(stack, { ...options, shards: SHARDS, connections: concurrency });
const points: Point[] = [];
for (const axis of AXES) {
  if (!wanted(values.axis, axis.name)) continue;
  const bounded = { ...axis, values: axis.values.filter((value) => value <= values.most) };
  for (const scenario of axis.scenarios) {
    if (!wanted(values.scenario, scenario)) continue;
    const measured = await measureGrowth(children, around, bounded, scenario, options);
    points.push(...measured);
    printTable(rowsOf(measured));
    console.log();
  }
}
if (values.svg) writeFileSync(values.svg, drawGrowth(points));
if (values.json) writeFileSync(values.json, `${JSON.stringify(points, null, 2)}\n`);

function rowsOf(measured: readonly Point[]): (string | number)[][] {
  const [first] = measured;
  const heading = [`${first?.scenario}: ${first?.axis}`, "msg/s", "time, times", "CPU µs", "CPU, times"];
  return [
    heading,
    ...measured.map(({ value, rate, times, cpuMicros, cpuTimes }) => {
      return [value, rate.toFixed(0), times.toFixed(2), cpuMicros.toFixed(0), cpuTimes.toFixed(2)];
    }),
  ];
}
