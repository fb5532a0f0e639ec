/** The options of the overview's charts. A canvas cannot use CSS, so the colours of both modes are here. */
import type { EChartsCoreOption } from "echarts/core";
import { duration } from "../../ui/text/time.tsx";
import { type Bucket, GROUPS, type Group } from "./summary.ts";

type Mode = "light" | "dark";

export const COLORS: Record<Mode, Record<Group | "text" | "line" | "surface" | "median" | "p95", string>> = {
  light: {
    succeeded: "#2f9e6a",
    failed: "#d9483b",
    cancelled: "#b7bcc6",
    unfinished: "#4a86e8",
    median: "#1f5fd0",
    p95: "#9a5b00",
    text: "#5f6368",
    line: "#ececee",
    surface: "#ffffff",
  },
  dark: {
    succeeded: "#3a9c6c",
    failed: "#e0665b",
    cancelled: "#5d6470",
    unfinished: "#4f86df",
    median: "#86b4ff",
    p95: "#f5b454",
    text: "#a6abb3",
    line: "#2b2b2e",
    surface: "#1c1c1f",
  },
};

export const GROUP_LABELS: Record<Group, string> = {
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
  unfinished: "Not finished",
};

export function countsOption(buckets: readonly Bucket[], bucketMs: number, mode: Mode): EChartsCoreOption {
  const colors = COLORS[mode];
  return {
    ...frame(buckets, bucketMs, mode, (value) => `${value}`),
    series: GROUPS.map((group) => ({
      type: "bar",
      name: GROUP_LABELS[group],
      stack: "all",
      barCategoryGap: "25%",
      itemStyle: { color: colors[group] },
      emphasis: { disabled: true },
      data: buckets.map(({ counts }) => counts[group]),
    })),
  };
}

export function durationsOption(buckets: readonly Bucket[], bucketMs: number, mode: Mode): EChartsCoreOption {
  const colors = COLORS[mode];
  const line = (name: string, key: "median" | "p95", symbol: string, type: string) => ({
    type: "line",
    name,
    data: buckets.map((bucket) => bucket[key]),
    connectNulls: true,
    symbol,
    symbolSize: 5,
    lineStyle: { color: colors[key], width: 2, type },
    itemStyle: { color: colors[key] },
    emphasis: { disabled: true },
  });
  return {
    ...frame(buckets, bucketMs, mode, duration),
    series: [line("Half of them within", "median", "circle", "solid"), line("95 % within", "p95", "rect", "dashed")],
  };
}

function frame(buckets: readonly Bucket[], bucketMs: number, mode: Mode, format: (value: number) => string) {
  const { text, line, surface } = COLORS[mode];
  return {
    textStyle: { fontFamily: "inherit", color: text },
    tooltip: {
      trigger: "axis",
      // The other way writes HTML with style attributes, which the Content-Security-Policy does not let in.
      renderMode: "richText",
      confine: true,
      backgroundColor: surface,
      borderColor: line,
      textStyle: { color: text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === "number" ? format(value) : "–"),
    },
    xAxis: {
      type: "category",
      data: buckets.map(({ at }) => bucketLabel(at, bucketMs)),
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      axisLabel: { color: text, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitNumber: 4,
      axisLabel: { color: text, fontSize: 11, formatter: format },
      splitLine: { lineStyle: { color: line } },
    },
  };
}

const DAY_MS = 86_400_000;

/** When a bucket begins, no more exact than it is wide. */
export function bucketLabel(at: number, bucketMs: number): string {
  const day = { month: "short", day: "numeric" } as const;
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const parts = bucketMs >= DAY_MS ? day : bucketMs > DAY_MS / 24 ? { ...day, hour: "2-digit" as const } : time;
  return new Intl.DateTimeFormat("en-GB", parts).format(at);
}
