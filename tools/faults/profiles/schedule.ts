/** The fault schedule of a run: kinds and times of the injected faults, drawn from the seed. */
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../../lib/seeded.ts";
import type { Recorder } from "../checks/history.ts";
import type { BindingFaults } from "../gateway/bindings.ts";
import type { FaultyGateway } from "../gateway/gateway.ts";

interface PlannedFault {
  /** Ms after the load began. */
  readonly at: number;
  readonly kind: "kill" | "abort";
  /** Selects the object that is stopped, or the time that the gateway is down: in [0, 1). */
  readonly draw: number;
}

const KILL_EVERY_MS = 24_000;
const ABORT_EVERY_MS = 1_200;
const MAX_DOWN_MS = 1_500;

export function planFaults(seed: number, seconds: number): PlannedFault[] {
  const plan = (kind: PlannedFault["kind"], everyMs: number): PlannedFault[] =>
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

/** Resolves after the last fault, with the gateway up again. */
export async function injectFaults(
  gateway: FaultyGateway,
  recorder: Recorder,
  faults: readonly PlannedFault[],
): Promise<void> {
  const begun = performance.now();
  for (const { at, kind, draw } of faults) {
    await sleep(Math.max(0, at - (performance.now() - begun)));
    if (kind === "kill") await killAndRestart(gateway, recorder, draw * MAX_DOWN_MS);
    else await abort(gateway, recorder, draw);
  }
}

export async function killAndRestart(gateway: FaultyGateway, recorder: Recorder, downMs: number): Promise<void> {
  recorder.note({ kind: "kill" });
  await gateway.kill();
  await sleep(downMs);
  await gateway.restart();
  recorder.note({ kind: "up" });
}

async function abort(gateway: FaultyGateway, recorder: Recorder, draw: number): Promise<void> {
  recorder.note({ kind: "abort" });
  const shard = await gateway.abort(draw).catch(() => null);
  recorder.note({ kind: "aborted", shard });
}
