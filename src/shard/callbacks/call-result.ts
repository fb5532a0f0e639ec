/** The result of a callback's call: its answer, and the record that is stored of it. */
import { bodyRecord, type CallOutcome, type CallRecord, redactHeaders } from "../../core/callback/call-record.ts";
import type { CallAnswer, Callback } from "../../core/callback/callback.ts";
import { buildResponse, withOverrides } from "../../core/callback/response.ts";
import { type Body, isStored } from "../../core/message/body.ts";
import { type HandlerResult, responseSettings } from "./handler.ts";

/** A call as the Worker received it. */
export interface CallbackCall {
  readonly sequence: number;
  /** Lower case (G34). */
  readonly method: string;
  /** The state parameter in the path of `/cbq/...`; null for `/cb/...`. */
  readonly parameter: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** Hash of method, query and body. */
  readonly fingerprint: string;
  readonly origin: string;
}

export interface CallResult {
  readonly outcome: CallOutcome;
  readonly answer: CallAnswer;
  readonly note?: string;
}

/** @param base the origin of relative redirect targets (GD8). */
export function resultOf(
  { settings }: Callback,
  { method }: CallbackCall,
  handled: HandlerResult,
  base: string,
): CallResult {
  switch (handled.kind) {
    case "done": {
      const merged = withOverrides(responseSettings(settings), handled.overrides);
      const answer = buildResponse(merged, method, base);
      if (typeof answer === "string") return failed(answer);
      const outcome = merged.responseType === "redirect" ? "redirected" : "answered";
      return { outcome, answer: { kind: "answer", answer } };
    }
    case "failed":
      return failed(handled.note);
    case "rejected": {
      const detail = handled.message ?? "The call was rejected.";
      return { outcome: "rejected", answer: { kind: "error", status: 400, detail }, note: handled.note };
    }
  }
}

const failed = (note: string): CallResult => ({
  outcome: "failed",
  answer: { kind: "error", status: 502, detail: "The call could not be handled." },
  note,
});

export function recordOf(
  { calls, settings }: Callback,
  call: CallbackCall,
  { outcome, answer, note }: CallResult,
  at: number,
): CallRecord {
  const isInExecution = settings.callbackActivity.type === "flow" && answer.kind === "answer" && isStored(call.body);
  return {
    number: (calls[0]?.number ?? 0) + 1,
    at,
    method: call.method,
    query: call.query,
    headers: redactHeaders(call.headers),
    ...bodyRecord(call.body, isInExecution),
    outcome,
    responseCode: answer.kind === "answer" ? answer.answer.status : answer.status,
    ...(note !== undefined && { note }),
  };
}
