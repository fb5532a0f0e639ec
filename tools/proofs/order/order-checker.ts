/**
 * Decides whether a history keeps what ordered delivery promises (N14, ND7, ND13): every lane's executions reach the
 * target strictly one after another in `seq` order, nothing accepted is lost, nothing comes that was not accepted. An
 * attempt may be repeated with the same idempotency key when the gateway was killed in between, and only then.
 */
import {
  type Acceptance,
  acceptancesOf,
  type History,
  isDelivered,
  requestsOf,
  type TargetRequest,
} from "../../lib/history.ts";

export type Rule =
  /** One message has two executions, two messages share one, or two executions of a lane share a `seq`. */
  | "accepted-twice"
  /** A message was answered before another was sent, and has the higher `seq`. */
  | "arrival"
  | "unaccepted"
  | "lost"
  | "overlap"
  | "order"
  /** A request that neither a failed attempt nor a restart explains. */
  | "repeated"
  /** An execution with two idempotency keys, or two executions with one. */
  | "key";

export interface Violation {
  readonly rule: Rule;
  readonly lane: string | null;
  readonly detail: string;
}

/** All violations of a history; none when it keeps the promises. */
export function checkOrder(history: History): Violation[] {
  const acceptances = acceptancesOf(history);
  const requests = requestsOf(history);
  const laneOf = new Map(acceptances.map(({ executionId, lane }) => [executionId, lane]));
  const kills = history.flatMap(({ kind }, place) => (kind === "killed" ? [place] : []));
  const lanes = Map.groupBy(acceptances, ({ lane }) => lane);
  const requestsByLane = Map.groupBy(requests, ({ executionId }) => laneOf.get(executionId) ?? null);
  return [
    ...checkAcceptances(acceptances),
    ...[...lanes.values()].flatMap(checkArrival),
    ...(requestsByLane.get(null) ?? []).map(({ executionId }) => violation("unaccepted", null, executionId)),
    ...checkDelivery(acceptances, requests),
    ...[...lanes].flatMap(([lane, members]) => checkLane(lane, members, requestsByLane.get(lane) ?? [])),
    ...checkAttempts(requests, laneOf, kills),
  ];
}

/** How often each rule was broken, for a line of a report. */
export function countByRule(violations: readonly Violation[]): Partial<Record<Rule, number>> {
  const groups = Map.groupBy(violations, ({ rule }) => rule);
  return Object.fromEntries([...groups].map(([rule, { length }]) => [rule, length]));
}

const violation = (rule: Rule, lane: string | null, detail: string): Violation => ({ rule, lane, detail });

function checkAcceptances(acceptances: readonly Acceptance[]): Violation[] {
  const found: Violation[] = [];
  const unique = (key: (one: Acceptance) => string, what: string) => {
    const seen = new Set<string>();
    for (const one of acceptances) {
      if (seen.has(key(one))) found.push(violation("accepted-twice", one.lane, `${what} ${key(one)}`));
      seen.add(key(one));
    }
  };
  unique(({ message }) => String(message), "message");
  unique(({ executionId }) => executionId, "execution");
  unique(({ lane, seq }) => `${lane}/${seq}`, "seq");
  return found;
}

/** From the highest `seq` down, the earliest answer so far must not be older than the next one's sending. */
function checkArrival(members: readonly Acceptance[]): Violation[] {
  let earliest: Acceptance | null = null;
  const found: Violation[] = [];
  for (const one of members.toSorted((a, b) => b.seq - a.seq)) {
    if (earliest && earliest.seq > one.seq && earliest.acceptedAt < one.sentAt) {
      found.push(violation("arrival", one.lane, `seq ${earliest.seq} was answered before seq ${one.seq} was sent`));
    }
    if (!earliest || one.acceptedAt < earliest.acceptedAt) earliest = one;
  }
  return found;
}

function checkDelivery(acceptances: readonly Acceptance[], requests: readonly TargetRequest[]): Violation[] {
  const delivered = new Set(requests.filter(isDelivered).map(({ executionId }) => executionId));
  return acceptances
    .filter(({ executionId }) => !delivered.has(executionId))
    .map(({ lane, seq, executionId }) => violation("lost", lane, `seq ${seq} (${executionId})`));
}

function checkLane(lane: string, members: readonly Acceptance[], requests: readonly TargetRequest[]): Violation[] {
  const seqOf = new Map(members.map(({ executionId, seq }) => [executionId, seq]));
  const found: Violation[] = [];
  let [highest, busyUntil] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { executionId, startedAt, endedAt } of requests) {
    const seq = seqOf.get(executionId) ?? Number.NaN;
    if (startedAt < busyUntil)
      found.push(violation("overlap", lane, `seq ${seq} came while another was at the target`));
    if (seq < highest) found.push(violation("order", lane, `seq ${seq} came after seq ${highest}`));
    highest = Math.max(highest, seq);
    busyUntil = Math.max(busyUntil, endedAt);
  }
  return found;
}

function checkAttempts(
  requests: readonly TargetRequest[],
  laneOf: ReadonlyMap<string, string>,
  kills: readonly number[],
): Violation[] {
  const found: Violation[] = [];
  const owners = new Map<string, string>();
  for (const [executionId, own] of Map.groupBy(requests, (request) => request.executionId)) {
    const lane = laneOf.get(executionId) ?? null;
    for (const [index, request] of own.entries()) {
      const { attempt, idempotencyKey } = request;
      const owner = owners.get(idempotencyKey) ?? executionId;
      if (owner !== executionId || idempotencyKey !== own[0]?.idempotencyKey) {
        found.push(violation("key", lane, `${executionId} came with the key ${idempotencyKey}`));
      }
      owners.set(idempotencyKey, owner);
      if (!isExplained(own[index - 1], request, kills)) {
        found.push(violation("repeated", lane, `attempt ${attempt} of ${executionId}`));
      }
    }
  }
  return found;
}

/** Whether an attempt is the first one, the next one after a failure, or one whose result died with the gateway. */
function isExplained(before: TargetRequest | undefined, request: TargetRequest, kills: readonly number[]): boolean {
  if (!before) return request.attempt === 1;
  const wasKilled = kills.some((place) => before.startedAt < place && place < request.startedAt);
  const isNext = request.attempt === before.attempt + 1 && before.endedAt < request.startedAt && !isDelivered(before);
  return isNext || (wasKilled && request.attempt === before.attempt);
}
