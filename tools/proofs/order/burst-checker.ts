/** Decides whether a history keeps what a limit on concurrency promises (N15, ND9): never more at once, each exactly once. */
import { acceptancesOf, type History, isDelivered, mostAtOnce, requestsOf } from "../../lib/history.ts";

export interface BurstViolation {
  readonly rule: "too-many" | "lost" | "repeated" | "unaccepted";
  readonly detail: string;
}

/** @param limit the trigger's `maxConcurrency`. */
export function checkBurst(history: History, limit: number): BurstViolation[] {
  const most = mostAtOnce(history);
  const accepted = acceptancesOf(history).map(({ executionId }) => executionId);
  const requests = Map.groupBy(requestsOf(history), ({ executionId }) => executionId);
  const known = new Set(accepted);
  const found: BurstViolation[] = [];
  if (most > limit) found.push({ rule: "too-many", detail: `${most} at once, and ${limit} are allowed` });
  for (const id of known) {
    if (!requests.get(id)?.some(isDelivered)) found.push({ rule: "lost", detail: id });
  }
  for (const [id, { length }] of requests) {
    if (length > 1) found.push({ rule: "repeated", detail: `${id} came ${length} times` });
    if (!known.has(id)) found.push({ rule: "unaccepted", detail: id });
  }
  return found;
}
