/** Spans of time that the overview can be about. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Window {
  readonly label: string;
  readonly ms: number;
  /** Width of one bar. */
  readonly bucketMs: number;
}

export const WINDOWS = {
  "1h": { label: "1 hour", ms: HOUR_MS, bucketMs: 2 * MINUTE_MS },
  "24h": { label: "24 hours", ms: DAY_MS, bucketMs: HOUR_MS },
  "7d": { label: "7 days", ms: 7 * DAY_MS, bucketMs: 6 * HOUR_MS },
  "30d": { label: "30 days", ms: 30 * DAY_MS, bucketMs: DAY_MS },
} as const satisfies Record<string, Window>;

export type WindowName = keyof typeof WINDOWS;

export const isWindow = (name: string | null): name is WindowName => name !== null && name in WINDOWS;
