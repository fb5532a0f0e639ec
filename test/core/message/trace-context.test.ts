import { describe, expect, it } from "vitest";
import {
  exceedsHopLimit,
  NO_TRACE_CONTEXT,
  readTraceContext,
  traceHeaders,
} from "../../../src/core/message/trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const OWN = "0de1a2e4-a201-80f3-9fc6-35b28989a8c3";

const read = (headers: Record<string, string>) => readTraceContext((name) => headers[name]);
const carried = (headers: Record<string, string>) =>
  Object.fromEntries(traceHeaders(read(headers), OWN, "1234567890abcdef"));

describe("the trace context of a message", () => {
  it("takes the caller's trace on, with flags and state, under a span of its own", () => {
    const headers = { traceparent: `00-${TRACE}-${SPAN}-00`, tracestate: "vendor=1" };
    expect(carried(headers)).toEqual({
      "hookback-hops": "1",
      traceparent: `00-${TRACE}-1234567890abcdef-00`,
      tracestate: "vendor=1",
    });
  });

  it("begins a trace that is named like the execution where the caller told none, or none that is valid", () => {
    const own = `00-${OWN.replaceAll("-", "")}-1234567890abcdef-01`;
    for (const traceparent of [
      "",
      "text",
      `ff-${TRACE}-${SPAN}-01`,
      `00-${"0".repeat(32)}-${SPAN}-01`,
      `00-${TRACE}-${"0".repeat(16)}-01`,
      `00-${TRACE.toUpperCase()}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}`,
    ]) {
      expect(carried({ traceparent, tracestate: "vendor=1" })).toEqual({ "hookback-hops": "1", traceparent: own });
    }
  });

  it("counts gateways, and ends circles after 16", () => {
    expect(read({})).toEqual(NO_TRACE_CONTEXT);
    expect(carried({ "hookback-hops": "7" })["hookback-hops"]).toBe("8");
    expect([16, 17].map((hops) => exceedsHopLimit(read({ "hookback-hops": String(hops) })))).toEqual([false, true]);
    for (const hops of ["-1", "1e9", "99999", "x"]) expect(read({ "hookback-hops": hops }).hops).toBe(0);
  });
});
