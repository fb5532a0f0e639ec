/** Compares the simulation with the gateway, at a scale that one machine can do: the limit by a shard's connections. */

import { measure } from "../rounds.ts";
import { SCENARIOS } from "../scenarios.ts";
import { startGatewaySubject } from "../subjects/gateway-subject.ts";
import { startBench } from "../surroundings.ts";
import { type ShardModel, simulateShard } from "./simulation.ts";

interface Confirmed {
  readonly shards: number;
  readonly targetMs: number;
  readonly simulated: number;
  readonly measured: number;
}

const CASES = [
  { shards: 1, targetMs: 50 },
  { shards: 1, targetMs: 200 },
  { shards: 2, targetMs: 100 },
  { shards: 4, targetMs: 100 },
];
/** More than any case can deliver, so that there is always a backlog. */
const OFFERED_PER_SECOND = 1_000;
const OPTIONS = { concurrency: 32, payloadBytes: 256, seconds: 4, rounds: 1 };

type Costs = Pick<ShardModel, "acceptMs" | "deliverMs" | "commitMs">;

export async function confirmSimulation(costs: Costs): Promise<Confirmed[]> {
  const scenario = SCENARIOS.find(({ name }) => name === "deliver");
  if (!scenario) throw new Error("there is no scenario deliver");
  await using stack = new AsyncDisposableStack();
  const { children, around } = await startBench(stack, { ...OPTIONS, shards: 1, connections: OPTIONS.concurrency });
  const confirmed: Confirmed[] = [];
  for (const { shards, targetMs } of CASES) {
    const path = `after-${targetMs}`;
    await using gateway = await startGatewaySubject(scenario, { ...around, shards }, { path });
    const [measured] = await measure(children, [gateway], { ...OPTIONS, scenario });
    const one = simulateShard({
      ...costs,
      ...{ targetMs, seconds: OPTIONS.seconds, arrivalsPerSecond: OFFERED_PER_SECOND / shards },
    });
    confirmed.push({ shards, targetMs, simulated: one.deliveredPerSecond * shards, measured: measured?.rates[0] ?? 0 });
  }
  return confirmed;
}
