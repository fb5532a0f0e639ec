import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Gateway, startGateway } from "../../../tools/lib/gateway.ts";
import type { Event, History } from "../../../tools/lib/history.ts";
import { proveBurst } from "../../../tools/proofs/order/burst-proof.ts";
import { checkOrder, countByRule } from "../../../tools/proofs/order/order-checker.ts";
import { type OrderProof, proveOrder } from "../../../tools/proofs/order/order-proof.ts";

/** The small versions of `npm run proof:order` and `npm run proof:burst`. */
const load = { seed: 4, messages: 400, lanes: 5, senders: 20 };
const shared = inject("gateway");

describe("order under load, with a SIGKILL in the middle", () => {
  let gateway: Gateway;
  let proof: OrderProof;
  beforeAll(async () => {
    gateway = await startGateway();
    proof = await proveOrder({ ...load, gateway, restarts: 1 });
  }, 120_000);
  afterAll(() => gateway?.stop());

  it("every lane's executions come one after another in seq order, nothing is lost or taken in twice (N14 ND7 ND13)", () => {
    expect(proof.violations).toEqual([]);
    expect(proof.sent.executionIds.size).toBe(load.messages);
    expect(proof.delivered).toBe(load.messages);
    expect(proof.mostAtOnce).toBeLessThanOrEqual(load.lanes);
    expect(proof.failed).toBeGreaterThan(0);
    expect(proof.sent.cutOff).toBeGreaterThan(0);
  });

  it("the same history with two executions swapped, overlapping or one dropped does not pass (N14 ND7)", () => {
    const { history } = proof;
    const [first, second] = neighbours(history);
    const swapped = history.map((event) =>
      event.kind === "started" && event.executionId === first
        ? { ...event, executionId: second, idempotencyKey: `${second}.0` }
        : event.kind === "started" && event.executionId === second
          ? { ...event, executionId: first, idempotencyKey: `${first}.0` }
          : event,
    );
    expect(countByRule(checkOrder(swapped))).toMatchObject({ order: expect.any(Number) });
    const requests = requestsFor(history, first);
    const later = history.findIndex((event) => event.kind === "started" && event.executionId === second);
    const overlapping = history.toSpliced(later + 1, 0, ...history.filter((event) => isEndOf(event, requests)));
    const without = overlapping.filter((event, place) => place > later || !isEndOf(event, requests));
    expect(countByRule(checkOrder(without))).toMatchObject({ overlap: expect.any(Number) });
    const dropped = history.filter(
      (event) => !isEndOf(event, requests) && !(event.kind === "started" && event.executionId === first),
    );
    expect(countByRule(checkOrder(dropped))).toEqual({ lost: 1 });
  });
});

describe("runs that must not pass", () => {
  it("the checker finds that a trigger without ordered delivery does not keep the order (N14 ND7)", async () => {
    const { violations, delivered } = await proveOrder({ ...load, gateway: shared, restarts: 0, ordered: false });
    const { overlap, order, lost } = countByRule(violations);
    expect(delivered).toBe(load.messages);
    expect(overlap).toBeGreaterThan(0);
    expect(order).toBeGreaterThan(0);
    expect(lost).toBeUndefined();
  }, 60_000);

  it("a burst passes for the limit that the trigger has, and not for a lower one (N15 ND9)", async () => {
    const burst = { gateway: shared, seed: load.seed, messages: 300, senders: 50 };
    expect((await proveBurst({ ...burst, limit: 5 })).violations).toEqual([]);
    expect((await proveBurst({ ...burst, limit: 5, maxConcurrency: 8 })).violations).toMatchObject([
      { rule: "too-many" },
    ]);
  }, 60_000);
});

/** Two executions of one lane that came directly one after the other, each in one attempt. */
function neighbours(history: History): [string, string] {
  const laneOf = new Map(
    history.flatMap((event) => (event.kind === "accepted" ? [[event.executionId, event.lane]] : [])),
  );
  const started = history.flatMap((event) => (event.kind === "started" ? [event.executionId] : []));
  const lane = started.filter((id) => laneOf.get(id) === laneOf.get(started[0] ?? ""));
  const isSingle = (id: string | undefined) => lane.filter((other) => other === id).length === 1;
  const at = lane.findIndex((id, place) => isSingle(id) && isSingle(lane[place + 1]));
  return [lane[at] ?? "", lane[at + 1] ?? ""];
}

function requestsFor(history: History, executionId: string): Set<number> {
  return new Set(
    history.flatMap((event) => (event.kind === "started" && event.executionId === executionId ? [event.request] : [])),
  );
}

const isEndOf = (event: Event, requests: ReadonlySet<number>) => event.kind === "ended" && requests.has(event.request);
