/** The results of a scenario as figures and as a row of the table. */
import { median } from "../lib/statistics.ts";
import type { Measured } from "./rounds.ts";

export interface Report {
  readonly scenario: string;
  readonly measured: readonly Measured[];
}

const RATIO = ["times", "CPU µs"];
const OWN_HEADINGS = ["scenario", "msg/s", "p50 ms", "p99 ms", "CPU µs"];
export const HEADINGS = [...OWN_HEADINGS, "plain floor", ...RATIO, "grouped floor", ...RATIO];
export const ENGINE_HEADINGS = ["engine", ...RATIO];

/** The gateway's throughput as a multiple of another subject's: the median of the ratios per round. */
function timesOf({ measured }: Report, name: string): number | null {
  const [own, other] = ["gateway", name].map((subject) => measured.find((one) => one.subject === subject)?.rates);
  if (!own || !other) return null;
  return median(own.map((rate, round) => rate / (other[round] ?? Number.NaN)));
}

export function row(report: Report, withEngine: boolean): (string | number)[] {
  const of = (name: string) => report.measured.find(({ subject }) => subject === name);
  const own = of("gateway");
  const beside = (name: string) => {
    const [other, times] = [of(name), timesOf(report, name)];
    return other && times !== null ? [rate(other), times.toFixed(2), median(other.cpuMicros).toFixed(0)] : ["", "", ""];
  };
  return [
    report.scenario,
    ...(own
      ? [rate(own), own.p50Ms.toFixed(1), own.p99Ms.toFixed(1), median(own.cpuMicros).toFixed(0)]
      : ["", "", "", ""]),
    ...["plain", "grouped", ...(withEngine ? ["engine"] : [])].flatMap(beside),
  ];
}

function rate({ rates }: Measured): string {
  const middle = median(rates);
  return middle.toFixed(middle < 100 ? 1 : 0);
}
