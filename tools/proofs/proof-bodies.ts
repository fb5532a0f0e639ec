/** `npm run proof:bodies -- [--mib 1,100] [--seed N]`: see docs/reliability.md. */
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { readOptions } from "../lib/options.ts";
import { printTable } from "../lib/print-table.ts";
import { drawSeed } from "../lib/seeded.ts";
import { type BodyProof, proveBody, SENDINGS } from "./bodies/body-proof.ts";
import { serveInspected } from "./bodies/inspected-gateway.ts";

const MIB = 1024 * 1024;
/** The most memory that the Worker may hold, whatever the size of the body. */
const HELD_LIMIT_BYTES = 64 * MIB;

/** `mib`: sizes in MiB. */
const { mib: list, seed } = readOptions({ mib: "1,100", seed: drawSeed() });
const sizes = list.split(",").map(Number);

buildWorker();
console.log(`seed ${seed}`);
const rows: (string | number)[][] = [
  ["body", "sent", "status", "bytes", "seconds", "RSS before", "RSS peak", "Worker holds"],
];
let isKept = true;
for (const mib of sizes) {
  for (const sending of SENDINGS) {
    await using gateway = await serveInspected();
    const proof = await proveBody({ gateway, seed, size: mib * MIB, sending });
    isKept &&= proof.isSame && proof.status === 200 && proof.heldBytes < HELD_LIMIT_BYTES;
    rows.push([`${mib} MiB`, sending, ...cells(proof)]);
  }
}
printTable(rows);
process.exitCode = isKept ? 0 : 1;

function cells({ status, isSame, seconds, beforeBytes, peakBytes, heldBytes }: BodyProof): (string | number)[] {
  const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;
  const memory = [mib(beforeBytes), mib(peakBytes), mib(heldBytes)];
  return [status, isSame ? "same" : "DIFFERENT", seconds.toFixed(1), ...memory];
}
