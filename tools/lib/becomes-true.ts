import { setTimeout as sleep } from "node:timers/promises";

/** Polls a condition; resolves to true once it holds, and to false when it does not within `longestMs`. */
export async function becomesTrue(
  condition: () => boolean | Promise<boolean>,
  longestMs: number,
  everyMs = 20,
): Promise<boolean> {
  const end = performance.now() + longestMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await sleep(everyMs);
  }
  return true;
}
