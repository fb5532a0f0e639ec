/** The filter of the list of executions, which is stored in the URL. */
import type { ExecutionFilter } from "../../../client/index.ts";
import { STATUSES } from "../../data/statuses.ts";

const IS_VALID: Record<keyof ExecutionFilter, (value: string) => boolean> = {
  trigger: () => true,
  flow: () => true,
  status: (value) => STATUSES.some((status) => status === value),
  from: (value) => !Number.isNaN(Date.parse(value)),
  to: (value) => !Number.isNaN(Date.parse(value)),
};

/** The filter of a URL; what is not valid is left out. */
export function readFilter(search: URLSearchParams): ExecutionFilter {
  return Object.fromEntries(
    Object.entries(IS_VALID).flatMap(([name, isValid]) => {
      const value = search.get(name);
      return value && isValid(value) ? [[name, value]] : [];
    }),
  );
}

/** The URL with one part of the filter changed. */
export function withFilter(search: URLSearchParams, name: keyof ExecutionFilter, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value === "") next.delete(name);
  else next.set(name, value);
  return next;
}

/** A filter in words, for the confirmation of a bulk action. */
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
