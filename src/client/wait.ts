/** Waiting for something to become so: asking again and again, at first quickly, then in growing intervals. */
import { ApiProblem } from "./problem.ts";

export interface WaitOptions {
  /** Longest wait in ms; without it as long as it takes. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Longest interval between two looks, in ms. */
  readonly intervalMs?: number | undefined;
}

/** It did not come about in time. */
export class WaitTimeout extends Error {
  override readonly name = "WaitTimeout";
  /** What was seen last. */
  readonly last: unknown;

  constructor(what: string, timeoutMs: number, last: unknown) {
    super(`Waited ${timeoutMs / 1000} s for ${what}.`);
    this.last = last;
  }
}

const FIRST_INTERVAL_MS = 50;
const INTERVAL_MS = 2_000;
const GROWTH = 1.5;
/** How long a gateway that has answered before may be away: over a restart or a deployment. */
const AWAY_MS = 60_000;

/** What `look` sees, until there is nothing more to wait for. The last one may be the one of the time-out. */
export async function* looks<T>(
  what: string,
  look: (signal?: AbortSignal) => Promise<T>,
  { timeoutMs = Number.POSITIVE_INFINITY, signal, intervalMs = INTERVAL_MS }: WaitOptions = {},
): AsyncGenerator<T, never, undefined> {
  const deadline = Date.now() + timeoutMs;
  let last: T | undefined;
  let seenAt = Number.NEGATIVE_INFINITY;
  for (let pause = FIRST_INTERVAL_MS; ; pause = Math.min(pause * GROWTH, intervalMs)) {
    try {
      last = await look(signal);
      seenAt = Date.now();
    } catch (error) {
      if (!isPassing(error) || Date.now() - seenAt > AWAY_MS) throw error;
    }
    if (last !== undefined) yield last;
    const left = deadline - Date.now();
    if (left <= 0) throw new WaitTimeout(what, timeoutMs, last);
    await sleep(Math.min(pause, left), signal);
  }
}

/** The first that is as wanted. */
export async function waitUntil<T>(
  what: string,
  look: (signal?: AbortSignal) => Promise<T>,
  isThere: (seen: T) => boolean,
  options?: WaitOptions,
): Promise<T> {
  for await (const seen of looks(what, look, options)) if (isThere(seen)) return seen;
  throw new Error("unreachable");
}

const isPassing = (error: unknown) =>
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
