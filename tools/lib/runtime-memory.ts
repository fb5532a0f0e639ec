/** Memory and processor time of processes, and the workerd process of a gateway, as Linux counts them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** False where there is no `/proc`. */
export const canMeasureMemory = existsSync("/proc/self/status");

/** Field of the user time in `/proc/PID/stat`, counted from behind the name; the system time follows it. */
const USER_TICKS = 11;
const TICKS_A_SECOND = 100;

export interface Memory {
  /** Resident now, and at most since the process began, in bytes. */
  readonly nowBytes: number;
  readonly peakBytes: number;
}

/** The runtimes among the descendants of this process. */
function runtimesBelow(ancestor = process.pid): number[] {
  const children = Map.groupBy(processes(), ({ parent }) => parent);
  const below = (pid: number): { pid: number; name: string }[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return below(ancestor)
    .filter(({ name }) => name === "workerd")
    .map(({ pid }) => pid);
}

/** Starts a gateway and finds its runtime: the one that was not there before. */
export async function withRuntime<T>(start: () => Promise<T>): Promise<[started: T, pid: number]> {
  const before = new Set(runtimesBelow());
  const gateway = await start();
  const started = runtimesBelow().filter((pid) => !before.has(pid));
  const [pid] = started;
  if (pid === undefined || started.length > 1) throw new Error(`a gateway has ${started.length} runtimes`);
  return [gateway, pid];
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const bytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
  return { nowBytes: bytes("VmRSS"), peakBytes: bytes("VmHWM") };
}

/** Processor time of all threads of the processes so far; NaN where Linux does not count it. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return canMeasureMemory ? pids.reduce((sum, pid) => sum + secondsOf(pid), 0) : Number.NaN;
}

function secondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  const [user, system] = [Number(fields[USER_TICKS]), Number(fields[USER_TICKS + 1])];
  return (user + system) / TICKS_A_SECOND;
}

function processes(): { pid: number; parent: number; name: string }[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        // The name is in brackets and may contain anything; the state and the parent follow.
        const [, name = "", parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
        return [{ pid: Number(entry), parent: Number(parent), name }];
      } catch {
        return [];
      }
    });
}
