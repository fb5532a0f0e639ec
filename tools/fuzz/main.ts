/** `npm run fuzz -- [--requests 100000] [--seed N]`: see docs/threat-model.md. */
import { join } from "node:path";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { ensureDevVars } from "../../scripts/lib/dev-vars.ts";
import { startGateway } from "../lib/gateway.ts";
import { readOptions } from "../lib/options.ts";
import { printTable } from "../lib/print-table.ts";
import { withRuntime } from "../lib/runtime-memory.ts";
import { drawSeed } from "../lib/seeded.ts";
import { startPartner } from "./partner.ts";
import { fuzz } from "./run.ts";
import { createWorld } from "./world.ts";

const MIB = 1024 * 1024;
/** Shorter variables are no secrets. */
const SECRET_LENGTH = 20;

/** `built`: uses the last built Worker. */
const { requests, seed, senders, built } = readOptions({
  requests: 100_000,
  seed: drawSeed(),
  senders: 24,
  built: false,
});

if (!built) buildWorker();
console.log(`seed ${seed}`);
await using partner = await startPartner();
const [gateway, pid] = await withRuntime(() => startGateway());
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void gateway.stop().then(() => process.exit(1)));
}
try {
  const vars = Object.values(ensureDevVars(join(gateway.folder, "dev.vars")));
  const hidden = vars.filter((value) => value.length >= SECRET_LENGTH);
  const world = await createWorld(gateway.url, gateway.token, partner);
  const report = await fuzz({
    ...{ url: gateway.url, world, pid, requests, seed, senders, hidden },
    onProgress: (sent) => {
      if (sent % 1_000 === 0) console.log(`${sent} sent`);
    },
  });
  const failed = gateway.log().match(/a request failed|could not be/g)?.length ?? 0;
  for (const violation of report.violations) console.log(`\n!! ${violation}`);
  printTable([
    ["requests", report.sent],
    ["seconds", report.seconds.toFixed(1)],
    ...[...report.statuses].toSorted().map(([status, count]): [string, number] => [`answered ${status}`, count]),
    ["routes that answered 2xx or 3xx", report.reached.length],
    ["failures in the log", failed],
    ...report.memory.map(({ when, bytes }): [string, string] => [`RSS ${when}`, `${Math.round(bytes / MIB)} MiB`]),
    ["violations", report.violations.length],
  ]);
  if (report.unreached.length > 0) console.log(`never reached: ${report.unreached.join(", ")}`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
} finally {
  await gateway.stop();
}
