import { useSyncExternalStore } from "react";

const TICK_MS = 10_000;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** A moment as people say it, with the exact time on hover. */
export function Time({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={`${exactTime(at)} (${at})`}>
      {relativeTime(Date.parse(at), now)}
    </time>
  );
}

/** "3 min. ago", "in 2 hr.", "now". */
export function relativeTime(at: number, now: number): string {
  const ahead = at - now;
  const [unit, ms] = UNITS.find(([, size]) => Math.abs(ahead) >= size) ?? ["second", 1_000];
  return Math.abs(ahead) < 5_000 ? "now" : relative.format(Math.round(ahead / ms), unit);
}

export const exactTime = (at: string | number) => exact.format(new Date(at));

/** "12 ms", "3.4 s", "5 min 2 s", "2 d 3 h". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [Math.floor(seconds) % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** One clock for all times of a page. */
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, to within ten seconds, so that what shows it is drawn again as it passes. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => Math.max(now, 0));
