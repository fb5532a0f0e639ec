/** What is told to whoever watches: one structured line for each request and attempt, and the same to Analytics Engine. */
import type { Env } from "../config.ts";

interface Seen {
  /** `request`, `attempt` or `callback handler`. */
  readonly message: string;
  readonly workspace?: string;
  /** A route, a step: never a URL, which may hold what must not be told. */
  readonly what: string;
  /** HTTP status, or why there is none. */
  readonly outcome: string;
  readonly ms: number;
}

type Facts = Readonly<Record<string, string | number | undefined>>;

/**
 * @param isLogged whether a line is written.
 * @param facts what else the line says; Analytics Engine does not get it.
 */
export function emit({ METRICS }: Pick<Env, "METRICS">, isLogged: boolean, seen: Seen, facts: Facts = {}): void {
  if (isLogged) console.log({ ...seen, ...facts });
  const { message, workspace = "", what, outcome, ms } = seen;
  METRICS?.writeDataPoint({ indexes: [workspace], blobs: [message, workspace, what, outcome], doubles: [ms] });
}
