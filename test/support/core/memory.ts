import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Memory in use after garbage collection: heap and array buffers, in bytes. */
function memoryInUse(): number {
  // What the first one finds is given back beside the program; the second waits for that.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Calls `write` with the chunk until so many bytes are written; returns the largest growth of the memory in use. */
export function peakGrowth(chunk: Uint8Array, totalBytes: number, write: (chunk: Uint8Array) => void): number {
  const before = memoryInUse();
  let peak = before;
  for (let sent = 0, i = 0; sent < totalBytes; sent += chunk.length, i++) {
    write(chunk);
    if (i % 256 === 255) peak = Math.max(peak, memoryInUse());
  }
  return Math.max(peak, memoryInUse()) - before;
}
