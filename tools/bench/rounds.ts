/** The rounds of one scenario: subjects take turns, so that other load on the machine affects all of them. */

import { cpuSecondsOf } from "../lib/runtime-memory.ts";
import { median } from "../lib/statistics.ts";
import type { Child } from "./child.ts";
import type { Load, LoadResult } from "./load.ts";
import type { Scenario } from "./scenarios.ts";
import type { Destination, Subject } from "./subjects/subject.ts";

export interface RoundsOptions {
  readonly scenario: Scenario;
  readonly concurrency: number;
  readonly payloadBytes: number;
  readonly seconds: number;
  readonly rounds: number;
}

export interface Measured {
  readonly subject: string;
  /** Messages per second in each round. */
  readonly rates: readonly number[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of a message in microseconds, in each round. */
  readonly cpuMicros: readonly number[];
}

type Run = Pick<LoadResult, "p50Ms" | "p99Ms"> & { readonly rate: number; readonly cpuMicros: number };

const WARM_UP_REQUESTS = 300;
const WARM_UP_SECONDS = 1;
/** Bounds of a counted run: least requests per sender, most requests in total. */
const LEAST_TURNS = 4;
const MOST_REQUESTS = 30_000;
const INLINE_BYTES = 64 * 1024;

export async function measure(
  { load, target }: { load: Child; target: Child },
  subjects: readonly Subject[],
  options: RoundsOptions,
): Promise<Measured[]> {
  /** Large bodies are sent less often. */
  const smallness = Math.min(1, INLINE_BYTES / (options.scenario.bodyBytes ?? 1));
  const warm: { subject: Subject; rate: number; runs: Run[] }[] = [];
  for (const subject of subjects) warm.push({ subject, rate: await warmUp(subject), runs: [] });
  for (let round = 0; round < options.rounds; round++) {
    for (const at of orderIn(round, warm.length)) {
      const { subject, rate, runs } = warm[at] as (typeof warm)[number];
      runs.push(await run(subject, countFor(rate * options.seconds)));
    }
  }
  return warm.map(({ subject, runs }) => ({
    subject: subject.name,
    rates: runs.map(({ rate }) => rate),
    p50Ms: median(runs.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(runs.map(({ p99Ms }) => p99Ms)),
    cpuMicros: runs.map(({ cpuMicros }) => cpuMicros),
  }));

  /** Runs twice: the first run determines the size of the second. */
  async function warmUp(subject: Subject): Promise<number> {
    const { rate } = await run(subject, countFor(WARM_UP_REQUESTS * smallness), WARM_UP_SECONDS);
    return (await run(subject, countFor(rate * WARM_UP_SECONDS), WARM_UP_SECONDS)).rate;
  }

  async function run(subject: Subject, requests: number, seconds = options.seconds): Promise<Run> {
    const { scenario } = options;
    const destination = await subject.destination(scenario, requests);
    const cpuBefore = cpuSecondsOf(subject.pids);
    if (scenario.mode === "drained") await target.ask("reset");
    const has = scenario.mode === "drained" ? target.ask<number>("has", requests) : null;
    const sent = await send(destination, scenario.mode === "timed" ? { seconds } : { requests });
    if (sent.unanswered > 0) console.error(`${subject.name}: ${sent.unanswered} requests were not answered`);
    const took = has ? (await has) - sent.startedAt : sent.seconds;
    const { completed, p50Ms, p99Ms } = sent;
    const cpuMicros = ((cpuSecondsOf(subject.pids) - cpuBefore) / completed) * 1e6;
    return { rate: completed / took, p50Ms, p99Ms, cpuMicros };
  }

  function send(destination: Destination, until: Load["until"]): Promise<LoadResult> {
    const payloadBytes = options.scenario.bodyBytes ?? options.payloadBytes;
    const asked: Load = { ...destination, payloadBytes, connections: connections(), until };
    return load.ask<LoadResult>("generate", asked);
  }

  function connections(): number {
    return Math.max(1, Math.round(options.concurrency * (options.scenario.senders ?? 1)));
  }

  function countFor(wanted: number): number {
    const most = Math.ceil(MOST_REQUESTS * smallness);
    return Math.max(connections() * LEAST_TURNS, Math.min(most, Math.round(wanted)));
  }
}

/**
 * The order of `count` subjects in a round: a Williams design. Over `count` rounds (twice as many for an odd number)
 * each subject follows each other one equally often, so that after-effects such as dirty pages are spread evenly.
 */
export function orderIn(round: number, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? count - i / 2 : (i + 1) / 2) + round);
  const isReversed = count % 2 === 1 && Math.floor(round / count) % 2 === 1;
  return (isReversed ? order.reverse() : order).map((at) => at % count);
}
