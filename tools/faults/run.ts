/** One fault run: everything is set up, loaded, struck, let come to rest, and looked at. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Evidence, Recorder } from "./checks/history.ts";
import { collectCallbacks, collectExecutions, waitUntilQuiet } from "./collect.ts";
import { NO_FAULTS } from "./gateway/bindings.ts";
import { type FaultyGateway, startFaultyGateway } from "./gateway/gateway.ts";
import { callAll } from "./load/callers.ts";
import { type FreshTrigger, sendAll } from "./load/load.ts";
import { operateAll, releaseLanes } from "./load/operators.ts";
import { Signals } from "./load/signals.ts";
import { setUp } from "./load/workspace.ts";
import { startPartners } from "./partners/partners.ts";
import { bindingFaults, planBlows, strike } from "./schedule.ts";

export interface RunOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Folder of the built Worker. */
  readonly worker?: string;
  readonly senders?: number;
}

export interface Run extends Evidence {
  readonly seed: number;
  readonly seconds: number;
  /** What the gateway logged. */
  readonly log: string;
  readonly r2Failures: number;
  readonly staleReads: number;
  /** Of the recorder's clock, with which all times of the history are told. */
  readonly begunAt: number;
}

const SENDERS = 16;
const OWNERS = 10;
const PAUSE_MS = 400;
/** So long everything may take to come to its end once the faults are over. */
const REST_MS = 90_000;
/** Those who repeat look on for a while: nothing may come any more. */
const LINGER_MS = 1_000;

export async function runFaults({ seed, seconds, worker, senders = SENDERS }: RunOptions): Promise<Run> {
  await using gateway = await startFaultyGateway(worker);
  const begunAt = Date.now();
  const recorder = new Recorder();
  let isOver = false;
  let isCalm = false;
  let callbackToken = "";
  const signals = new Signals(recorder, seed, () => callbackToken);
  await using partners = await startPartners({
    recorder,
    seed,
    signals,
    gateway: () => gateway.url,
    isCalm: () => isCalm,
  });
  const workspace = await setUp(gateway.url, gateway.token, partners.url);
  callbackToken = workspace.callbackToken;

  const known: string[] = [];
  const fresh: FreshTrigger[] = [];
  const { url, token } = gateway;
  const common = { recorder, seed, gateway: url, token, isOver: () => isOver };
  const operators = { ...common, workspace, known, fresh };
  await gateway.set(bindingFaults(seed));
  const working = Promise.all([
    sendAll({
      ...common,
      base: `${url}/${workspace.client.name}`,
      fresh,
      senders,
      pauseMs: PAUSE_MS,
      onAccepted: (id) => known.push(id),
    }),
    callAll({
      ...common,
      api: `${url}/api/v1${workspace.path}`,
      handler: `${partners.url}/handler`,
      owners: OWNERS,
      pauseMs: 300,
    }),
    operateAll(operators),
  ]);
  const [struck] = await Promise.all([
    count(gateway, strike(gateway, recorder, planBlows(seed, seconds))),
    sleep(seconds * 1000),
  ]);
  isOver = true;
  isCalm = true;
  signals.isClosed = true;
  await gateway.set(NO_FAULTS);
  recorder.note({ kind: "calm" });
  const [, minted] = await working;
  await releaseLanes(operators);
  await waitUntilQuiet(workspace.client, REST_MS);
  await signals.settled();
  await sleep(LINGER_MS);
  const executions = await collectExecutions(workspace.client, recorder);
  const callbacks = await collectCallbacks(workspace.client, minted);
  return { seed, seconds, begunAt, events: recorder.events, executions, callbacks, log: gateway.log(), ...struck };
}

/** Looks at what was struck while the blows fall, as a killed gateway forgets it. */
async function count(
  gateway: FaultyGateway,
  striking: Promise<void>,
): Promise<{ r2Failures: number; staleReads: number }> {
  const sums = { r2Failures: 0, staleReads: 0 };
  let last = { ...sums };
  let isOver = false;
  const end = striking.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.race([sleep(300), end]);
    const { r2Failures, staleReads } = await gateway.struck().catch(() => last);
    // It counts from zero again after a restart.
    sums.r2Failures += r2Failures >= last.r2Failures ? r2Failures - last.r2Failures : r2Failures;
    sums.staleReads += staleReads >= last.staleReads ? staleReads - last.staleReads : staleReads;
    last = { r2Failures, staleReads };
  }
  await end;
  return sums;
}
