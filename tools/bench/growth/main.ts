/**
 * `npm run bench:growth -- [--axis rows,shards,triggers,lanes] [--scenario a,b] [--seconds N] [--rounds N]
 * [--concurrency N] [--most N] [--svg FILE] [--json FILE] [--built]`: what a message costs as things grow.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildWorker } from "../../../scripts/lib/build/worker-build.ts";
import { printTable } from "../../lib/print-table.ts";
import { startBench } from "../surroundings.ts";
import { AXES, measureGrowth, type Point } from "./growth.ts";
import { drawGrowth } from "./growth-chart.ts";

const { values } = parseArgs({
  options: {
    axis: { type: "string" },
    scenario: { type: "string" },
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "5" },
    concurrency: { type: "string", default: "64" },
    payload: { type: "string", default: "256" },
    /** Leaves values above this one out. */
    most: { type: "string", default: "Infinity" },
    /** Where the chart goes. */
    svg: { type: "string" },
    json: { type: "string" },
    built: { type: "boolean", default: false },
  },
});
const SHARDS = 4;
const [seconds, rounds, concurrency] = [Number(values.seconds), Number(values.rounds), Number(values.concurrency)];
const options = { seconds, rounds, concurrency, payloadBytes: Number(values.payload) };
const wanted = (list: string | undefined, name: string) => !list || list.split(",").some((one) => name.startsWith(one));

if (!values.built) buildWorker();
await using stack = new AsyncDisposableStack();
const { children, around } = await startBench(stack, { ...options, shards: SHARDS, connections: concurrency });
const points: Point[] = [];
for (const axis of AXES) {
  if (!wanted(values.axis, axis.name)) continue;
  const bounded = { ...axis, values: axis.values.filter((value) => value <= Number(values.most)) };
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
