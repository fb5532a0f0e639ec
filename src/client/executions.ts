import { type ExecutionEvent, followExecution, isFinished } from "./follow.ts";
import { listNoun } from "./nouns.ts";
import { type CallOptions, path, type Transport } from "./transport.ts";
import type * as Api from "./types.ts";
import { type WaitOptions, waitUntil } from "./wait.ts";

export function executionsNoun(transport: Transport, workspace: string) {
  const base = `${workspace}/executions`;
  const get = (id: string, options?: CallOptions): Promise<Api.ExecutionDetail> =>
    transport.json("GET", base + path(id), options);
  return {
    /** Newest first. */
    ...listNoun<Api.ExecutionSummary, Api.ExecutionFilter>(transport, base),
    get,
    /** Waits until the execution has ended, in any status. Throws {@link WaitTimeout} after `timeoutMs`. */
    waitFor: (id: string, options?: WaitOptions): Promise<Api.ExecutionDetail> =>
      waitUntil("the execution to end", (signal) => get(id, { signal }), isFinished, options),
    /** Yields log entries and changes of status, from the first one until the execution ends. */
    follow: (id: string, options?: WaitOptions): AsyncGenerator<ExecutionEvent, void, undefined> =>
      followExecution((signal) => get(id, { signal }), options),
    /** The current message, or the message as it was received: unchanged, with its content type. */
    message: (id: string, at: "now" | "input" = "now", options?: CallOptions): Promise<Response> =>
      transport.send("GET", `${base}${path(id)}/message`, { query: at === "input" ? { at } : {}, ...options }),
    /** Continues a failed execution at the step that failed. */
    retry: (id: string): Promise<Api.ExecutionDetail> => transport.json("POST", `${base}${path(id)}/retry`),
    cancel: (id: string): Promise<Api.ExecutionDetail> => transport.json("POST", `${base}${path(id)}/cancel`),
    /** Starts a new execution of the same message. */
    resubmit: (id: string): Promise<Api.Resubmitted> => transport.json("POST", `${base}${path(id)}/resubmit`),
    /** Acts on all executions that match; a dry run only counts them. */
    bulk: (action: Api.BulkAction, filter: Api.ExecutionFilter, dryRun: boolean): Promise<Api.BulkResult> =>
      transport.json("POST", `${base}/bulk`, { body: { action, filter, dryRun } }),
  };
}
