import { describe, expect, it } from "vitest";
import {
  awaitCallback,
  documentStatusOf,
  exchanged,
  isFinished,
  newProgress,
  noted,
  restSkipped,
  retried,
  retryLater,
  STATUSES,
  stepFailed,
  stepSucceeded,
  succeeded,
} from "../../../src/core/execution/execution.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const snapshot = snapshotOf({ first: {}, second: { async: true }, third: {} });
const info = (message: string) => ({ level: "info" as const, message });
const warning = (message: string) => ({ level: "warning" as const, message });
const sent = (message: string) => ({ note: info(message), attempted: true });

const fresh = newProgress();
const atSecond = stepSucceeded(fresh, snapshot, sent("one"), 1000);
const waiting = awaitCallback(atSecond, snapshot, info("taken"), 9000, 2000);

describe("an execution", () => {
  it("is queued when it comes in, with nothing done", () => {
    expect(fresh).toEqual({
      status: "queued",
      step: 0,
      run: 1,
      attempts: 0,
      dueAt: null,
      startedAt: null,
      finishedAt: null,
      end: {},
      steps: [],
      log: [],
    });
  });

  it("goes on to the next step with a new run number when one has succeeded", () => {
    expect(atSecond).toMatchObject({ status: "running", step: 1, run: 2, attempts: 0, dueAt: null, finishedAt: null });
    expect(atSecond.startedAt).toBe(1000);
    expect(atSecond.steps).toEqual([{ status: "succeeded", run: 1, attempts: 1, until: 1000 }]);
    expect(atSecond.log).toEqual([{ at: 1000, level: "info", step: "first", message: "one" }]);
  });

  it("waits for a callback until its time, in the same run (L2)", () => {
    expect(waiting).toMatchObject({ status: "waiting", step: 1, run: 2, attempts: 1, dueAt: 9000, startedAt: 1000 });
    expect(waiting.steps[1]).toEqual({ status: "waiting", run: 2, attempts: 1 });
  });

  it("goes on when the awaited callback comes, which is no attempt (L12)", () => {
    const next = stepSucceeded(waiting, snapshot, { note: info("Ok"), attempted: false }, 3000);
    expect(next).toMatchObject({ status: "running", step: 2, run: 3, attempts: 0, dueAt: null });
    expect(next.steps[1]).toEqual({ status: "succeeded", run: 2, attempts: 1, until: 3000 });
  });

  it("counts the attempt under way when its callback comes before the reply (LD8)", () => {
    const next = stepSucceeded(atSecond, snapshot, { note: info("Ok"), attempted: true }, 3000);
    expect(next.steps[1]).toEqual({ status: "succeeded", run: 2, attempts: 1, until: 3000 });
  });

  it("retries in the same run, one more attempt each time", () => {
    const once = retryLater(atSecond, snapshot, warning("503"), 5000, 2000);
    expect(once).toMatchObject({ status: "retrying", step: 1, run: 2, attempts: 1, dueAt: 5000 });
    expect(once.steps[1]).toMatchObject({ run: 2, attempts: 1 });
    const twice = retryLater(once, snapshot, warning("503"), 8000, 6000);
    expect(twice).toMatchObject({ status: "retrying", run: 2, attempts: 2, dueAt: 8000 });
    const done = stepSucceeded(twice, snapshot, sent("200"), 9000);
    expect(done.steps[1]).toEqual({ status: "succeeded", run: 2, attempts: 3, until: 9000 });
    expect(done).toMatchObject({ run: 3, attempts: 0 });
  });

  it("succeeds with its last step", () => {
    const one = snapshotOf({ only: {} });
    const done = stepSucceeded(newProgress(), one, sent("200"), 1000);
    expect(done).toMatchObject({ status: "succeeded", startedAt: 1000, finishedAt: 1000, dueAt: null });
    expect(done.end).toEqual({ documentStatus: "Completed" });
    expect(done.steps).toHaveLength(1);
  });

  it("succeeds at once without steps", () => {
    const done = succeeded(newProgress(), 1000);
    expect(done).toMatchObject({ status: "succeeded", startedAt: 1000, finishedAt: 1000, steps: [] });
  });

  it("fails for good with its step; those after it are not reached (L13 LD6)", () => {
    const end = { failure: "error" as const, documentStatus: "On Hold", detail: "no stock" };
    const failed = stepFailed(waiting, snapshot, { end, note: warning("Failed"), attempted: false }, 4000);
    expect(failed).toMatchObject({ status: "failed", step: 1, run: 2, finishedAt: 4000, dueAt: null, end });
    expect(failed.steps).toEqual([
      { status: "succeeded", run: 1, attempts: 1, until: 1000 },
      { status: "failed", run: 2, attempts: 1, until: 4000 },
    ]);
  });

  it("has the document status Failed when nothing else was set (LD13)", () => {
    const end = { failure: "bug" as const };
    const failed = stepFailed(fresh, snapshot, { end, note: warning("500"), attempted: true }, 1000);
    expect(failed.end).toEqual({ failure: "bug", documentStatus: "Failed" });
    expect(failed.startedAt).toBe(1000);
    expect(failed.steps).toEqual([{ status: "failed", run: 1, attempts: 1, until: 1000 }]);
  });

  it("leaves what it came from untouched", () => {
    const before = structuredClone(waiting);
    stepSucceeded(waiting, snapshot, sent("x"), 5000);
    retryLater(waiting, snapshot, warning("x"), 1, 5000);
    stepFailed(waiting, snapshot, { end: {}, note: warning("x"), attempted: true }, 5000);
    expect(waiting).toEqual(before);
  });

  it("is finished when succeeded, failed or cancelled", () => {
    expect(STATUSES.filter((status) => isFinished({ status }))).toEqual(["succeeded", "failed", "cancelled"]);
  });
});

describe("the document status", () => {
  it("is Inbox while queued, Processing while running, waiting or retrying (LD13)", () => {
    const of = (status: (typeof STATUSES)[number]) => documentStatusOf({ status, end: {} });
    expect(of("queued")).toBe("Inbox");
    for (const status of ["running", "waiting", "retrying"] as const) expect(of(status)).toBe("Processing");
  });

  it("is Completed in the end, or what a Failed callback set (LD13)", () => {
    expect(documentStatusOf(succeeded(fresh, 1))).toBe("Completed");
    const end = { failure: "error" as const, documentStatus: "Outbox" };
    expect(documentStatusOf(stepFailed(fresh, snapshot, { end, note: warning("x"), attempted: true }, 1))).toBe(
      "Outbox",
    );
  });
});

describe("the traces of an execution", () => {
  const exchange = (at: number, reply?: string) => ({ at, ms: 5, status: 500, ...(reply && { reply }) });

  it("keeps the newest exchanges of a run, and the replies of the last two", () => {
    const tried = Array.from({ length: 25 }, (_, at) => exchange(at, `reply ${at}`)).reduce(exchanged, fresh);
    const kept = tried.steps[0]?.exchanges ?? [];
    expect(kept.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, i) => i + 5));
    expect(kept.flatMap(({ reply }) => reply ?? [])).toEqual(["reply 23", "reply 24"]);
  });

  it("begins anew with a new run", () => {
    const first = exchanged(fresh, exchange(1));
    const failed = stepFailed(first, snapshot, { note: info("no"), attempted: true, end: { failure: "bug" } }, 2);
    expect(failed.steps[0]).toMatchObject({ status: "failed", exchanges: [{ at: 1 }] });
    const again = exchanged(retried(failed, snapshot, info("again"), "operator", 3), exchange(4));
    expect(again.steps).toEqual([{ status: "running", run: 2, attempts: 0, exchanges: [exchange(4)] }]);
  });

  it("bounds what others say in the log, and takes control characters out of it", () => {
    const message = `a\0b\x1b[31m ${"x".repeat(5_000)}`;
    const said = noted(fresh, snapshot, [{ level: "info", message }], 1).log[0]?.message ?? "";
    expect(said).toHaveLength(2_000);
    expect(said.startsWith("a\ufffdb\ufffd[31m ")).toBe(true);
  });

  it("when there is nothing more to do, the steps left are skipped and the execution succeeds (CD15)", () => {
    const skipped = restSkipped(fresh, snapshot, { note: info("nothing"), attempted: true }, 7);
    expect(skipped).toMatchObject({ status: "succeeded", end: { result: "skipped", documentStatus: "Completed" } });
    expect(skipped.steps.map(({ status }) => status)).toEqual(["succeeded", "skipped", "skipped"]);
  });

  it("an output template still makes the result of what was skipped (CD15)", () => {
    const withOutput = { ...snapshot, output: "{{ message }}" };
    const skipped = restSkipped(fresh, withOutput, { note: info("nothing"), attempted: true }, 7);
    expect(skipped).toMatchObject({ status: "running", step: 3 });
    expect(succeeded(skipped, 8)).toMatchObject({ status: "succeeded", end: { result: "skipped" } });
  });
});
