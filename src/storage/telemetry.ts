/** Logs one structured entry for each request and attempt, and sends the same to Analytics Engine. */
import type { Env } from "../config.ts";

interface Event {
  /** `request`, `attempt` or `callback handler`. */
  readonly message: string;
  readonly workspace?: string;
  /** The name of a route or a step; never a URL, which may contain a secret. */
  readonly what: string;
  /** HTTP status, or the reason why there is none. */
  readonly outcome: string;
  readonly ms: number;
}

type Details = Readonly<Record<string, string | number | undefined>>;

/**
 * @param isLogged whether the entry is logged; Analytics Engine gets it in any case.
 * @param details further fields of the log entry, which Analytics Engine does not get.
 */
export function emit({ METRICS }: Pick<Env, "METRICS">, isLogged: boolean, event: Event, details: Details = {}): void {
  if (isLogged) console.log({ ...event, ...details });
  const { message, workspace = "", what, outcome, ms } = event;
  METRICS?.writeDataPoint({ indexes: [workspace], blobs: [message, workspace, what, outcome], doubles: [ms] });
}
