/** Polling at intervals that start short and grow. */
import { ApiProblem } from "./problem.ts";

export interface WaitOptions {
  /** Longest wait; unlimited by default. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Longest interval between two requests. */
  readonly intervalMs?: number | undefined;
}

export class WaitTimeout extends Error {
  override readonly name = "WaitTimeout";
  /** The last result. */
  readonly last: unknown;

  constructor(subject: string, timeoutMs: number, last: unknown) {
    super(`Waited ${timeoutMs / 1000} s for ${subject}.`);
    this.last = last;
  }
}

const FIRST_INTERVAL_MS = 50;
const INTERVAL_MS = 2_000;
const GROWTH = 1.5;
/** Longest absence of a gateway that has answered before, as in a restart or a deployment. */
const AWAY_MS = 60_000;

/** Yields the result of each request until the caller stops. Throws {@link WaitTimeout} after `timeoutMs`. */
export async function* poll<T>(
  subject: string,
  request: (signal?: AbortSignal) => Promise<T>,
  { timeoutMs = Number.POSITIVE_INFINITY, signal, intervalMs = INTERVAL_MS }: WaitOptions = {},
): AsyncGenerator<T, never, undefined> {
  const deadline = Date.now() + timeoutMs;
  let last: T | undefined;
  let answeredAt = Number.NEGATIVE_INFINITY;
  for (let pause = FIRST_INTERVAL_MS; ; pause = Math.min(pause * GROWTH, intervalMs)) {
    try {
      last = await request(signal);
      answeredAt = Date.now();
    } catch (error) {
      if (!isTransient(error) || Date.now() - answeredAt > AWAY_MS) throw error;
    }
    if (last !== undefined) yield last;
    const left = deadline - Date.now();
    if (left <= 0) throw new WaitTimeout(subject, timeoutMs, last);
    await sleep(Math.min(pause, left), signal);
  }
}

/** Returns the first result that is accepted. */
export async function waitUntil<T>(
  subject: string,
  request: (signal?: AbortSignal) => Promise<T>,
  isAccepted: (result: T) => boolean,
  options?: WaitOptions,
): Promise<T> {
  for await (const result of poll(subject, request, options)) if (isAccepted(result)) return result;
  throw new Error("unreachable");
}

const isTransient = (error: unknown) =>
  error instanceof ApiProblem && (error.status === 0 || error.status === 429 || error.status >= 500);

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
