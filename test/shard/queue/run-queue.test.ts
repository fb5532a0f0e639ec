import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RunQueue } from "../../../src/shard/queue/run-queue.ts";

const LANES = { one: 1, two: 2 } as const;
type LaneName = keyof typeof LANES;
const GOES_ON = { blocked: null, isPaused: false };

/** An execution as its row says, and what the target has seen of it. */
interface Modelled {
  readonly sequence: number;
  readonly lane: LaneName | null;
  readonly isRated: boolean;
  row: "queued" | "running" | "waiting" | "over";
  /** A request of it was sent, in this life of the object or an earlier one. */
  hasBegun: boolean;
  isSending: boolean;
  isRetried: boolean;
}

/** Drives a run queue as a shard does, and holds it against the laws of lanes and rates. */
class Model {
  readonly all: Modelled[] = [];
  readonly stops = new Map<LaneName, { blockedBy: number | null; isPaused: boolean }>();
  readonly starts: number[] = [];
  queue = new RunQueue();
  now = 1_000;

  arrive(lane: LaneName | null): void {
    const one = { sequence: this.all.length + 1, lane, isRated: lane !== "one", row: "queued" as const };
    this.all.push({ ...one, hasBegun: false, isSending: false, isRetried: false });
    this.#add(this.at(one.sequence));
  }

  take(): void {
    const sequence = this.queue.takeReady(this.now);
    if (sequence === undefined) return;
    const one = this.at(sequence);
    expect(one.isSending, "an attempt is not sent twice at a time").toBe(false);
    expect(one.row).not.toBe("over");
    if (one.lane !== null) {
      const others = this.all.filter((other) => other.lane === one.lane && other.isSending);
      expect(others.length, "a lane sends no more at a time than its width").toBeLessThan(LANES[one.lane]);
      const stop = this.stops.get(one.lane);
      if (!one.hasBegun) expect(stop?.isPaused ?? false, "a paused lane starts nothing").toBe(false);
      expect(stop?.blockedBy ?? null, "a blocked lane sends nothing").toBe(null);
      // A retried execution takes its place behind those that got theirs while it was over.
      const isBefore = (other: Modelled) => other.sequence < sequence && !other.hasBegun && !other.isRetried;
      const earlier = this.all.find((other) => other.lane === one.lane && other.row !== "over" && isBefore(other));
      if (!one.hasBegun) expect(earlier, "a lane starts in order of arrival").toBeUndefined();
    }
    if (one.isRated && one.row === "queued") this.starts.push(this.now);
    one.isSending = true;
    one.hasBegun = true;
  }

  /** A step ends, by its reply or by a callback, whatever the queue thinks of the execution. */
  goOn(one: Modelled): void {
    Object.assign(one, { row: "running", isSending: false });
    this.queue.resume(one.sequence);
  }

  wait(one: Modelled): void {
    if (!one.isSending) return;
    Object.assign(one, { row: "waiting", isSending: false });
    this.queue.postpone(one.sequence, this.now + 50);
  }

  pass(ms: number): void {
    this.now += ms;
    for (const sequence of this.queue.takeDue(this.now)) this.goOn(this.at(sequence));
  }

  finish(one: Modelled, isBlocking: boolean): void {
    Object.assign(one, { row: "over", isSending: false });
    const stop = one.lane === "one" && isBlocking ? { ...this.stopOf(one.lane), blockedBy: one.sequence } : null;
    if (one.lane === "one" && stop) this.stops.set(one.lane, stop);
    this.queue.finish(one.sequence, stop ? this.#laneStop(stop) : undefined);
  }

  /** A failed execution runs again; where it blocks its lane, the lane goes on with it. */
  retry(one: Modelled): void {
    if (one.row !== "over") return;
    Object.assign(one, { row: "queued", hasBegun: false, isRetried: true });
    this.#add(one, true);
    if (one.lane !== null && this.stopOf(one.lane).blockedBy === one.sequence)
      this.setStop(one.lane, { blockedBy: null });
  }

  setStop(lane: LaneName, change: Partial<{ blockedBy: number | null; isPaused: boolean }>): void {
    const stop = { ...this.stopOf(lane), ...change };
    this.stops.set(lane, stop);
    this.queue.setStop(lane, this.#laneStop(stop));
  }

  /** The object starts anew: requests in flight are gone, and their rows say nothing of them. */
  restart(): void {
    const starts = this.starts.filter((at) => at > this.now - RATE.perMs);
    this.queue = new RunQueue({ startsOf: () => starts });
    for (const [lane, stop] of this.stops) this.queue.setStop(lane, this.#laneStop(stop));
    const open = this.all.filter(({ row }) => row !== "over");
    for (const one of open) Object.assign(one, { isSending: false, hasBegun: one.hasBegun && one.row !== "queued" });
    for (const one of open.toSorted((a, b) => Number(a.row === "queued") - Number(b.row === "queued"))) this.#add(one);
  }

  /** Nothing is stopped any more, and everything that runs succeeds. */
  drain(): void {
    for (const lane of this.stops.keys()) this.setStop(lane, { blockedBy: null, isPaused: false });
    for (let turn = 0; turn < 20 * this.all.length + 20; turn++) {
      this.take();
      for (const one of this.all) if (one.isSending) this.finish(one, false);
      this.pass(RATE.perMs);
    }
  }

  at(sequence: number): Modelled {
    const one = this.all[sequence - 1];
    if (!one) throw new Error("no such execution");
    return one;
  }

  stopOf(lane: LaneName) {
    return this.stops.get(lane) ?? { blockedBy: null, isPaused: false };
  }

  #laneStop({ blockedBy, isPaused }: { blockedBy: number | null; isPaused: boolean }) {
    return { blocked: blockedBy === null ? null : { by: blockedBy, at: this.now }, isPaused };
  }

  #add({ sequence, lane, isRated, row }: Modelled, isRetry = false): void {
    const rule = { width: lane === null ? Number.POSITIVE_INFINITY : LANES[lane], rate: isRated ? RATE : null };
    const status = row === "over" ? "queued" : row;
    const dueAt = row === "waiting" ? this.now + 50 : null;
    this.queue.add({ sequence, lane, snapshotId: 1, status, dueAt }, rule, isRetry);
  }
}

const RATE = { trigger: "t", limit: 3, perMs: 100 };

const lane = fc.constantFrom<LaneName | null>("one", "two", null);
const stopped = fc.constantFrom<LaneName>("one", "two");
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("arrive" as const), lane }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("take" as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("go on" as const, "wait" as const), of: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("finish" as const), of: fc.nat(), isBlocking: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("retry" as const), of: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(80) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("pause" as const, "release" as const), lane: stopped }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

describe("the run queue", () => {
  it("against a model: lanes hold their width and order, a stopped lane starts nothing, and all ends (ND7 ND8 ND9 ND17)", () => {
    let steps = 0;
    const law = fc.property(fc.array(action, { maxLength: 80, size: "max" }), (actions) => {
      const model = new Model();
      for (const one of actions) {
        steps++;
        const open = model.all.filter(({ row }) => row !== "over");
        const of = "of" in one ? open[one.of % Math.max(open.length, 1)] : undefined;
        if (one.do === "arrive") model.arrive(one.lane);
        else if (one.do === "take") model.take();
        else if (one.do === "pass") model.pass(one.ms);
        else if (one.do === "restart") model.restart();
        else if (one.do === "pause") model.setStop(one.lane, { isPaused: true });
        else if (one.do === "release") model.setStop(one.lane, { blockedBy: null, isPaused: false });
        else if (one.do === "retry") {
          const over = model.all.filter(({ row }) => row === "over");
          const again = over[one.of % Math.max(over.length, 1)];
          if (again) model.retry(again);
        } else if (of?.hasBegun || (of && one.do === "go on")) {
          // A callback may come for an execution that a restarted object has not sent yet.
          if (one.do === "go on") model.goOn(Object.assign(of, { hasBegun: true }));
          else if (one.do === "wait") model.wait(of);
          else if (one.do === "finish" && of.isSending) model.finish(of, one.isBlocking);
        }
      }
      model.drain();
      expect(model.all.filter(({ row }) => row !== "over")).toEqual([]);
      expect([model.queue.size, model.queue.isBusy, model.queue.nextDueAt()]).toEqual([0, false, null]);
      for (const [n, start] of model.starts.entries()) {
        const within = model.starts.slice(n).filter((other) => other < start + RATE.perMs);
        expect(within.length, "a rate holds for every span").toBeLessThanOrEqual(RATE.limit);
      }
    });
    fc.assert(law, { numRuns: 600 });
    expect(steps).toBeGreaterThan(10_000);
  });

  it("serves all that may start in one order of turn: a generous rate starves nobody (S3)", () => {
    const queue = new RunQueue();
    const rated = { width: Number.POSITIVE_INFINITY, rate: { trigger: "t", limit: 1_000, perMs: 1 } };
    const free = { width: Number.POSITIVE_INFINITY, rate: null };
    const row = { lane: null, snapshotId: 1, status: "queued" as const, dueAt: null };
    for (let sequence = 1; sequence <= 6; sequence++) queue.add({ ...row, sequence }, sequence === 2 ? free : rated);
    const order = Array.from({ length: 6 }, () => queue.takeReady(0));
    expect(order).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("counts operators' retries as starts of a rate (S3)", () => {
    const queue = new RunQueue();
    const rule = { width: Number.POSITIVE_INFINITY, rate: { trigger: "t", limit: 2, perMs: 100 } };
    for (const sequence of [1, 2, 3]) {
      queue.add({ sequence, lane: null, snapshotId: 1, status: "queued", dueAt: null }, rule, true);
    }
    expect([queue.takeReady(0), queue.takeReady(0), queue.takeReady(0)]).toEqual([1, 2, undefined]);
    expect(queue.takeReady(100)).toBe(3);
  });

  it("an execution whose callback comes when it is held behind another waits for its place in the lane (ND7)", () => {
    const queue = new RunQueue();
    const rule = { width: 1, rate: null };
    for (const sequence of [1, 2]) {
      queue.add({ sequence, lane: "a", snapshotId: 1, status: "queued", dueAt: null }, rule);
    }
    expect(queue.takeReady(0)).toBe(1);
    queue.resume(2);
    expect(queue.takeReady(0)).toBeUndefined();
    queue.setStop("a", { ...GOES_ON, isPaused: true });
    queue.finish(1);
    expect([queue.takeReady(0), queue.takeReady(0)]).toEqual([2, undefined]);
  });
});
