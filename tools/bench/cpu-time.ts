/** Processor time that processes have used, as Linux counts it: what a message costs however busy the machine is. */
import { readFileSync } from "node:fs";

/** The kernel's clock ticks are hundredths of a second for every program. */
const TICK_SECONDS = 0.01;

/** Seconds of user and system time of all threads; NaN where there is no such count. */
export function cpuSeconds(pids: readonly number[]): number {
  try {
    return pids.reduce((sum, pid) => sum + ticksOf(pid) * TICK_SECONDS, 0);
  } catch {
    return Number.NaN;
  }
}

function ticksOf(pid: number): number {
  // The name stands in brackets and may hold anything; user and system time are the 12th and 13th field behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
