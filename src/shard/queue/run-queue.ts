/**
 * The unfinished executions of a shard, in memory: those that may run, those that wait behind others in a lane, those
 * that wait for a time. It is built again from the rows when the object starts, so nothing here is the only record.
 */
import type { OpenRow } from "../../storage/sql/executions.ts";
import { DueQueue } from "./due-queue.ts";
import { Lane, type LaneStop } from "./lane.ts";
import type { LaneRule } from "./lane-rule.ts";
import { RateLimit } from "./rate-limit.ts";
import { TurnQueue } from "./turn-queue.ts";

interface Entry {
  readonly sequence: number;
  readonly lane: string | null;
  readonly rateLimit: RateLimit | null;
  state: "held" | "ready" | "sending" | "timed";
  /** Its place among the ready ones; 0 when it is not ready. */
  turn: number;
  /** True once it has run: a rate limits starts only. */
  isStarted: boolean;
  dueAt: number | null;
  /** True when its key is in the recovery index. */
  isIndexed: boolean;
}

interface RunQueueContext {
  /** Called when more may run, or when something has become due at another time. */
  readonly onChange: () => void;
  /** Recent starts of a trigger's executions (epoch ms): a rate limit needs them after a restart. */
  readonly startsOf: (trigger: string, withinMs: number) => number[];
}

export class RunQueue {
  readonly #entries = new Map<number, Entry>();
  readonly #lanes = new Map<string, Lane>();
  readonly #rateLimits = new Map<string, RateLimit>();
  readonly #isTurn = (sequence: number, turn: number) => this.#entries.get(sequence)?.turn === turn;
  /** The ready executions; those that wait for a rate are in its own queue. */
  readonly #turns = new TurnQueue(this.#isTurn);
  #lastTurn = 0;
  #ready = 0;
  readonly #due = new DueQueue(({ sequence, at }) => {
    const entry = this.#entries.get(sequence);
    return entry?.state === "timed" && entry.dueAt === at;
  });
  readonly #context: RunQueueContext;
  #sending = 0;

  constructor({ onChange = () => undefined, startsOf = () => [] }: Partial<RunQueueContext> = {}) {
    this.#context = { onChange, startsOf };
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The key of the oldest execution; null without one. */
  get oldest(): number | null {
    let oldest: number | null = null;
    for (const sequence of this.#entries.keys()) if (oldest === null || sequence < oldest) oldest = sequence;
    return oldest;
  }

  /** True while anything could be running: an object that is stopped now has to be woken. */
  get isBusy(): boolean {
    return this.#ready + this.#sending > 0;
  }

  get(sequence: number): Readonly<Entry> | undefined {
    return this.#entries.get(sequence);
  }

  lanes(): ReadonlyMap<string, Readonly<Lane>> {
    return this.#lanes;
  }

  /** The stop of a lane; a lane without members has none. */
  stopOf(name: string): LaneStop {
    return this.#lanes.get(name)?.stop ?? { blocked: null, isPaused: false };
  }

  /**
   * Adds an execution, in the order of arrival within its lane.
   *
   * @param isRetry it had ended and runs again, before all that wait in its lane.
   */
  add({ sequence, lane: name, status, dueAt }: OpenRow, rule: LaneRule, isRetry = false): void {
    const entry: Entry = {
      sequence,
      lane: name,
      rateLimit: rule.rate && this.#rateLimit(rule.rate, isRetry),
      state: "held",
      turn: 0,
      isStarted: status !== "queued",
      dueAt: null,
      isIndexed: false,
    };
    this.#entries.set(sequence, entry);
    const lane = name === null ? null : this.#lane(name, rule.width);
    // The rule of a retried execution may be out of date.
    if (lane && !isRetry) lane.width = rule.width;
    lane?.join(sequence);
    if (status === "waiting" || status === "retrying") this.#postpone(entry, dueAt ?? 0);
    else if (status === "queued") this.#place(entry);
    else this.#goOn(entry);
    this.#context.onChange();
  }

  /** Stops a lane or lets it go on. */
  setStop(name: string, stop: LaneStop): void {
    const lane = this.#lane(name);
    this.#stop(lane, stop);
    this.#advance(name, lane);
    this.#context.onChange();
  }

  /** The first execution of all that may run; it counts as sending until its state changes again. */
  takeReady(now: number): number | undefined {
    let turns = this.#turns;
    let next = turns.first;
    for (const rateLimit of this.#rateLimits.values()) {
      const first = rateLimit.nextStartAt() > now ? undefined : rateLimit.turns.first;
      if (!first || (next && next.turn < first.turn)) continue;
      turns = rateLimit.turns;
      next = first;
    }
    const entry = next && this.#entries.get(next.sequence);
    if (!entry) return undefined;
    if (!entry.isStarted) entry.rateLimit?.start(now);
    turns.shift();
    this.#enter(entry, "sending");
    return entry.sequence;
  }

  /** The time at which a rate lets the next execution start, epoch ms; null when none waits for that. */
  nextStartAt(): number | null {
    let next: number | null = null;
    for (const rateLimit of this.#rateLimits.values()) {
      if (!rateLimit.turns.first) continue;
      const at = rateLimit.nextStartAt();
      if (next === null || at < next) next = at;
    }
    return next;
  }

  /** The execution runs on, with its next step or attempt, as soon as it has a place in its lane. */
  resume(sequence: number): void {
    const entry = this.#entries.get(sequence);
    if (!entry) return;
    this.#goOn(entry);
    this.#context.onChange();
  }

  /** The execution does nothing before `at` (epoch ms) unless a callback comes. */
  postpone(sequence: number, at: number): void {
    const entry = this.#entries.get(sequence);
    if (!entry) return;
    this.#postpone(entry, at);
    this.#context.onChange();
  }

  /** Removes an execution that has ended; the next one of its lane may run unless `stop` says otherwise. */
  finish(sequence: number, stop?: LaneStop): void {
    const entry = this.#entries.get(sequence);
    if (!entry) return;
    this.#enter(entry, "held");
    this.#entries.delete(sequence);
    const lane = entry.lane === null ? undefined : this.#lanes.get(entry.lane);
    if (lane && entry.lane !== null) {
      lane.leave(sequence);
      if (stop) this.#stop(lane, stop);
      this.#advance(entry.lane, lane);
    }
    this.#context.onChange();
  }

  /** Executions that are due by `now` (epoch ms); they stay timed until they are resumed or finished. */
  takeDue(now: number): number[] {
    return this.#due.take(now);
  }

  /** The time at which the next execution is due, epoch ms. */
  nextDueAt(): number | null {
    return this.#due.first?.at ?? null;
  }

  /** Executions with keys below `sequence` that are not in the recovery index, oldest first. */
  unindexedBefore(sequence: number): number[] {
    const found: number[] = [];
    for (const entry of this.#entries.values()) {
      if (!entry.isIndexed && entry.sequence < sequence) found.push(entry.sequence);
    }
    return found.sort((a, b) => a - b);
  }

  markIndexed(sequence: number): void {
    const entry = this.#entries.get(sequence);
    if (entry) entry.isIndexed = true;
  }

  #lane(name: string, width = 1): Lane {
    const known = this.#lanes.get(name) ?? new Lane(width);
    this.#lanes.set(name, known);
    return known;
  }

  /** Sets the stop of a lane. Members that are about to start give their places back: nothing of them has been sent. */
  #stop(lane: Lane, stop: LaneStop): void {
    lane.stop = stop;
    if (!stop.isPaused && !stop.blocked) return;
    for (const sequence of [...lane.active]) {
      const entry = this.#entries.get(sequence);
      if (entry?.state !== "ready" || entry.isStarted) continue;
      this.#enter(entry, "held");
      lane.deactivate(sequence);
    }
  }

  /** Starts as many members of a lane as it lets run. */
  #advance(name: string, lane: Lane): void {
    for (let next = lane.admit(); next !== undefined; next = lane.admit()) {
      const entry = this.#entries.get(next);
      // One that waits for a time gets its place, and goes on when that has come.
      if (entry?.state === "held") this.#enter(entry, "ready");
    }
    if (lane.isForgettable) this.#lanes.delete(name);
  }

  /** An execution that has begun runs, once it has a place in its lane. */
  #goOn(entry: Entry): void {
    this.#enter(entry, "held");
    this.#begin(entry);
    this.#place(entry);
  }

  /** An execution that has begun waits for a time; until then it holds a place in its lane, if there is one. */
  #postpone(entry: Entry, at: number): void {
    this.#enter(entry, "timed", at);
    this.#begin(entry);
    this.#due.push({ sequence: entry.sequence, at });
    if (entry.lane !== null) this.#advance(entry.lane, this.#lane(entry.lane));
  }

  #begin(entry: Entry): void {
    entry.isStarted = true;
    if (entry.lane !== null) this.#lane(entry.lane).begin(entry.sequence);
  }

  /** A held execution becomes ready, at once where it has a place or needs none. */
  #place(entry: Entry): void {
    const lane = entry.lane === null ? null : this.#lane(entry.lane);
    if (lane && entry.lane !== null && !lane.active.has(entry.sequence)) this.#advance(entry.lane, lane);
    else this.#enter(entry, "ready");
  }

  #rateLimit(rate: NonNullable<LaneRule["rate"]>, isRetry: boolean): RateLimit {
    const known = this.#rateLimits.get(rate.trigger);
    if (known) {
      if (!isRetry) Object.assign(known, { limit: rate.limit, perMs: rate.perMs });
      return known;
    }
    const starts = this.#context.startsOf(rate.trigger, rate.perMs);
    const rateLimit = new RateLimit(rate.limit, rate.perMs, new TurnQueue(this.#isTurn), starts);
    this.#rateLimits.set(rate.trigger, rateLimit);
    return rateLimit;
  }

  #enter(entry: Entry, state: Entry["state"], dueAt: number | null = null): void {
    const { rateLimit } = entry;
    if (entry.state === "sending") this.#sending--;
    if (entry.state === "ready") {
      this.#ready--;
      entry.turn = 0;
    }
    if (state === "sending") {
      this.#sending++;
      entry.isStarted = true;
    }
    if (state === "ready") {
      this.#ready++;
      entry.turn = ++this.#lastTurn;
      const turns = rateLimit && !entry.isStarted ? rateLimit.turns : this.#turns;
      turns.push(entry.turn, entry.sequence);
    }
    entry.state = state;
    entry.dueAt = dueAt;
  }
}
