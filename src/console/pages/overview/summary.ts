/** Statistics over a list of executions. */
import type { ExecutionSummary, Status } from "../../../client/index.ts";
import type { Window } from "./windows.ts";

/** The groups of statuses that the overview counts. */
export const GROUPS = ["succeeded", "failed", "cancelled", "unfinished"] as const;
export type Group = (typeof GROUPS)[number];

export interface Bucket {
  /** Epoch ms at which it begins. */
  readonly at: number;
  readonly counts: Readonly<Record<Group, number>>;
  /** Milliseconds from reception to end; null where nothing has ended. */
  readonly median: number | null;
  readonly p95: number | null;
}

export interface Summary {
  readonly total: number;
  readonly counts: Readonly<Record<Group, number>>;
  /** Of those that succeeded or failed; null where there are none. */
  readonly successRate: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly buckets: readonly Bucket[];
}

/** @param from epoch ms at which the first bucket may begin. */
export function summarise(
  executions: readonly ExecutionSummary[],
  { bucketMs }: Window,
  from: number,
  to: number,
): Summary {
  const first = Math.floor(from / bucketMs) * bucketMs;
  const count = Math.max(1, Math.ceil((to - first) / bucketMs));
  const parts = Array.from({ length: count }, (): ExecutionSummary[] => []);
  for (const execution of executions) {
    parts[Math.floor((Date.parse(execution.createdAt) - first) / bucketMs)]?.push(execution);
  }
  const counts = countGroups(executions);
  const judged = counts.succeeded + counts.failed;
  return {
    total: executions.length,
    counts,
    successRate: judged === 0 ? null : counts.succeeded / judged,
    ...durations(executions),
    buckets: parts.map((part, index) => ({
      at: first + index * bucketMs,
      counts: countGroups(part),
      ...durations(part),
    })),
  };
}

function countGroups(executions: readonly ExecutionSummary[]): Record<Group, number> {
  const counts = { succeeded: 0, failed: 0, cancelled: 0, unfinished: 0 };
  for (const { status } of executions) counts[GROUP_OF[status]]++;
  return counts;
}

const GROUP_OF: Record<Status, Group> = {
  queued: "unfinished",
  running: "unfinished",
  waiting: "unfinished",
  retrying: "unfinished",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
};

function durations(executions: readonly ExecutionSummary[]): { median: number | null; p95: number | null } {
  const sorted = executions
    .flatMap(({ createdAt, finishedAt }) => (finishedAt ? Date.parse(finishedAt) - Date.parse(createdAt) : []))
    .sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

/** The nearest rank; null for an empty list. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
