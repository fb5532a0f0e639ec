/**
 * What a message carries from system to system: how many gateways it has gone through, so that circles end, and the
 * trace that it belongs to (W3C Trace Context).
 */

const HOPS_HEADER = "hookback-hops";
/** Gateways that a message may go through; the next one refuses it. */
const HOPS_LIMIT = 16;
/** Version 00, with neither id zero; a later version begins with the same fields. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?$/;
const TRACESTATE_LIMIT = 512;

export interface TraceContext {
  readonly hops: number;
  /** The trace of the caller; null when it told none. */
  readonly trace: { readonly id: string; readonly flags: string; readonly state?: string } | null;
}

export const NO_TRACE_CONTEXT: TraceContext = { hops: 0, trace: null };

/** @param header the value of a header by its lower-case name. */
export function readTraceContext(header: (name: string) => string | null | undefined): TraceContext {
  const hops = header(HOPS_HEADER) ?? "";
  const [, id, flags] = TRACEPARENT.exec(header("traceparent")?.trim() ?? "") ?? [];
  const state = id && header("tracestate");
  const isKept = state && state.length <= TRACESTATE_LIMIT;
  return {
    hops: /^\d{1,4}$/.test(hops) ? Number(hops) : 0,
    trace: id && flags ? { id, flags, ...(isKept && { state }) } : null,
  };
}

export const isCircling = ({ hops }: TraceContext) => hops > HOPS_LIMIT;

/**
 * The headers of a request that carries a message on.
 *
 * @param ownId UUID that stands for the trace where the message came without one.
 * @param spanId 16 hexadecimal digits, one of its own for each request.
 */
export function traceHeaders({ hops, trace }: TraceContext, ownId: string, spanId: string): [string, string][] {
  const traceId = trace?.id ?? ownId.replaceAll("-", "");
  return [
    [HOPS_HEADER, String(hops + 1)],
    ["traceparent", `00-${traceId}-${spanId}-${trace?.flags ?? "01"}`],
    ...(trace?.state ? [["tracestate", trace.state] as [string, string]] : []),
  ];
}

/** Whether a URL leads to this gateway itself, by the origins that it is known under; the scheme makes no difference. */
export const isOwn = (url: URL, ownOrigins: readonly (string | null)[]) =>
  ownOrigins.some((origin) => origin !== null && origin.slice(origin.indexOf("//") + 2) === url.host);
