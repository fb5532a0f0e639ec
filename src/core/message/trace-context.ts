/** The headers that follow a message from system to system: its trace (W3C Trace Context), and a hop count that ends loops. */

const HOPS_HEADER = "hookback-hops";
/** Gateways that a message may pass; the next one rejects it. */
const HOPS_LIMIT = 16;
/** Version 00 with non-zero ids. Later versions begin with the same fields. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?$/;
const TRACESTATE_LIMIT = 512;

export interface TraceContext {
  readonly hops: number;
  /** The trace of the caller; null when it sent none. */
  readonly trace: { readonly id: string; readonly flags: string; readonly state?: string } | null;
}

export const NO_TRACE_CONTEXT: TraceContext = { hops: 0, trace: null };

/** @param header returns the value of a header by its lower-case name. */
export function readTraceContext(header: (name: string) => string | null | undefined): TraceContext {
  const hops = header(HOPS_HEADER) ?? "";
  const [, id, flags] = TRACEPARENT.exec(header("traceparent")?.trim() ?? "") ?? [];
  const state = id && header("tracestate");
  const hasState = state && state.length <= TRACESTATE_LIMIT;
  return {
    hops: /^\d{1,4}$/.test(hops) ? Number(hops) : 0,
    trace: id && flags ? { id, flags, ...(hasState && { state }) } : null,
  };
}

export const exceedsHopLimit = ({ hops }: TraceContext) => hops > HOPS_LIMIT;

/**
 * The headers of an outgoing request.
 *
 * @param ownId UUID that becomes the trace id of a message without one.
 * @param spanId 16 hexadecimal digits, unique for each request.
 */
export function traceHeaders({ hops, trace }: TraceContext, ownId: string, spanId: string): [string, string][] {
  const traceId = trace?.id ?? ownId.replaceAll("-", "");
  return [
    [HOPS_HEADER, String(hops + 1)],
    ["traceparent", `00-${traceId}-${spanId}-${trace?.flags ?? "01"}`],
    ...(trace?.state ? [["tracestate", trace.state] as [string, string]] : []),
  ];
}

/** True when a URL leads to this gateway itself, whatever its scheme. */
export const isOwn = (url: URL, ownOrigins: readonly (string | null)[]) =>
  ownOrigins.some((origin) => origin !== null && origin.slice(origin.indexOf("//") + 2) === url.host);
