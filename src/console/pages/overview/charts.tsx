import { useMemo } from "react";
import { useMode } from "../../shell/theme.ts";
import { Chart } from "../../ui/chart/chart.tsx";
import { Legend } from "../../ui/chart/legend.tsx";
import { Section } from "../../ui/page/page.tsx";
import { duration } from "../../ui/text/time.tsx";
import { bucketLabel, COLORS, countsOption, durationsOption, GROUP_LABELS } from "./chart-options.ts";
import styles from "./charts.module.css";
import { type Bucket, GROUPS, type Summary } from "./summary.ts";

interface Props {
  readonly summary: Summary;
  readonly bucketMs: number;
}

/** The charts of the overview, each with its numbers as a table. */
export default function Charts({ summary: { buckets, total, successRate, median, p95 }, bucketMs }: Props) {
  const mode = useMode();
  const colors = COLORS[mode];
  const counts = useMemo(() => countsOption(buckets, bucketMs, mode), [buckets, bucketMs, mode]);
  const durations = useMemo(() => durationsOption(buckets, bucketMs, mode), [buckets, bucketMs, mode]);
  const rate = successRate === null ? "" : `, ${Math.round(successRate * 100)} % of the finished ones succeeded`;
  return (
    <div className={styles.charts}>
      <Section title="Executions by status">
        <Chart option={counts} label={`Bar chart: ${total} executions${rate}. The numbers are in the table below.`} />
        <Legend items={GROUPS.map((group) => filled(GROUP_LABELS[group], colors[group]))} />
        <Numbers
          buckets={buckets}
          bucketMs={bucketMs}
          columns={GROUPS.map((group) => [GROUP_LABELS[group], (bucket) => `${bucket.counts[group]}`])}
        />
      </Section>
      <Section title="Time to finish">
        <Chart
          option={durations}
          label={`Line chart: half of the executions ended within ${inWords(median)}, 95 % within ${inWords(p95)}. The numbers are in the table below.`}
        />
        <Legend items={[filled("Half of them within", colors.median), filled("95 % within", colors.p95)]} />
        <Numbers
          buckets={buckets}
          bucketMs={bucketMs}
          columns={[
            ["Half of them within", ({ median: value }) => inWords(value)],
            ["95 % within", ({ p95: value }) => inWords(value)],
          ]}
        />
      </Section>
    </div>
  );
}

const filled = (label: string, background: string) => ({ label, style: { background } });

const inWords = (ms: number | null) => (ms === null ? "–" : duration(ms));

interface NumbersProps {
  readonly buckets: readonly Bucket[];
  readonly bucketMs: number;
  readonly columns: readonly (readonly [string, (bucket: Bucket) => string])[];
}

function Numbers({ buckets, bucketMs, columns }: NumbersProps) {
  return (
    <details className={styles.numbers}>
      <summary>Show the numbers</summary>
      <div className={styles.scroll}>
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              {columns.map(([name]) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket) => (
              <tr key={bucket.at}>
                <th scope="row">{bucketLabel(bucket.at, bucketMs)}</th>
                {columns.map(([name, cell]) => (
                  <td key={name}>{cell(bucket)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
