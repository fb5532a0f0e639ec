/**
 * The unfinished executions of a shard, in memory: which may run now, which stand behind others in a lane, which wait
 * for a time. It is rebuilt from the rows when the object starts, so nothing here is ever the only record.
 */
import TinyQueue from "tinyqueue";
import type { OpenRow } from "../../storage/sql/executions.ts";
import { Lane } from "./lane.ts";
import { OrderedSet } from "./ordered-set.ts";
import { RateLimit } from "./rate-limit.ts";

/** What a trigger says of the executions beside each other; from their snapshot. */
export interface LaneRule {
  /** Members of the lane at work at a time; 1 for ordered delivery. */
  readonly width: number;
  /** Starts of the trigger as a whole. */
  readonly rate: { readonly trigger: string; readonly limit: number; readonly perMs: number } | null;
}

interface Open {
  readonly sequence: number;
  readonly lane: string | null;
  readonly rateLimit: RateLimit | null;
  state: "held" | "ready" | "sending" | "timed";
  /** Its place among those that may run, while it is ready. */
  turn: number;
  /** Whether it has been at work before: a rate counts starts. */
  isStarted: boolean;
  dueAt: number | null;
  isParked: boolean;
}

interface Due {
  readonly sequence: number;
  readonly at: number;
}

export class RunQueue {
  readonly #open = new Map<number, Open>();
  readonly #lanes = new Map<string, Lane>();
  readonly #rateLimits = new Map<string, RateLimit>();
  /** The ready ones by their turns, which count up; those that a rateLimit holds back stand in its own line. */
  readonly #turns = new Map<number, Open>();
  readonly #ready = new OrderedSet();
  #lastTurn = 0;
  /** Entries may be out of date: one counts only while its execution still has that time. */
  readonly #due = new TinyQueue<Due>([], (a, b) => a.at - b.at);
  readonly #startsOf: (trigger: string, withinMs: number) => number[];
  #sending = 0;

  /** @param startsOf when a trigger's executions were started lately (epoch ms): a rate has to know after a restart. */
  constructor(startsOf: (trigger: string, withinMs: number) => number[] = () => []) {
    this.#startsOf = startsOf;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The key of the oldest open execution; null without one. */
  get oldest(): number | null {
    let oldest: number | null = null;
    for (const sequence of this.#open.keys()) if (oldest === null || sequence < oldest) oldest = sequence;
    return oldest;
  }

  /** Whether anything could be running: an object that stopped now would have to be woken. */
  get isBusy(): boolean {
    return this.#ready.size + this.#sending > 0;
  }

  get(sequence: number): Readonly<Open> | undefined {
    return this.#open.get(sequence);
  }

  lanes(): ReadonlyMap<string, Lane> {
    return this.#lanes;
  }

  /** The lane of that name, made if need be. */
  lane(name: string, width = 1): Lane {
    const known = this.#lanes.get(name) ?? new Lane(width);
    this.#lanes.set(name, known);
    return known;
  }

  /**
   * Takes up an execution, in the order of arrival within its lane.
   *
   * @param isAgain it was over and is tried again, before all that wait in its lane.
   */
  add({ sequence, lane: name, status, dueAt }: OpenRow, rule: LaneRule, isAgain = false): void {
    const rateLimit = rule.rate && this.#rateLimit(rule.rate, isAgain);
    const isStarted = isAgain || status !== "queued";
    const entry: Open = {
      sequence,
      lane: name,
      rateLimit,
      state: "held",
      turn: 0,
      isStarted,
      dueAt: null,
      isParked: false,
    };
    this.#open.set(sequence, entry);
    const lane = name === null ? null : this.lane(name, rule.width);
    // What is tried again may stand for a rule of long ago.
    if (lane && !isAgain) lane.width = rule.width;
    lane?.join(sequence);
    if (status !== "queued") lane?.admitAt(sequence);
    if (status === "waiting" || status === "retrying") this.postpone(sequence, dueAt ?? 0);
    else if (lane && status === "queued") this.advance(name ?? "");
    else this.#enter(entry, "ready");
  }

  /** Lets members of a lane go to work, as many as may. */
  advance(name: string): void {
    const lane = this.#lanes.get(name);
    for (let next = lane?.admit(); next !== undefined; next = lane?.admit()) {
      const entry = this.#open.get(next);
      if (entry) this.#enter(entry, "ready");
    }
    if (lane?.isForgettable) this.#lanes.delete(name);
  }

  /** The next execution that may run; it counts as sending until it is told otherwise. */
  takeReady(now: number): number | undefined {
    for (const rateLimit of this.#rateLimits.values()) {
      const turn = rateLimit.take(now);
      if (turn !== undefined) return this.#begin(turn);
    }
    const turn = this.#ready.shift();
    return turn === undefined ? undefined : this.#begin(turn);
  }

  #begin(turn: number): number | undefined {
    const entry = this.#turns.get(turn);
    if (entry) this.#enter(entry, "sending");
    return entry?.sequence;
  }

  /** When a rate lets the next execution start, epoch ms; null when none waits for that. */
  nextStartAt(): number | null {
    const times = [...this.#rateLimits.values()].filter(({ ready }) => ready.size > 0).map((one) => one.nextStartAt());
    return times.length > 0 ? Math.min(...times) : null;
  }

  /** The execution runs on (its next step, or again after a wait). */
  resume(sequence: number): void {
    const entry = this.#open.get(sequence);
    if (entry) this.#enter(entry, "ready");
  }

  /** The execution does nothing before `at` (epoch ms) unless a callback comes. */
  postpone(sequence: number, at: number): void {
    const entry = this.#open.get(sequence);
    if (!entry) return;
    this.#enter(entry, "timed", at);
    this.#due.push({ sequence, at });
  }

  /** The execution is over; the next one of its lane may run, unless the lane is `blocked` by it. */
  finish(sequence: number, blockedAt: number | null = null): void {
    const entry = this.#open.get(sequence);
    if (!entry) return;
    this.#enter(entry, "held");
    this.#open.delete(sequence);
    const lane = entry.lane === null ? undefined : this.#lanes.get(entry.lane);
    if (!lane || entry.lane === null) return;
    lane.leave(sequence);
    if (blockedAt !== null) lane.blocked = { by: sequence, at: blockedAt };
    this.advance(entry.lane);
  }

  /** Executions whose time has come, by `now` in epoch ms; they stay timed until they are resumed or finished. */
  takeDue(now: number): number[] {
    const taken: number[] = [];
    for (let next = this.#peekDue(); next && next.at <= now; next = this.#peekDue()) {
      this.#due.pop();
      taken.push(next.sequence);
    }
    return taken;
  }

  /** When the next execution is due, epoch ms. */
  nextDueAt(): number | null {
    return this.#peekDue()?.at ?? null;
  }

  /** Open executions with keys below `sequence` that are not parked, oldest first. */
  unparkedBefore(sequence: number): number[] {
    const found: number[] = [];
    for (const entry of this.#open.values()) {
      if (!entry.isParked && entry.sequence < sequence) found.push(entry.sequence);
    }
    return found.sort((a, b) => a - b);
  }

  markParked(sequence: number): void {
    const entry = this.#open.get(sequence);
    if (entry) entry.isParked = true;
  }

  #rateLimit(rate: NonNullable<LaneRule["rate"]>, isAgain: boolean): RateLimit {
    const known = this.#rateLimits.get(rate.trigger);
    if (known) {
      if (!isAgain) Object.assign(known, { limit: rate.limit, perMs: rate.perMs });
      return known;
    }
    const rateLimit = new RateLimit(rate.limit, rate.perMs, this.#startsOf(rate.trigger, rate.perMs));
    this.#rateLimits.set(rate.trigger, rateLimit);
    return rateLimit;
  }

  #enter(entry: Open, state: Open["state"], dueAt: number | null = null): void {
    const { rateLimit } = entry;
    if (entry.state === "sending") this.#sending--;
    if (entry.state === "ready") {
      this.#turns.delete(entry.turn);
      this.#ready.delete(entry.turn);
      rateLimit?.ready.delete(entry.turn);
    }
    if (state === "sending") {
      this.#sending++;
      entry.isStarted = true;
    }
    if (state === "ready") {
      entry.turn = ++this.#lastTurn;
      this.#turns.set(entry.turn, entry);
      (rateLimit && !entry.isStarted ? rateLimit.ready : this.#ready).add(entry.turn);
    }
    entry.state = state;
    entry.dueAt = dueAt;
  }

  #peekDue(): Due | undefined {
    for (;;) {
      const next = this.#due.peek();
      const entry = next && this.#open.get(next.sequence);
      if (!next || (entry?.state === "timed" && entry.dueAt === next.at)) return next;
      this.#due.pop();
    }
  }
}
