/** Measures the cost of a message against the number of stored rows, shards, triggers or lanes. */
import { median } from "../../lib/statistics.ts";
import type { Child } from "../child.ts";
import { type Measured, measure, type RoundsOptions } from "../rounds.ts";
import { SCENARIOS, type Scenario } from "../scenarios.ts";
import { type GatewayOptions, startGatewaySubject } from "../subjects/gateway-subject.ts";
import type { Surroundings } from "../subjects/subject.ts";
import { type Filled, fillShards } from "./fill.ts";

interface Axis {
  readonly name: string;
  /** Sizes to measure; the first one is the baseline. */
  readonly values: readonly number[];
  readonly scenarios: readonly string[];
  readonly set: (value: number, scenario: Scenario) => { scenario?: Scenario; shards?: number } & GatewayOptions;
}

export interface Point {
  readonly axis: string;
  readonly scenario: string;
  readonly value: number;
  readonly rate: number;
  readonly cpuMicros: number;
  /** Processor time and time of a message as a multiple of those at the first value; medians over the rounds. */
  readonly cpuTimes: number;
  readonly times: number;
}

const table = ({ work }: Scenario): Filled => (work === "mint" || work === "use" ? "callbacks" : "executions");

export const AXES: readonly Axis[] = [
  {
    name: "rows stored in the shard",
    values: [1_000, 100_000, 1_000_000],
    scenarios: ["deliver", "sync", "async", "lane-64", "mint", "use"],
    set: (rows, scenario) => ({ shards: 1, fill: (folder) => fillShards(folder, table(scenario), rows) }),
  },
  { name: "shards", values: [1, 4, 16, 64], scenarios: ["deliver", "sync"], set: (shards) => ({ shards }) },
  { name: "triggers", values: [1, 10, 100, 1_000], scenarios: ["deliver", "sync"], set: (triggers) => ({ triggers }) },
  {
    name: "lanes",
    values: [1, 10, 100, 1_000, 10_000],
    scenarios: ["lane-64"],
    set: (lanes, scenario) => ({ scenario: { ...scenario, lanes } }),
  },
];

type Options = Omit<RoundsOptions, "scenario">;

export async function measureGrowth(
  children: { load: Child; target: Child },
  around: Surroundings,
  axis: Axis,
  name: string,
  options: Options,
): Promise<Point[]> {
  const known = SCENARIOS.find((scenario) => scenario.name === name);
  if (!known) throw new Error(`there is no scenario ${name}`);
  await using stack = new AsyncDisposableStack();
  const subjects = [];
  for (const value of axis.values) {
    const { scenario = known, shards = around.shards, ...more } = axis.set(value, known);
    const subject = await startGatewaySubject(scenario, { ...around, shards }, { name: String(value), ...more });
    const destination: typeof subject.destination = (_, requests) => subject.destination(scenario, requests);
    subjects.push(stack.use({ ...subject, destination, [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose]() }));
  }
  const measured = await measure(children, subjects, { ...options, scenario: known });
  return measured.map((one, index) => pointOf(axis, name, axis.values[index] ?? 0, one, measured[0] ?? one));
}

function pointOf(axis: Axis, scenario: string, value: number, { rates, cpuMicros }: Measured, first: Measured): Point {
  const ratio = (own: readonly number[], other: readonly number[]) =>
    median(own.map((one, round) => one / (other[round] ?? Number.NaN)));
  return {
    ...{ axis: axis.name, scenario, value, rate: median(rates), cpuMicros: median(cpuMicros) },
    cpuTimes: ratio(cpuMicros, first.cpuMicros),
    times: ratio(first.rates, rates),
  };
}
