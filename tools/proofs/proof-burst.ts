/** `npm run proof:burst -- [--messages N] [--senders N] [--limit N] [--seed N]`: see docs/reliability.md. */
import { parseArgs } from "node:util";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { startGateway } from "../lib/gateway.ts";
import { printTable } from "../lib/print-table.ts";
import { drawSeed } from "../lib/seeded.ts";
import { proveBurst } from "./order/burst-proof.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "5000" },
    senders: { type: "string", default: "200" },
    limit: { type: "string", default: "5" },
    seed: { type: "string", default: String(drawSeed()) },
  },
});
const [messages, senders] = [Number(values.messages), Number(values.senders)];
const [limit, seed] = [Number(values.limit), Number(values.seed)];

buildWorker();
const gateway = await startGateway();
try {
  const proof = await proveBurst({ gateway, seed, messages, senders, limit });
  printTable([
    ["seed", seed],
    ["messages, senders", `${messages}, ${senders}`],
    ["maxConcurrency", limit],
    ["seconds until all were accepted", proof.acceptedSeconds.toFixed(1)],
    ["seconds until all were delivered", proof.seconds.toFixed(1)],
    ["accepted", proof.sent.executionIds.size],
    ["requests at the target", proof.requests],
    ["most at the target at once", proof.mostAtOnce],
    ["violations", proof.violations.length],
  ]);
  for (const { rule, detail } of proof.violations.slice(0, 10)) console.log(`  ${rule}: ${detail}`);
  process.exitCode = proof.violations.length > 0 ? 1 : 0;
} finally {
  await gateway.stop();
}
