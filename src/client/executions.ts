/** Executions: looking at them, and what operators do with them. */
import { type AllOptions, type CallOptions, type Page, type PageQuery, path, type Transport } from "./transport.ts";
import type { BulkAction, BulkResult, ExecutionDetail, ExecutionFilter, ExecutionSummary } from "./types.ts";

export function executionsNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/executions`;
  return {
    /** One page, newest first. */
    list: (query: ExecutionFilter & PageQuery = {}, options?: CallOptions): Promise<Page<ExecutionSummary>> =>
      transport.json("GET", base, { query: { ...query }, ...options }),
    /** The newest ones, page by page, up to `most`. */
    all: (options?: AllOptions): Promise<ExecutionSummary[]> => transport.all(base, options),
    get: (id: string, options?: CallOptions): Promise<ExecutionDetail> =>
      transport.json("GET", base + path(id), options),
    /** The message as it is now, or as it came: an answer with its own content type and bytes. */
    message: (id: string, at: "now" | "input" = "now", options?: CallOptions): Promise<Response> =>
      transport.send("GET", `${base}${path(id)}/message`, { query: at === "input" ? { at } : {}, ...options }),
    /** A failed one goes on at the step that failed. */
    retry: (id: string): Promise<ExecutionDetail> => transport.json("POST", `${base}${path(id)}/retry`),
    cancel: (id: string): Promise<ExecutionDetail> => transport.json("POST", `${base}${path(id)}/cancel`),
    /** A new execution of the same message. */
    resubmit: (id: string): Promise<{ readonly id: string }> => transport.json("POST", `${base}${path(id)}/resubmit`),
    /** Acts on all that match; a dry run only counts them. */
    bulk: (action: BulkAction, filter: ExecutionFilter, dryRun: boolean): Promise<BulkResult> =>
      transport.json("POST", `${base}/bulk`, { body: { action, filter, dryRun } }),
  };
}
