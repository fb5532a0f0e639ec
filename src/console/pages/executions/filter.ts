/** The filter of the list of executions, as the URL has it. */
import type { ExecutionFilter, Status } from "../../../client/index.ts";

export const STATUSES = [
  "queued",
  "running",
  "waiting",
  "retrying",
  "succeeded",
  "failed",
  "cancelled",
] as const satisfies Status[];

const NAMES = ["trigger", "flow", "status", "from", "to"] as const;

/** What the URL asks for; a status that is none is as good as no status. */
export function readFilter(search: URLSearchParams): ExecutionFilter {
  const given = NAMES.flatMap((name) => {
    const value = search.get(name);
    return value && isUsable(name, value) ? [[name, value]] : [];
  });
  return Object.fromEntries(given);
}

const isUsable = (name: (typeof NAMES)[number], value: string) =>
  name === "status"
    ? STATUSES.some((status) => status === value)
    : name === "from" || name === "to"
      ? !Number.isNaN(Date.parse(value))
      : true;

/** The URL with one part of the filter changed. */
export function withFilter(search: URLSearchParams, name: keyof ExecutionFilter, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value === "") next.delete(name);
  else next.set(name, value);
  return next;
}

/** A filter in words, for a person who is about to act on all that it matches. */
export function describeFilter({ trigger, flow, status, from, to }: ExecutionFilter): string {
  const parts = [
    status && `with the status ${status}`,
    trigger && `of the trigger ${trigger}`,
    flow && `of the flow ${flow}`,
    from && `from ${new Date(from).toLocaleString("en")} on`,
    to && `until ${new Date(to).toLocaleString("en")}`,
  ].filter(Boolean);
  return parts.length > 0 ? `executions ${parts.join(", ")}` : "executions of this workspace";
}
