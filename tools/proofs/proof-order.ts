/** `npm run proof:order -- [--messages N] [--lanes N] [--senders N] [--restarts N] [--seed N]`: see docs/reliability.md. */
import { parseArgs } from "node:util";
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { startGateway } from "../lib/gateway.ts";
import { printTable } from "../lib/print-table.ts";
import { drawSeed } from "../lib/seeded.ts";
import { countByRule } from "./order/order-checker.ts";
import { proveOrder } from "./order/order-proof.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "10000" },
    lanes: { type: "string", default: "20" },
    senders: { type: "string", default: "50" },
    restarts: { type: "string", default: "1" },
    seed: { type: "string", default: String(drawSeed()) },
    /** Runs against a trigger without order, to see the checker find what is wrong with it. */
    unordered: { type: "boolean", default: false },
  },
});
const [messages, lanes, senders] = [Number(values.messages), Number(values.lanes), Number(values.senders)];
const [restarts, seed] = [Number(values.restarts), Number(values.seed)];

buildWorker();
const gateway = await startGateway();
try {
  const ordered = !values.unordered;
  const proof = await proveOrder({ gateway, seed, messages, lanes, senders, restarts, ordered });
  const { sent, seconds, violations } = proof;
  printTable([
    ["seed", seed],
    ["messages, lanes, senders", `${messages}, ${lanes}, ${senders}`],
    ["SIGKILLs", restarts],
    ["seconds, messages a second", `${seconds.toFixed(1)}, ${Math.round(messages / seconds)}`],
    ["sendings cut off, refused (503)", `${sent.cutOff}, ${sent.refused}`],
    ["accepted, of them known already", `${sent.executionIds.size}, ${sent.replayed}`],
    ["delivered", proof.delivered],
    ["requests at the target", proof.requests],
    ["of them failed by it, cut off", `${proof.failed}, ${proof.cut}`],
    ["of them repeated after a SIGKILL", proof.repeated],
    ["most at the target at once", proof.mostAtOnce],
    ["violations", violations.length],
  ]);
  for (const [rule, count] of Object.entries(countByRule(violations))) console.log(`  ${rule}: ${count}`);
  for (const { rule, lane, detail } of violations.slice(0, 10)) console.log(`  ${lane ?? "-"} ${rule}: ${detail}`);
  process.exitCode = violations.length > 0 ? 1 : 0;
} finally {
  await gateway.stop();
}
