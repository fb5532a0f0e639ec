/** The other system of a proof: fails and delays as its seed says, and writes down every request's start and end. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Event, History } from "../../lib/history.ts";
import { listenOnLoopback } from "../../lib/loopback.ts";
import { seeded } from "../../lib/seeded.ts";

export interface TargetOptions {
  readonly history: Event[];
  readonly seed: number;
  /** The longest delay; a request takes a random part of it. */
  readonly delayMs: number;
  /** The share of attempts that fails with a 5xx. */
  readonly failureRate?: number;
  /** Attempts from this one on never fail, so that every execution succeeds in the end. */
  readonly lastAttempt?: number;
}

export interface RecordingTarget extends AsyncDisposable {
  readonly url: string;
  /** Executions that were answered with 200. */
  readonly delivered: ReadonlySet<string>;
}

const FAILURES = [500, 502, 503, 504];

export async function startRecordingTarget(options: TargetOptions): Promise<RecordingTarget> {
  const delivered = new Set<string>();
  let count = 0;
  const server = createServer((request, response) => {
    void answer(request, response, count++, options, delivered);
  });
  server.keepAliveTimeout = 60_000;
  return { ...(await listenOnLoopback(server)), delivered };
}

/** Until every accepted message is delivered; gives up when nothing has happened for a while. */
export async function waitForDelivery(
  history: History,
  { delivered }: RecordingTarget,
  executionIds: ReadonlySet<string>,
  idleMs = 30_000,
): Promise<void> {
  let [length, since] = [history.length, Date.now()];
  const isDone = () => [...executionIds].every((id) => delivered.has(id));
  while (!isDone() && Date.now() - since < idleMs) {
    await sleep(50);
    if (history.length > length) [length, since] = [history.length, Date.now()];
  }
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  request: number,
  { history, seed, delayMs, failureRate = 0, lastAttempt = 1 }: TargetOptions,
  delivered: Set<string>,
): Promise<void> {
  const header = (name: string) => String(incoming.headers[name] ?? "");
  const [executionId, attempt] = [header("hookback-execution-id"), Number(header("hookback-attempt"))];
  history.push({ kind: "started", request, executionId, attempt, idempotencyKey: header("idempotency-key") });
  let isOver = false;
  const end = (status: number | "cut") => {
    if (!isOver) history.push({ kind: "ended", request, status });
    isOver = true;
  };
  response.on("close", () => end("cut"));

  let message = "";
  try {
    for await (const chunk of incoming) message += String(chunk);
  } catch {
    return end("cut");
  }
  const draw = (what: string) => seeded(seed, what, message, attempt);
  await sleep(draw("delay") * delayMs);
  if (isOver) return;
  const fails = attempt < lastAttempt && draw("failure") < failureRate;
  const status = fails ? (FAILURES[Math.floor(draw("status") * FAILURES.length)] ?? 500) : 200;
  // The end stands in the history before the answer leaves: what the gateway does about it can only come later.
  end(status);
  if (!fails) delivered.add(executionId);
  response.writeHead(status).end(message);
}
