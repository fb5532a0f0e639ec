/** The figures of a run. */
import type { ExecutionView } from "./checks/history.ts";
import { featureOfView, indexOf } from "./checks/index.ts";
import { mostAtOnce } from "./checks/strict.ts";
import type { Run } from "./run.ts";

export interface Figures {
  readonly accepted: number;
  readonly finished: number;
  readonly callbacks: number;
  readonly kills: number;
  readonly aborts: number;
  readonly r2Failures: number;
  readonly staleReads: number;
  /** Calls of clients that ended without an answer. */
  readonly cutOff: number;
  /** Messages sent again that were known, and requests that came to partners again. */
  readonly repeatedIn: number;
  readonly repeatedOut: number;
  /** Callbacks of partners that the gateway answered as too late. */
  readonly late: number;
  readonly requests: number;
  /** Requests that partners answered with an error. */
  readonly refused: number;
  readonly mostAtOnce: number;
  /** Until everything was sent, and until the last execution ended, in ms. */
  readonly loadedMs: number;
  readonly endedMs: number;
  /** From the restart after a SIGKILL until every lane of synchronous steps that had work moved again, the longest, in ms. */
  readonly longestRecoveryMs: number;
}

export function figuresOf(run: Run): Figures {
  const index = indexOf(run);
  const ids = new Set(index.sends.flatMap(({ answer }) => answer.executionId ?? []));
  const status = (wanted: string | number) => index.calls.filter(({ answer }) => answer.status === wanted).length;
  const keys = new Set(index.requests.map(({ key, attempt }) => `${key}/${attempt}`));
  const kills = index.faults.filter(({ kind }) => kind === "kill");
  return {
    accepted: ids.size,
    finished: run.executions.filter(({ finishedAt }) => finishedAt !== undefined).length,
    callbacks: run.callbacks.length,
    ...{ kills: kills.length, aborts: index.faults.length - kills.length },
    ...{ r2Failures: run.r2Failures, staleReads: run.staleReads },
    cutOff: status("cut"),
    repeatedIn: index.sends.filter(({ answer }) => answer.isReplayed).length,
    repeatedOut: index.requests.length - keys.size,
    requests: index.requests.length,
    refused: index.requests.filter(({ meant: { status } }) => typeof status === "number" && status >= 400).length,
    mostAtOnce: mostAtOnce(index.requests),
    loadedMs: run.events.find(({ kind }) => kind === "loaded" || kind === "calm")?.at ?? 0,
    endedMs: Math.max(0, ...run.executions.map(({ finishedAt = "" }) => (Date.parse(finishedAt) || 0) - run.begunAt)),
    late: index.signals.filter(({ answer }) => answer.status === 409).length,
    longestRecoveryMs: Math.round(Math.max(0, ...kills.map((kill) => recoveryOf(run, index, kill)))),
  };
}

/** A lane that an operator stops so soon after a restart does not count. */
const LONGEST_MS = 10_000;
/** Requests in flight at the time of the kill have arrived after this time. */
const DYING_MS = 200;

function pausesOf({
  of,
  views,
}: ReturnType<typeof indexOf>): { lane: string | undefined; from: number; till: number }[] {
  const calls = of("lane");
  return calls
    .filter(({ op }) => op.action === "pause")
    .map(({ op, at }) => {
      const ends = calls.filter((one) => one.op.lane === op.lane && one.op.action === "resume" && one.at > at);
      const over = ends.find(({ answer }) => answer.status === 200 || answer.status === 204);
      return { lane: views.get(op.head ?? "")?.lane, from: at, till: over?.endAt ?? Number.POSITIVE_INFINITY };
    });
}

type Kill = ReturnType<typeof indexOf>["faults"][number];

function recoveryOf({ executions, begunAt }: Run, index: ReturnType<typeof indexOf>, kill: Kill): number {
  const { from, fromMs, upAt } = kill;
  const { faults } = index;
  const pauses = pausesOf(index);
  const plain = executions.filter((view) => {
    const feature = featureOfView(view);
    const isPlain =
      feature?.isOrdered && feature.name !== "blocking" && feature.steps.every(({ kind }) => kind === "http");
    return (
      isPlain && !pauses.some(({ lane, from, till }) => lane === view.lane && from < upAt + LONGEST_MS && till > fromMs)
    );
  });
  const finished = (view: ExecutionView) => Date.parse(view.finishedAt ?? "") - begunAt;
  const waits = [...Map.groupBy(plain, ({ lane }) => lane).values()].map((members) => {
    // Work that clients know to be there; what moves first may be another one's.
    const hadWork = members.some((view) => {
      const acceptedAt = index
        .sendsOf(String(view.message))
        .find(({ answer }) => answer.executionId === view.id)?.endAt;
      return acceptedAt !== undefined && acceptedAt < fromMs && finished(view) > fromMs;
    });
    const moves = members.flatMap((view) => [
      ...index
        .requestsOf(view.id)
        .flatMap(({ startedAt, at }) => (startedAt > from && at > fromMs + DYING_MS ? at : [])),
      ...(finished(view) > fromMs + DYING_MS ? [finished(view)] : []),
    ]);
    const movedAt = Math.min(...moves);
    // A second fault says nothing about this restart.
    const isDisturbed = faults.some(
      (one) => one !== kill && one.affects(members[0]?.id ?? "") && one.fromMs > fromMs && one.fromMs < movedAt,
    );
    // Its lanes may move before it says that it listens.
    return hadWork && !isDisturbed && moves.length > 0 ? movedAt - upAt : 0;
  });
  return Math.max(0, ...waits);
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** The figures with their names, for a table. */
export const rowsOf = (figures: Figures): [string, string | number][] => [
  ["messages accepted", figures.accepted],
  ["executions finished, resubmitted and unanswered ones included", figures.finished],
  ["callbacks minted", figures.callbacks],
  ["SIGKILLs, objects stopped", `${figures.kills}, ${figures.aborts}`],
  ["R2 failures, stale answers of KV", `${figures.r2Failures}, ${figures.staleReads}`],
  ["calls without an answer", figures.cutOff],
  ["repeated messages that were known", figures.repeatedIn],
  ["requests repeated at partners", figures.repeatedOut],
  ["requests at partners, of them refused", `${figures.requests}, ${figures.refused}`],
  ["most requests at partners at once", figures.mostAtOnce],
  ["callbacks that came too late", figures.late],
  ["s until all was sent, until all had ended", [figures.loadedMs, figures.endedMs].map(seconds).join(", ")],
  ["s until all lanes moved again, longest", seconds(figures.longestRecoveryMs)],
];
