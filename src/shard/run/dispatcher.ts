/**
 * Runs what may run, a limited number at a time. Nothing is written before a request is sent: after a crash in between it
 * is sent again, with the same idempotency key.
 */
import { isFinished } from "../../core/execution/execution.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import { traitsOf } from "../../core/execution/step-types.ts";
import type { OwnedBodies } from "../../storage/bodies/owned-bodies.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { Queries } from "../queries.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import { applyAttempt, applyEnding } from "../results/attempt-result.ts";
import { noteLate } from "../results/waiting.ts";
import type { Timeouts } from "../send/timeouts.ts";
import type { Transitions } from "../write/transitions.ts";
import type { StepRunner } from "./step-runner.ts";
import { type Attempt, bodyOf } from "./steps/attempt.ts";

/** Attempts at a time, so that arrivals get their turn. */
const RUNNING = 16;
/** An attempt that takes longer gives its place to another: it waits for its target and costs nothing meanwhile. */
const SLOW_MS = 250;
/** Attempts at a time, slow ones included. */
const RUNNING_WITH_SLOW = 128;
/** Longer waits for a rate are left to the alarm. */
const LONGEST_TIMER_MS = 30_000;
/** Waits before a step runs again that the gateway itself failed to run. */
const OWN_RETRY_SECONDS = [1, 5, 30, 120];
/** First and longest pause of an execution of which nothing can be written; each further one is twice as long. */
export const AFTER_BUG_MS = 5_000;
const LONGEST_AFTER_BUG_MS = 60 * 60_000;

interface DispatcherParts {
  readonly queue: RunQueue;
  readonly timeouts: Timeouts;
  readonly queries: Queries;
  readonly runner: StepRunner;
  readonly transitions: Transitions;
  /** Logs and counts an attempt that took `ms`. */
  readonly observe: (execution: Execution, snapshot: FlowSnapshot, attempt: Attempt, ms: number) => void;
  /** See {@link ownBodies}. */
  readonly ownBodies: () => OwnedBodies;
}

export class Dispatcher {
  readonly #parts: DispatcherParts;
  #running = 0;
  #slow = 0;
  #startTimer: { readonly at: number; readonly id: ReturnType<typeof setTimeout> } | null = null;
  /** How often in a row nothing could be written of an execution. */
  readonly #failures = new Map<number, number>();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Starts what may start. */
  start(): void {
    while (this.#running < RUNNING && this.#running + this.#slow < RUNNING_WITH_SLOW) {
      const sequence = this.#parts.queue.takeReady(Date.now());
      if (sequence === undefined) {
        this.#startWhenRateAllows();
        return;
      }
      void this.#occupy(sequence);
    }
  }

  /** A timer is more punctual than the alarm, which remains for the case that the object is stopped. */
  #startWhenRateAllows(): void {
    const at = this.#parts.queue.nextStartAt();
    if (at === null || (this.#startTimer && this.#startTimer.at <= at)) return;
    const wait = at - Date.now();
    if (wait > LONGEST_TIMER_MS) return;
    if (this.#startTimer) clearTimeout(this.#startTimer.id);
    const start = () => {
      this.#startTimer = null;
      this.start();
    };
    this.#startTimer = { at, id: setTimeout(start, Math.max(wait, 1)) };
  }

  async #occupy(sequence: number): Promise<void> {
    this.#running++;
    let isSlow = false;
    const patience = this.#parts.timeouts.set(SLOW_MS, () => {
      isSlow = true;
      this.#running--;
      this.#slow++;
      this.start();
    });
    try {
      await this.#run(sequence);
      this.#failures.delete(sequence);
    } catch (error) {
      console.error({ message: "an execution could not be run", sequence, error: String(error) });
      const { queue } = this.#parts;
      const failures = this.#failures.get(sequence) ?? 0;
      this.#failures.set(sequence, failures + 1);
      const pauseMs = Math.min(AFTER_BUG_MS * 2 ** failures, LONGEST_AFTER_BUG_MS);
      // If a callback has moved it on meanwhile, it must not be postponed.
      if (queue.get(sequence)?.state === "sending") queue.postpone(sequence, Date.now() + pauseMs);
    }
    patience.clear();
    if (isSlow) this.#slow--;
    else this.#running--;
    this.start();
  }

  async #run(sequence: number): Promise<void> {
    const { queries, runner, transitions, ownBodies, observe, queue } = this.#parts;
    const loaded = queries.load(sequence);
    if (!loaded) return queue.finish(sequence);
    const { execution, snapshot } = loaded;
    const step = snapshot.steps[execution.step];
    const at = Date.now();
    const startedAt = execution.startedAt ?? at;
    const running = step ? runner.attempt(step, execution, snapshot) : runner.finish(execution, snapshot);
    const result = await running.catch((error: unknown) => ownFailure(sequence, error));
    if (step && result) observe(execution, snapshot, result, Date.now() - at);
    await using bodies = ownBodies();
    let isCounted = false;
    const record = (result: Attempt | null) =>
      transitions.apply(sequence, (now) => {
        isCounted = !isFinished(now) && now.run === execution.run && now.attempts === execution.attempts;
        if (!isCounted) {
          // The first final result wins (CD7).
          const isLogged = step && result && traitsOf(step).logsLateReply;
          return isLogged ? noteLate(now, snapshot, execution.run, `reply (${result.note})`, Date.now()) : null;
        }
        const current = { ...now, startedAt };
        return step && result ? applyAttempt(current, snapshot, result, at) : applyEnding(current, snapshot, result);
      });
    try {
      await record(result);
      // Nothing refers to the body of a result that does not count.
      if (result && !isCounted) bodies.own(bodyOf(result));
    } catch (error) {
      // A result that cannot be written counts as an attempt: else the request would be sent again without end.
      await record(ownFailure(sequence, error));
      // If that does not count, the result may have been written after all, and its body has to stay.
      if (result && isCounted) bodies.own(bodyOf(result));
    }
  }
}

/** A failure of the gateway itself counts as an attempt: it is retried for a while, and then it is a bug. */
function ownFailure(sequence: number, error: unknown): Attempt {
  console.error({ message: "a step could not be run", sequence, error: String(error) });
  const retry = { delaysSeconds: OWN_RETRY_SECONDS, afterMs: null };
  return { kind: "failed", failure: "bug", note: "The gateway failed to run the step", retry };
}
