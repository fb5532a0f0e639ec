/** `npm run proof:adapter-bodies -- [--mb 1,600] [--only request,reply,callback,file] [--seed N]`: see docs/reliability.md. */
import { buildWorker } from "../../scripts/lib/build/worker-build.ts";
import { readOptions } from "../lib/options.ts";
import { printTable } from "../lib/print-table.ts";
import { drawSeed } from "../lib/seeded.ts";
import { type AdapterBodyProof, EXCHANGES, playAdapterBody, proveAdapterBody } from "./bodies/adapter-body-proof.ts";
import { serveInspected } from "./bodies/inspected-gateway.ts";

const MIB = 1024 * 1024;
/** The most memory that the Worker may hold beyond what it holds for a body of the first size. */
const GROWTH_LIMIT_BYTES = 64 * MIB;

/** `mb`: sizes in MiB; the document's 600 MB are 600 MiB (CD10). */
const { mb: list, only, seed } = readOptions({ mb: "1,600", only: EXCHANGES.join(","), seed: drawSeed() });
const sizes = list.split(",").map(Number);
const exchanges = EXCHANGES.filter((exchange) => only.split(",").includes(exchange));

buildWorker();
console.log(`seed ${seed}`);
const rows: (string | number)[][] = [
  ["large body", "MiB", "status", "bytes", "seconds", "CPU s", "RSS before", "RSS peak", "Worker holds"],
];
let isKept = true;
for (const exchange of exchanges) {
  let least = Number.POSITIVE_INFINITY;
  for (const mb of sizes) {
    const proof = await proveAdapterBody({ exchange, seed, size: mb * MIB });
    least = Math.min(least, proof.heldBytes);
    isKept &&= proof.isSame && proof.heldBytes - least < GROWTH_LIMIT_BYTES;
    rows.push([exchange, mb, ...cells(proof)]);
    console.log(rows.at(-1)?.join("  "));
  }
}
printTable(rows);
for (const exchange of exchanges.filter((exchange) => exchange !== "request")) {
  const mb = sizes.at(-1) ?? 0;
  await using gateway = await serveInspected();
  const started = performance.now();
  const played = await playAdapterBody(gateway, { exchange, seed, size: mb * MIB, excess: 1 });
  const { answer, status, failure, lastLog } = played;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  isKept &&= failure === "error" && (exchange === "reply" || answer === 413);
  console.log(`${exchange} of ${mb} MiB + 1 byte: ${answer ?? "-"} ${status} ${failure}, ${seconds} s: ${lastLog}`);
}
process.exitCode = isKept ? 0 : 1;

function cells(proof: AdapterBodyProof): (string | number)[] {
  const { status, isSame, seconds, cpuSeconds, beforeBytes, peakBytes, heldBytes } = proof;
  const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;
  const memory = [mib(beforeBytes), mib(peakBytes), mib(heldBytes)];
  return [status, isSame ? "same" : "DIFFERENT", seconds.toFixed(1), cpuSeconds.toFixed(1), ...memory];
}
