/** The timeline of an execution: its steps as bars on one scale of time. */
import type { Exchange, ExecutionDetail, LogEntry } from "../../../../client/index.ts";
import { type ShownStep, shownSteps } from "./step-status.ts";

export type SegmentKind = "queue" | "done" | "failed" | "cancelled" | "pause" | "wait" | "now";

export interface Segment {
  readonly kind: SegmentKind;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** A description in words. */
  readonly text: string;
}

export interface TimelineRow {
  readonly name: string;
  readonly segments: readonly Segment[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly TimelineRow[];
}

/** @param now epoch ms, the end of what has not ended. */
export function timelineOf(execution: ExecutionDetail, now: number): Timeline {
  const { createdAt, startedAt, finishedAt, log } = execution;
  const from = Date.parse(createdAt);
  const to = Math.max(finishedAt === undefined ? now : Date.parse(finishedAt), from + 1);
  const begun = startedAt === undefined ? to : Date.parse(startedAt);
  const queue: TimelineRow = {
    name: "Queue",
    segments: [
      {
        kind: "queue",
        from,
        to: begun,
        text: startedAt === undefined ? "in the queue" : "in the queue until it started",
      },
    ],
  };
  let before = begun;
  const rows = shownSteps(execution).map((step) => {
    const entries = log.filter((entry) => entry.step === step.name);
    const segments = step.exchanges?.[0] ? recorded(step, entries, before, to) : derived(entries, step, before, to);
    before = segments.at(-1)?.to ?? before;
    return { name: step.name, segments };
  });
  return { from, to, rows: [queue, ...rows] };
}

/** From the newest attempts, which the API records; earlier ones are only in the log. */
function recorded(step: ShownStep, entries: readonly LogEntry[], start: number, end: number): Segment[] {
  const { exchanges = [], status, finishedAt, attempts } = step;
  const first = exchanges[0]?.startedAt ?? "";
  const earlier = derived(
    entries.filter(({ at }) => at < first),
    { ...step, status: "failed" },
    start,
    end,
  );
  const made = exchanges.map((exchange, index): Segment => {
    const number = Math.max(0, attempts - exchanges.length) + index + 1;
    return {
      kind: isGood(exchange) ? "done" : "failed",
      from: Date.parse(exchange.startedAt),
      to: Date.parse(exchange.finishedAt),
      text: `attempt ${number}: ${exchange.status === undefined ? "no answer" : `answered ${exchange.status}`}`,
    };
  });
  const pauses = made.slice(1).map((next, index): Segment => {
    return { kind: "pause", from: made[index]?.to ?? next.from, to: next.from, text: "pause before the next attempt" };
  });
  const last = made.at(-1)?.to ?? start;
  const until = finishedAt === undefined ? end : Date.parse(finishedAt);
  return [...earlier, ...made, ...pauses, ...after(status, last, until, isAwaited(step))].sort(
    (a, b) => a.from - b.from,
  );
}

/** The time after the last recorded attempt. */
function after(status: ShownStep["status"], from: number, to: number, isAwaitedStep: boolean): Segment[] {
  if (to <= from) return [];
  const waited: Segment[] =
    isAwaitedStep && to - from > 1 ? [{ kind: "wait", from, to, text: "waited for its callback" }] : [];
  switch (status) {
    case "waiting":
      return [{ kind: "wait", from, to, text: "waiting for its callback" }];
    case "running":
      return [{ kind: "now", from, to, text: "in progress, or pausing before the next attempt" }];
    case "cancelled":
      return isAwaitedStep ? waited : [{ kind: "cancelled", from, to, text: "until it was cancelled" }];
    case "pending":
    case "succeeded":
    case "failed":
    case "skipped":
      return waited;
  }
}

const isGood = ({ status }: Exchange) => status !== undefined && status < 300;

const isAwaited = ({ correlationId, invocationId, exchanges }: ShownStep) =>
  (correlationId !== undefined || invocationId !== undefined) && exchanges?.at(-1)?.status === 202;

/** From the log, which has an entry at the end of each event. */
function derived(entries: readonly LogEntry[], { status }: ShownStep, start: number, end: number): Segment[] {
  const segments: Segment[] = [];
  let from = start;
  let isWaiting = false;
  for (const [index, { at, level, message }] of entries.entries()) {
    const to = Math.max(Date.parse(at), from);
    const bad = status === "cancelled" && index === entries.length - 1 ? "cancelled" : "failed";
    const kind = isWaiting ? "wait" : level === "info" ? "done" : bad;
    segments.push({ kind, from, to, text: message });
    isWaiting = /waiting for its callback/.test(message);
    from = to;
  }
  return [...segments, ...after(status, from, end, false)];
}
