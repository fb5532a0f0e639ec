/** One fault run: sets everything up, loads the gateway by a profile, lets every execution end, and collects the evidence. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Evidence, Recorder } from "./checks/history.ts";
import { collectCallbacks, collectExecutions, waitUntilQuiet } from "./collect.ts";
import { NO_FAULTS } from "./gateway/bindings.ts";
import { startFaultyGateway } from "./gateway/gateway.ts";
import { Signals } from "./load/signals.ts";
import { setUp } from "./load/workspace.ts";
import { startPartners } from "./partners/partners.ts";
import type { Profile } from "./profiles/profile.ts";

interface RunOptions {
  readonly seed: number;
  readonly profile: Profile;
  /** Folder of the built Worker. */
  readonly worker?: string | undefined;
}

export interface Run extends Evidence {
  readonly seed: number;
  /** The gateway's log. */
  readonly log: string;
  readonly r2Failures: number;
  readonly staleReads: number;
  /** The recorder's zero: all times of the history count from here. */
  readonly begunAt: number;
}

/** Time in which a late repetition still counts against the gateway. */
const LINGER_MS = 1_000;

export async function runFaults({ seed, profile, worker }: RunOptions): Promise<Run> {
  await using gateway = await startFaultyGateway(worker);
  const begunAt = Date.now();
  const recorder = new Recorder();
  let isCalm = false;
  let callbackToken = "";
  const signals = new Signals(recorder, seed, () => callbackToken, profile.holdsCallbacks);
  await using partners = await startPartners({
    ...{ recorder, seed, signals },
    gateway: () => gateway.url,
    isCalm: () => isCalm,
    isDeaf: profile.features.every(({ strict }) => strict === undefined),
  });
  const workspace = await setUp(gateway, partners.url, profile.features, profile.shards);
  callbackToken = workspace.callbackToken;
  const calm = async () => {
    isCalm = true;
    signals.isClosed = true;
    await gateway.set(NO_FAULTS);
    recorder.note({ kind: "calm" });
  };
  const context = { gateway, workspace, partners: partners.url, recorder, signals, seed, calm };
  const { minted, r2Failures, staleReads } = await profile.drive(context);
  await waitUntilQuiet(workspace.client, profile.drainMs);
  await signals.settled();
  await sleep(LINGER_MS);
  const executions = await collectExecutions(workspace.client, recorder);
  const callbacks = await collectCallbacks(workspace.client, minted);
  return { seed, begunAt, events: recorder.events, executions, callbacks, log: gateway.log(), r2Failures, staleReads };
}
