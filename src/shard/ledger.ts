/** Where every change of an execution is written: one row, one commit, then memory and those who wait for it. */
import type { Body } from "../protocol/body.ts";
import { isFinished, newProgress, type Progress } from "../protocol/execution.ts";
import type { Plan, PlanText } from "../protocol/plan.ts";
import { nextSequence } from "../protocol/state-id.ts";
import type { Execution, Executions, SourceCall } from "../storage/executions.ts";
import type { Parked } from "../storage/parked.ts";
import type { Plans } from "../storage/plans.ts";
import type { AlarmClock } from "./alarm-clock.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { OpenExecutions } from "./open-executions.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** While anything could be running, an alarm rings at least so often: it wakes the object if it was stopped. */
const WATCHDOG_MS = 30_000;
/** Most unfinished executions of one shard: what its memory holds with room to spare. */
const OPEN_LIMIT = 100_000;

/** A message that is to be taken in. */
export interface Arrival {
  readonly plan: PlanText;
  readonly lane: string | null;
  readonly origin: string;
  readonly input: Body;
  /** The call of a callback that brought it, if none of a trigger did. */
  readonly call?: SourceCall;
}

export type Accepted = Omit<Execution, "input" | "message">;

/** What becomes of an execution; without `message` it keeps the one it has. */
export interface Change {
  readonly progress: Progress;
  readonly message?: Body;
}

export interface LedgerParts {
  readonly executions: Executions;
  readonly plans: Plans;
  readonly parked: Parked;
  readonly commit: GroupCommit;
  readonly open: OpenExecutions;
  readonly clock: AlarmClock;
}

export class Ledger {
  readonly #parts: LedgerParts;
  #lastSequence: number;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.#lastSequence = Math.max(parts.executions.lastSequence(), parts.parked.checkpoint());
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Takes a message in. Resolves with its execution once that is durable, or with null when the shard is full. */
  accept(arrival: Arrival): Promise<Accepted | null> {
    return this.#parts.commit.run(() => this.take(arrival));
  }

  /** The same as part of a write that is under way. */
  take({ plan, lane, origin, input, call }: Arrival): Accepted | null {
    const { executions, plans, open } = this.#parts;
    if (open.size >= OPEN_LIMIT) return null;
    const createdAt = Date.now();
    const planId = plans.intern(plan);
    const sequence = nextSequence(this.#lastSequence, createdAt);
    const execution = { ...newProgress(), sequence, planId, lane, origin, createdAt, call: call ?? null };
    executions.insert(execution, input);
    plans.remember(plan, planId);
    this.#lastSequence = sequence;
    open.add(execution);
    this.arm(createdAt);
    return execution;
  }

  /**
   * Changes an execution if `decide` still wants to when it sees the row: anything can have happened since the caller
   * last looked.
   *
   * @returns the execution as it was, and the change, once durable; null when nothing was changed.
   */
  change(
    sequence: number,
    decide: (execution: Execution, plan: Plan) => Change | null,
  ): Promise<{ before: Execution; change: Change } | null> {
    const { executions, plans, parked, commit, open } = this.#parts;
    return commit.run(() => {
      const before = executions.get(sequence);
      const plan = before && plans.get(before.planId);
      const change = before && plan && decide(before, plan);
      if (!change) return null;
      const { progress, message } = change;
      const over = isFinished(progress);
      const expiresAt = over ? Date.now() + plan.workspace.retentionDays * DAY_MS : null;
      executions.update(sequence, progress, expiresAt, message);
      if (over && open.get(sequence)?.isParked) parked.remove(sequence);
      if (over) open.finish(sequence);
      else if (progress.dueAt !== null) open.postpone(sequence, progress.dueAt);
      else open.resume(sequence);
      this.arm(Date.now());
      return { before, change };
    });
  }

  /** Makes sure of the alarm that the open executions need. */
  arm(now: number): void {
    const { open, clock } = this.#parts;
    const dueAt = open.nextDueAt();
    if (dueAt !== null) clock.arm(dueAt, now);
    if (open.isBusy) clock.arm(now + WATCHDOG_MS, now);
  }
}
