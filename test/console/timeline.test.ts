import { describe, expect, it } from "vitest";
import type { ExecutionDetail } from "../../src/client/index.ts";
import { timelineOf } from "../../src/console/pages/executions/detail/timeline.ts";

const START = Date.UTC(2026, 0, 1);
const at = (ms: number) => new Date(START + ms).toISOString();
const entry = (ms: number, level: "info" | "warning" | "error", message: string) => ({
  at: at(ms),
  level,
  step: "enter",
  message,
});

const execution = (fields: Partial<ExecutionDetail>): ExecutionDetail => ({
  id: "1",
  workspace: "w",
  flow: "f",
  seq: 1,
  status: "succeeded",
  documentStatus: "Completed",
  createdAt: at(0),
  steps: [],
  statusLog: [],
  log: [],
  ...fields,
});

const step = { name: "enter", type: "http", status: "succeeded", attempts: 1 } as const;

const barsOf = (one: ExecutionDetail, now = 10_000) =>
  timelineOf(one, START + now).rows.map(({ name, segments }) => [
    name,
    ...segments.map(({ kind, from, to }) => `${kind} ${from - START}-${to - START}`),
  ]);

describe("the timeline of an execution", () => {
  it("one that has not started is in the queue until now", () => {
    expect(barsOf(execution({ status: "queued" }), 500)).toEqual([["Queue", "queue 0-500"]]);
  });

  it("is derived from the log where attempts are not recorded", () => {
    const log = [entry(100, "warning", "answered 503"), entry(300, "info", "answered 200")];
    const bars = barsOf(execution({ startedAt: at(10), finishedAt: at(300), steps: [step], log }));
    expect(bars).toEqual([
      ["Queue", "queue 0-10"],
      ["enter", "failed 10-100", "done 100-300"],
    ]);
  });

  it("a wait lasts until the callback, or until now", () => {
    const log = [entry(100, "info", "answered 202; waiting for its callback")];
    const waiting = execution({ status: "waiting", startedAt: at(0), steps: [{ ...step, status: "waiting" }], log });
    expect(barsOf(waiting, 900)[1]).toEqual(["enter", "done 0-100", "wait 100-900"]);
    const answered = [...log, entry(700, "info", "Callback Ok")];
    const done = execution({ startedAt: at(0), finishedAt: at(700), steps: [step], log: answered });
    expect(barsOf(done)[1]).toEqual(["enter", "done 0-100", "wait 100-700"]);
  });

  it("recorded attempts stand where they were, with the pauses between them and the wait after them", () => {
    const exchanges = [
      { startedAt: at(10), finishedAt: at(60), status: 503 },
      { startedAt: at(160), finishedAt: at(200), status: 202 },
    ];
    const asked = { ...step, attempts: 2, correlationId: "c", exchanges };
    const done = execution({ startedAt: at(10), finishedAt: at(900), steps: [{ ...asked, finishedAt: at(900) }] });
    expect(barsOf(done)[1]).toEqual(["enter", "failed 10-60", "pause 60-160", "done 160-200", "wait 200-900"]);
    const waiting = execution({ status: "waiting", startedAt: at(10), steps: [{ ...asked, status: "waiting" }] });
    expect(barsOf(waiting, 500)[1]?.at(-1)).toBe("wait 200-500");
  });

  it("attempts before the recorded ones come from the log", () => {
    const exchanges = [{ startedAt: at(400), finishedAt: at(500), status: 200 }];
    const log = [entry(100, "error", "answered 422"), entry(500, "info", "answered 200")];
    const retried = execution({ startedAt: at(10), finishedAt: at(500), steps: [{ ...step, exchanges }], log });
    expect(barsOf(retried)[1]).toEqual(["enter", "failed 10-100", "done 400-500"]);
  });

  it("the step that a cancelled one stopped at is cancelled, and what had failed before stays failed", () => {
    const failed = { ...step, status: "failed", finishedAt: at(500) } as const;
    const cancelled = { status: "cancelled", startedAt: at(10), finishedAt: at(500) } as const;
    const log = [entry(100, "warning", "answered 503"), entry(500, "warning", "Cancelled by ops")];
    expect(barsOf(execution({ ...cancelled, steps: [failed], log }))[1]).toEqual([
      "enter",
      "failed 10-100",
      "cancelled 100-500",
    ]);
    const refused = { ...failed, exchanges: [{ startedAt: at(10), finishedAt: at(100), status: 503 }] };
    expect(barsOf(execution({ ...cancelled, steps: [refused], log }))[1]).toEqual([
      "enter",
      "failed 10-100",
      "cancelled 100-500",
    ]);
    const taken = {
      ...failed,
      correlationId: "c",
      exchanges: [{ startedAt: at(10), finishedAt: at(100), status: 202 }],
    };
    expect(barsOf(execution({ ...cancelled, steps: [taken], log }))[1]).toEqual([
      "enter",
      "done 10-100",
      "wait 100-500",
    ]);
  });

  it("has a width even when everything happened within a millisecond", () => {
    const { from, to } = timelineOf(execution({ startedAt: at(0), finishedAt: at(0) }), START);
    expect(to).toBeGreaterThan(from);
  });
});
