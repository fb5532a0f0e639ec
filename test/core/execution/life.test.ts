import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  awaitCallback,
  isFinished,
  newProgress,
  type Progress,
  retryLater,
  stepFailed,
  stepSucceeded,
} from "../../../src/core/execution/execution.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const snapshot = snapshotOf({ a: { async: true }, b: { async: true }, c: {}, d: {} });
const note = (message: string) => ({ level: "info" as const, message });

type Step = (progress: Progress, at: number) => Progress;

/** Everything that can happen to the current step. */
const HAPPENINGS: Record<string, Step> = {
  succeeds: (p, at) => stepSucceeded(p, snapshot, { note: note("done"), attempted: true }, at),
  "is called back": (p, at) => stepSucceeded(p, snapshot, { note: note("Ok"), attempted: false }, at),
  waits: (p, at) => awaitCallback(p, snapshot, note("waits"), at + 50, at),
  retries: (p, at) => retryLater(p, snapshot, note("again"), at + 5, at),
  fails: (p, at) => stepFailed(p, snapshot, { end: { failure: "bug" }, note: note("failed"), attempted: true }, at),
};

const lives = fc.array(fc.constantFrom(...Object.values(HAPPENINGS)), { maxLength: 60 });

/** All states of a life, from its beginning to its end or to the last thing that happens. */
function live(happenings: Step[]): Progress[] {
  const states = [newProgress()];
  for (const [index, happen] of happenings.entries()) {
    const now = states.at(-1) as Progress;
    if (isFinished(now)) break;
    states.push(happen(now, 1000 + index));
  }
  return states;
}

function pairsOf(states: Progress[]): [Progress, Progress][] {
  return states.slice(1).map((after, index) => [states[index] as Progress, after]);
}

describe("whatever happens to an execution", () => {
  it("a run number is never used again: it grows with each step that is done, and only then (LD11)", () => {
    fc.assert(
      fc.property(lives, (happenings) => {
        for (const [before, after] of pairsOf(live(happenings))) {
          expect(after.run - before.run).toBe(after.step - before.step);
          expect(after.run).toBeGreaterThanOrEqual(before.run);
          expect(after.step - before.step).toBeLessThanOrEqual(1);
        }
        const runs =
          live(happenings)
            .at(-1)
            ?.steps.map(({ run }) => run) ?? [];
        expect(runs).toEqual([...new Set(runs)].toSorted((a, b) => a - b));
      }),
    );
  });

  it("what has been reached and done stays as it is", () => {
    fc.assert(
      fc.property(lives, (happenings) => {
        for (const [before, after] of pairsOf(live(happenings))) {
          expect(after.steps.slice(0, before.step)).toEqual(before.steps.slice(0, before.step));
          expect(after.steps.length).toBeGreaterThanOrEqual(before.steps.length);
          expect(after.steps.length).toBeLessThanOrEqual(snapshot.steps.length);
          if (before.startedAt !== null) expect(after.startedAt).toBe(before.startedAt);
        }
      }),
    );
  });

  it("it is timed exactly while it waits or is to be retried, and has an end exactly when it is finished", () => {
    fc.assert(
      fc.property(lives, (happenings) => {
        for (const state of live(happenings)) {
          expect(state.dueAt !== null).toBe(state.status === "waiting" || state.status === "retrying");
          expect(state.finishedAt !== null).toBe(isFinished(state));
          expect(state.end.documentStatus !== undefined).toBe(isFinished(state));
          expect(state.end.failure !== undefined).toBe(state.status === "failed");
        }
      }),
    );
  });

  it("every happening is logged, in order and with its step", () => {
    fc.assert(
      fc.property(lives, (happenings) => {
        for (const [before, after] of pairsOf(live(happenings))) {
          expect(after.log.slice(0, -1)).toEqual(before.log);
          expect(after.log.at(-1)?.step).toBe(snapshot.steps[before.step]?.name);
        }
      }),
    );
  });

  it("the log keeps its first entry and the newest ones, 200 in all", () => {
    let progress = newProgress();
    for (let i = 1; i <= 1000; i++) progress = retryLater(progress, snapshot, note(`attempt ${i}`), i, i);
    const messages = progress.log.map(({ message }) => message);
    expect(messages).toHaveLength(200);
    expect(messages[0]).toBe("attempt 1");
    expect(messages.slice(1)).toEqual(Array.from({ length: 199 }, (_, i) => `attempt ${802 + i}`));
    expect(progress.attempts).toBe(1000);
  });
});
