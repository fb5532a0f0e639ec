/** Executions: looking at them, and what operators do with them. */

import { type ExecutionEvent, followExecution, isFinished } from "./follow.ts";
import { type AllOptions, type CallOptions, type Page, type PageQuery, path, type Transport } from "./transport.ts";
import type {
  BulkAction,
  BulkResult,
  ExecutionDetail,
  ExecutionFilter,
  ExecutionSummary,
  Resubmitted,
} from "./types.ts";
import { type WaitOptions, waitUntil } from "./wait.ts";

export function executionsNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/executions`;
  const get = (id: string, options?: CallOptions): Promise<ExecutionDetail> =>
    transport.json("GET", base + path(id), options);
  return {
    /** One page, newest first. */
    list: (query: ExecutionFilter & PageQuery = {}, options?: CallOptions): Promise<Page<ExecutionSummary>> =>
      transport.json("GET", base, { query: { ...query }, ...options }),
    /** The newest ones, page by page, up to `most`. */
    all: (options?: AllOptions): Promise<ExecutionSummary[]> => transport.all(base, options),
    get,
    /** The execution once it has ended, however it did. Throws {@link WaitTimeout} when that takes too long. */
    waitFor: (id: string, options?: WaitOptions): Promise<ExecutionDetail> =>
      waitUntil("the execution to end", (signal) => get(id, { signal }), isFinished, options),
    /** Log entries and changes of status as they come, from the first one to the end. */
    follow: (id: string, options?: WaitOptions): AsyncGenerator<ExecutionEvent, void, undefined> =>
      followExecution((signal) => get(id, { signal }), options),
    /** The message as it is now, or as it came: an answer with its own content type and bytes. */
    message: (id: string, at: "now" | "input" = "now", options?: CallOptions): Promise<Response> =>
      transport.send("GET", `${base}${path(id)}/message`, { query: at === "input" ? { at } : {}, ...options }),
    /** A failed one goes on at the step that failed. */
    retry: (id: string): Promise<ExecutionDetail> => transport.json("POST", `${base}${path(id)}/retry`),
    cancel: (id: string): Promise<ExecutionDetail> => transport.json("POST", `${base}${path(id)}/cancel`),
    /** A new execution of the same message. */
    resubmit: (id: string): Promise<Resubmitted> => transport.json("POST", `${base}${path(id)}/resubmit`),
    /** Acts on all that match; a dry run only counts them. */
    bulk: (action: BulkAction, filter: ExecutionFilter, dryRun: boolean): Promise<BulkResult> =>
      transport.json("POST", `${base}/bulk`, { body: { action, filter, dryRun } }),
  };
}
