/**
 * `npm run simulate -- [--rate N] [--shards N] [--target MS] [--seconds N] [--accept MS] [--deliver MS] [--commit MS]
 * [--lanes N] [--fixed] [--confirm [--built]]`: the throughput of shards at a message rate, and the limit that comes
 * first. `--confirm` compares the simulation with the gateway on this machine.
 */
import { buildWorker } from "../../../scripts/lib/build/worker-build.ts";
import { readOptions } from "../../lib/options.ts";
import { printTable } from "../../lib/print-table.ts";
import { confirmSimulation } from "./confirm-simulation.ts";
import { simulateShard } from "./simulation.ts";

const values = readOptions({
  /** Messages a second, for all shards together; 0 prints a table of several. */
  rate: 0,
  ...{ shards: 4, target: 100, seconds: 20, accept: 0.3, deliver: 0.6 },
  /** Longer on the platform, where other machines confirm a write, than on one disk. */
  commit: 5,
  lanes: 0,
  /** Constant latency of the target. */
  fixed: false,
  confirm: false,
  built: false,
});
const costs = { acceptMs: values.accept, deliverMs: values.deliver, commitMs: values.commit };
const LATENCIES = ["202 p50", "202 p99", "there p50", "there p99"];
const HEADINGS = ["msg/s", "shards", "target ms", "delivered/s", ...LATENCIES, "thread", "connections"];

if (values.confirm) {
  if (!values.built) buildWorker();
  const rows = (await confirmSimulation({ ...costs, commitMs: 1 })).map(({ shards, targetMs, simulated, measured }) => {
    return [`${shards} x ${targetMs} ms`, simulated.toFixed(0), measured.toFixed(0), (measured / simulated).toFixed(2)];
  });
  printTable([["shards x target", "simulated msg/s", "measured msg/s", "ratio"], ...rows]);
} else {
  const cases = values.rate ? [[values.rate, values.shards, values.target] as const] : defaultCases();
  printTable([HEADINGS, ...cases.map(([rate, shards, targetMs]) => row(rate, shards, targetMs))]);
}

/** The sufficient number of shards, and half of it. */
function defaultCases(): (readonly [rate: number, shards: number, targetMs: number])[] {
  return [100, 10_000, 1_000_000].flatMap((rate) =>
    [10, 100, 1_000].flatMap((targetMs) => {
      const enough = Math.ceil(rate / Math.min(500, (6 / targetMs) * 1000 * 0.8));
      const half = Math.max(1, Math.ceil(enough / 2));
      return [...new Set([enough, half])].map((shards) => [rate, shards, targetMs] as const);
    }),
  );
}

function row(rate: number, shards: number, targetMs: number): string[] {
  const one = simulateShard({
    ...costs,
    ...{ targetMs, arrivalsPerSecond: rate / shards, seconds: Math.max(values.seconds, targetMs / 20) },
    ...{ varies: !values.fixed, lanes: Math.ceil(values.lanes / shards) },
  });
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const share = (value: number) => `${(value * 100).toFixed(0)} %`;
  return [
    ...[rate, shards, targetMs].map(String),
    (one.deliveredPerSecond * shards).toFixed(0),
    ...[one.acceptP50Ms, one.acceptP99Ms, one.deliverP50Ms, one.deliverP99Ms].map(ms),
    ...[one.threadShare, one.connectionShare].map(share),
  ];
}
