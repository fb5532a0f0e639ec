/** `npm run fuzz -- [--requests 100000] [--seed N]`: see docs/threat-model.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { startGateway } from "../lib/gateway.ts";
import { printTable } from "../lib/print-table.ts";
import { withRuntime } from "../lib/runtime-memory.ts";
import { drawSeed } from "../lib/seeded.ts";
import { startPartner } from "./partner.ts";
import { fuzz } from "./run.ts";
import { furnish } from "./world.ts";

const MIB = 1024 * 1024;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "100000" },
    seed: { type: "string", default: String(drawSeed()) },
    senders: { type: "string", default: "24" },
    /** Use the Worker as it was built last. */
    built: { type: "boolean", default: false },
  },
});

if (!values.built) buildWorker();
console.log(`seed ${values.seed}`);
await using partner = await startPartner();
const [gateway, pid] = await withRuntime(() => startGateway());
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void gateway.stop().then(() => process.exit(1)));
}
try {
  const secrets = [...readFileSync(join(gateway.folder, "dev.vars"), "utf8").matchAll(/^\w+=(\S{20,})$/gm)];
  const world = await furnish(gateway.url, gateway.token, partner);
  const report = await fuzz({
    ...{ url: gateway.url, world, pid, requests: Number(values.requests), seed: Number(values.seed) },
    senders: Number(values.senders),
    hidden: secrets.map(([, value = ""]) => value),
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
    ["lines of the log that tell of failures", failed],
    ...report.memory.map(({ when, bytes }): [string, string] => [`RSS ${when}`, `${Math.round(bytes / MIB)} MiB`]),
    ["violations", report.violations.length],
  ]);
  if (report.unreached.length > 0) console.log(`never reached: ${report.unreached.join(", ")}`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
} finally {
  await gateway.stop();
}
