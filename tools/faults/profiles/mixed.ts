/** Everything at once for a time: senders, callers and operators on every feature, under all kinds of faults. */
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultyGateway } from "../gateway/gateway.ts";
import { callAll } from "../load/callers.ts";
import { FEATURES } from "../load/features.ts";
import { type FreshTrigger, sendAll } from "../load/load.ts";
import { operateAll, releaseLanes } from "../load/operators.ts";
import type { Driven, LoadContext, Profile } from "./profile.ts";
import { bindingFaults, injectFaults, planFaults } from "./schedule.ts";

const SENDERS = 16;
const OWNERS = 10;
const PAUSE_MS = 400;
const OWNER_PAUSE_MS = 300;
const COUNT_EVERY_MS = 300;

export const mixed = (seconds: number, senders = SENDERS): Profile => ({
  features: FEATURES,
  drainMs: 90_000,
  drive: (context) => drive(context, seconds, senders),
});

async function drive(context: LoadContext, seconds: number, senders: number): Promise<Driven> {
  const { gateway, workspace, recorder, seed, partners, calm } = context;
  let isOver = false;
  const known: string[] = [];
  const fresh: FreshTrigger[] = [];
  const { url, token } = gateway;
  const common = { recorder, seed, gateway: url, token, isOver: () => isOver };
  const operators = { ...common, workspace, known, fresh };
  const base = `${url}/${workspace.client.name}`;
  const api = `${url}/api/v1${workspace.path}`;
  await gateway.set(bindingFaults(seed));
  const working = Promise.all([
    callAll({ ...common, api, handler: `${partners}/handler`, owners: OWNERS, pauseMs: OWNER_PAUSE_MS }),
    sendAll({ ...common, base, fresh, senders, pauseMs: PAUSE_MS, onAccepted: (id) => known.push(id) }),
    operateAll(operators),
  ]);
  const [counted] = await Promise.all([
    countWhile(gateway, injectFaults(gateway, recorder, planFaults(seed, seconds))),
    sleep(seconds * 1000),
  ]);
  isOver = true;
  await calm();
  const [minted] = await working;
  await releaseLanes(operators);
  return { minted, ...counted };
}

/** Adds up the failures of bindings while faults are injected: a gateway that is killed loses its counters. */
async function countWhile(gateway: FaultyGateway, injecting: Promise<void>): Promise<Omit<Driven, "minted">> {
  const sums = { r2Failures: 0, staleReads: 0 };
  let last = { ...sums };
  let isOver = false;
  const end = injecting.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.race([sleep(COUNT_EVERY_MS), end]);
    const { r2Failures, staleReads } = await gateway.faultCounts().catch(() => last);
    sums.r2Failures += r2Failures >= last.r2Failures ? r2Failures - last.r2Failures : r2Failures;
    sums.staleReads += staleReads >= last.staleReads ? staleReads - last.staleReads : staleReads;
    last = { r2Failures, staleReads };
  }
  await end;
  return sums;
}
