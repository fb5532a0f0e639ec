/**
 * The unfinished executions of a shard, in memory: which may run now, which stand behind another one in a lane, which
 * wait for a time. It is rebuilt from the rows when the object starts, so nothing here is ever the only record.
 */
import TinyQueue from "tinyqueue";
import type { OpenRow } from "../storage/executions.ts";

interface Open {
  readonly sequence: number;
  readonly lane: string | null;
  state: "held" | "ready" | "sending" | "timed";
  dueAt: number | null;
  isParked: boolean;
}

interface Due {
  readonly sequence: number;
  readonly at: number;
}

export class OpenExecutions {
  readonly #open = new Map<number, Open>();
  /** Members of each lane in order; the first one is its head. A Set keeps that order and forgets cheaply. */
  readonly #lanes = new Map<string, Set<number>>();
  readonly #ready = new Set<number>();
  /** Entries may be out of date: one counts only while its execution still has that time. */
  readonly #due = new TinyQueue<Due>([], (a, b) => a.at - b.at);
  #sending = 0;

  get size(): number {
    return this.#open.size;
  }

  /** Whether anything could be running: an object that stopped now would have to be woken. */
  get isBusy(): boolean {
    return this.#ready.size + this.#sending > 0;
  }

  get(sequence: number): Readonly<Open> | undefined {
    return this.#open.get(sequence);
  }

  /** Takes up an execution, in the order of arrival within its lane. */
  add({ sequence, lane, status, dueAt }: OpenRow, isParked = false): void {
    this.#open.set(sequence, { sequence, lane, state: "held", dueAt: null, isParked });
    if (lane !== null) {
      const members = this.#lanes.get(lane);
      if (members) members.add(sequence);
      else this.#lanes.set(lane, new Set([sequence]));
    }
    if (status === "waiting" || status === "retrying") this.postpone(sequence, dueAt ?? 0);
    else this.#release(sequence);
  }

  /** The next execution that may run; it counts as sending until it is told otherwise. */
  takeReady(): number | undefined {
    const [sequence] = this.#ready;
    if (sequence !== undefined) this.#enter(sequence, "sending");
    return sequence;
  }

  /** The execution runs on (its next step, or again after a wait). */
  resume(sequence: number): void {
    this.#enter(sequence, "ready");
  }

  /** The execution does nothing before `at` (epoch ms) unless a callback comes. */
  postpone(sequence: number, at: number): void {
    this.#enter(sequence, "timed", at);
    this.#due.push({ sequence, at });
  }

  /** The execution is over; the next one of its lane may run. */
  finish(sequence: number): void {
    const entry = this.#open.get(sequence);
    if (!entry) return;
    this.#enter(sequence, "held");
    this.#open.delete(sequence);
    if (entry.lane === null) return;
    const members = this.#lanes.get(entry.lane);
    members?.delete(sequence);
    const [head] = members ?? [];
    if (head === undefined) this.#lanes.delete(entry.lane);
    else this.#release(head);
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

  #release(sequence: number): void {
    const entry = this.#open.get(sequence);
    if (entry?.state !== "held") return;
    const [head] = entry.lane === null ? [sequence] : (this.#lanes.get(entry.lane) ?? []);
    if (head === sequence) this.#enter(sequence, "ready");
  }

  #enter(sequence: number, state: Open["state"], dueAt: number | null = null): void {
    const entry = this.#open.get(sequence);
    if (!entry) return;
    if (entry.state === "sending") this.#sending--;
    if (entry.state === "ready") this.#ready.delete(sequence);
    if (state === "sending") this.#sending++;
    if (state === "ready") this.#ready.add(sequence);
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
