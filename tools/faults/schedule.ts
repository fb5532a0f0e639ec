/** What is done to the gateway while the load runs, and when: drawn from the seed. */
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../lib/seeded.ts";
import type { Recorder } from "./checks/history.ts";
import type { BindingFaults } from "./gateway/bindings.ts";
import type { FaultyGateway } from "./gateway/gateway.ts";

export interface Blow {
  /** Ms after the load began. */
  readonly at: number;
  readonly kind: "kill" | "abort";
  /** Which object is stopped, or how long the gateway stays away: in [0, 1). */
  readonly draw: number;
}

const KILL_EVERY_MS = 24_000;
const ABORT_EVERY_MS = 1_200;
const LONGEST_AWAY_MS = 1_500;

export function planBlows(seed: number, seconds: number): Blow[] {
  const plan = (kind: Blow["kind"], everyMs: number): Blow[] =>
    Array.from({ length: Math.max(1, Math.round((seconds * 1000) / everyMs)) }, (_, n) => ({
      kind,
      at: Math.min((n + 0.3 + seeded(seed, kind, n) * 0.6) * everyMs, seconds * 1000 * 0.95),
      draw: seeded(seed, kind, "draw", n),
    }));
  return [...plan("kill", KILL_EVERY_MS), ...plan("abort", ABORT_EVERY_MS)].sort((a, b) => a.at - b.at);
}

export const bindingFaults = (seed: number): BindingFaults => ({
  seed,
  ...{ r2Failures: 0.04, r2Delays: 0.2 },
  ...{ kvStale: 0.8, kvStaleMs: 60_000 },
});

/** Strikes by the plan; resolves after the last blow, with the gateway up again. */
export async function strike(gateway: FaultyGateway, recorder: Recorder, blows: readonly Blow[]): Promise<void> {
  const begun = performance.now();
  for (const { at, kind, draw } of blows) {
    await sleep(Math.max(0, at - (performance.now() - begun)));
    if (kind === "kill") await killAndRestart(gateway, recorder, draw * LONGEST_AWAY_MS);
    else await abort(gateway, recorder, draw);
  }
}

export async function killAndRestart(gateway: FaultyGateway, recorder: Recorder, awayMs: number): Promise<void> {
  recorder.note({ kind: "kill" });
  await gateway.kill();
  await sleep(awayMs);
  await gateway.restart();
  recorder.note({ kind: "up" });
}

async function abort(gateway: FaultyGateway, recorder: Recorder, draw: number): Promise<void> {
  recorder.note({ kind: "abort" });
  const shard = await gateway.abort(draw).catch(() => null);
  recorder.note({ kind: "aborted", shard });
}
