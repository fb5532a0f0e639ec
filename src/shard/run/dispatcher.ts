/**
 * The dispatcher: runs what may run, so many at a time. Nothing is written before a request is sent; a crash in between sends
 * it again, with the same idempotency key.
 */
import { nextDelayMs } from "../../core/execution/backoff.ts";
import {
  awaitCallback,
  exchanged,
  isFinished,
  noted,
  retryLater,
  stepFailed,
  stepSucceeded,
  succeeded,
} from "../../core/execution/execution.ts";
import type { Note } from "../../core/execution/log.ts";
import type { FlowSnapshot } from "../../core/execution/snapshot.ts";
import type { Execution } from "../../storage/sql/execution-row.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import { applyAdapterSignal, lateNote } from "../results/adapter-callback.ts";
import type { Timeouts } from "../send/timeouts.ts";
import type { Change } from "../write/transitions.ts";
import type { StepRunner } from "./step-runner.ts";
import type { Attempt } from "./steps/attempt.ts";

/** Sends in flight at a time, so that arrivals get their turn. */
const IN_FLIGHT = 16;
/** A send that takes longer gives its place to another: it waits for its target, and costs nothing meanwhile. */
const SLOW_MS = 250;
/** Sends in flight altogether, slow ones included. */
const IN_FLIGHT_SLOW = 128;
/** Waits for a rate beyond this are left to the alarm. */
const LONGEST_TIMER_MS = 30_000;
/** How a step is made again when the gateway itself failed to run it. */
const OWN_RETRY_SECONDS = [1, 5, 30, 120];
/** When even that could not be written, the execution is tried again so much later. */
export const AFTER_BUG_MS = 5_000;

/** What the dispatcher needs of its shard. */
export interface DispatcherContext {
  readonly open: RunQueue;
  readonly timeouts: Timeouts;
  /** The execution and its snapshot as they stand, or null when it is gone. */
  load(sequence: number): { execution: Execution; snapshot: FlowSnapshot } | null;
  readonly runner: StepRunner;
  /** Writes what a result makes of the execution as it is by then. */
  record(sequence: number, decide: (execution: Execution, snapshot: FlowSnapshot) => Change | null): Promise<unknown>;
  /** Tells whoever watches of an attempt, and how long it took in ms. */
  observe(execution: Execution, snapshot: FlowSnapshot, attempt: Attempt, ms: number): void;
  /** Undoes an attempt whose result did not count. */
  discard(attempt: Attempt): Promise<void>;
}

export class Dispatcher {
  readonly #context: DispatcherContext;
  #inFlight = 0;
  #slow = 0;
  #startTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(context: DispatcherContext) {
    this.#context = context;
  }

  /** Starts what may start. */
  kick(): void {
    while (this.#inFlight < IN_FLIGHT && this.#inFlight + this.#slow < IN_FLIGHT_SLOW) {
      const sequence = this.#context.open.takeReady(Date.now());
      if (sequence === undefined) {
        this.#kickAtNextStart();
        return;
      }
      void this.#occupy(sequence);
    }
  }

  /** A rate lets the next one start soon: a timer is more punctual than the alarm, which stands behind it. */
  #kickAtNextStart(): void {
    const at = this.#context.open.nextStartAt();
    if (at === null || this.#startTimer !== null) return;
    const wait = at - Date.now();
    if (wait > LONGEST_TIMER_MS) return;
    this.#startTimer = setTimeout(
      () => {
        this.#startTimer = null;
        this.kick();
      },
      Math.max(wait, 1),
    );
  }

  async #occupy(sequence: number): Promise<void> {
    this.#inFlight++;
    let isSlow = false;
    const patience = this.#context.timeouts.set(SLOW_MS, () => {
      isSlow = true;
      this.#inFlight--;
      this.#slow++;
      this.kick();
    });
    try {
      await this.#run(sequence);
    } catch (error) {
      console.error({ message: "an execution could not be run", sequence, error: String(error) });
      const { open } = this.#context;
      // A callback may have moved it on meanwhile; then it is no longer ours to put off.
      if (open.get(sequence)?.state === "sending") open.postpone(sequence, Date.now() + AFTER_BUG_MS);
    }
    patience.clear();
    if (isSlow) this.#slow--;
    else this.#inFlight--;
    this.kick();
  }

  async #run(sequence: number): Promise<void> {
    const { load, runner, record, discard, observe, open } = this.#context;
    const loaded = load(sequence);
    if (!loaded) return open.finish(sequence);
    const { execution, snapshot } = loaded;
    const step = snapshot.steps[execution.step];
    const at = Date.now();
    const startedAt = execution.startedAt ?? at;
    const running = step ? runner.attempt(step, execution, snapshot) : runner.finish(execution, snapshot);
    const result = await running.catch((error: unknown) => ownFailure(sequence, error));
    if (step && result) observe(execution, snapshot, result, Date.now() - at);
    let isCounted = false;
    await record(sequence, (now) => {
      const isCurrent = !isFinished(now) && now.run === execution.run && now.attempts === execution.attempts;
      if (!isCurrent)
        return step?.type === "adapter" && result ? lateReply(now, snapshot, execution.run, result) : null;
      isCounted = true;
      const current = { ...now, startedAt };
      return step && result
        ? outcome(described(current, snapshot, result, at), snapshot, result)
        : ending(current, snapshot, result);
    });
    if (!isCounted && result) await discard(result);
  }
}

/** A failure of our own is an attempt like others: it is made again for a while, and then it is a bug. */
function ownFailure(sequence: number, error: unknown): Attempt {
  console.error({ message: "a step could not be run", sequence, error: String(error) });
  const retry = { delaysSeconds: OWN_RETRY_SECONDS, afterMs: null };
  return { kind: "failed", failure: "bug", note: "The gateway failed to run the step", retry };
}

/** The first final outcome wins; a reply behind it is logged only (CD7). */
const lateReply = (execution: Execution, snapshot: FlowSnapshot, run: number, { note }: Attempt) =>
  lateNote(execution, snapshot, run, `reply (${note})`, Date.now());

/** The execution with what came back and what was said of it. */
function described(execution: Execution, snapshot: FlowSnapshot, { exchange, notes }: Attempt, at: number): Execution {
  const now = Date.now();
  const isSent = snapshot.steps[execution.step]?.type !== "transform";
  return noted(
    isSent ? exchanged(execution, { at, ms: now - at, ...exchange }) : execution,
    snapshot,
    notes ?? [],
    now,
  );
}

/** What the result of an attempt makes of the execution. */
function outcome(execution: Execution, snapshot: FlowSnapshot, attempt: Attempt): Change {
  const now = Date.now();
  const number = execution.attempts + 1;
  const note = (level: Note["level"], after = "") => ({ level, message: `${attempt.note}${after}` });
  if (attempt.kind === "replied") {
    return {
      progress: stepSucceeded(execution, snapshot, { note: note("info"), attempted: true }, now),
      message: attempt.body,
    };
  }
  if (attempt.kind === "signalled") {
    const described = `${attempt.note} with the result ${attempt.signal.status}`;
    return applyAdapterSignal(execution, snapshot, attempt.signal, { described, attempted: true }, now);
  }
  if (attempt.kind === "accepted") {
    return {
      progress: awaitCallback(execution, snapshot, note("info", "; waiting for its callback"), attempt.dueAt, now),
    };
  }
  const { failure, retry } = attempt;
  const delayMs = retry && nextDelayMs(retry.delaysSeconds, number, Math.random(), retry.afterMs);
  if (delayMs !== null) {
    const after = ` (attempt ${number}); next attempt in ${delayMs} ms`;
    return { progress: retryLater(execution, snapshot, note("warning", after), now + delayMs, now) };
  }
  const name = snapshot.steps[execution.step]?.name;
  // What went wrong names systems and settings behind the gateway: that is for the log, not for the caller.
  const end = { failure, detail: `${name === undefined ? "The result" : `The step ${name}`} failed.` };
  const failed = { end, note: note("error", ` (attempt ${number}); the execution failed`), attempted: true };
  return { progress: stepFailed(execution, snapshot, failed, now) };
}

/** All steps are done: the result is the message as it is, or what the output template made of it. */
function ending(execution: Execution, snapshot: FlowSnapshot, made: Attempt | null): Change {
  if (made?.kind === "replied") return { progress: succeeded(execution, Date.now()), message: made.body };
  return made ? outcome(execution, snapshot, made) : { progress: succeeded(execution, Date.now()) };
}
