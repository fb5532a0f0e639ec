/** `npm run proof:waits -- [--executions N] [--shards N] [--callers N] [--restarts N] [--seed N]`: see docs/reliability.md. */
import { parseArgs } from "node:util";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { startGateway } from "../lib/gateway.ts";
import { printTable } from "../lib/print-table.ts";
import { drawSeed } from "../lib/seeded.ts";
import { proveWaits } from "./waits/waits-proof.ts";

const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "2000" },
    shards: { type: "string", default: "4" },
    callers: { type: "string", default: "50" },
    restarts: { type: "string", default: "0" },
    seed: { type: "string", default: String(drawSeed()) },
  },
});
const [executions, shards, callers] = [Number(values.executions), Number(values.shards), Number(values.callers)];
const [restarts, seed] = [Number(values.restarts), Number(values.seed)];
/** Within so long all of them are answered. */
const LIMIT_SECONDS = 60;

buildWorker();
const gateway = await startGateway();
try {
  const { seen, violations, waiting, of, seconds } = await proveWaits({
    ...{ gateway, seed, executions, shards, callers, restarts },
  });
  const answered = (status: number) => seen.calls.filter((call) => call.status === status).length;
  printTable([
    ["seed", seed],
    ["executions, of them Link, adapter", `${seen.executionIds.size}, ${of.link}, ${of.chainio}`],
    ["shards, callers, SIGKILLs", `${shards}, ${callers}, ${restarts}`],
    ["waiting at once", waiting],
    ["seconds until all waited", seconds.started.toFixed(1)],
    ["seconds until all were answered, twice", seconds.answered.toFixed(1)],
    ["seconds until all had finished then", seconds.finished.toFixed(1)],
    ["calls answered 200, 409", `${answered(200)}, ${answered(409)}`],
    ["calls cut off", seen.calls.reduce((sum, { cutOff }) => sum + cutOff, 0)],
    ["succeeded", seen.succeeded.size],
    ["requests of the next step", seen.passed.length],
    ["violations", violations.length],
  ]);
  for (const { rule, executionId, detail } of violations.slice(0, 10))
    console.log(`  ${executionId} ${rule}: ${detail}`);
  const isKept = violations.length === 0 && waiting === executions && seconds.answered <= LIMIT_SECONDS;
  process.exitCode = isKept ? 0 : 1;
} finally {
  await gateway.stop();
}
