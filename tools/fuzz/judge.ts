/** Rules that every answer must keep, whatever the request. */
import type { FuzzAnswer } from "./client.ts";
import type { FuzzRequest } from "./request.ts";

/** Documented statuses from 500 on with their problem code, and the paths that may return them. */
const DOCUMENTED: Record<string, RegExp> = {
  // A callback's handler failed (GD5).
  "502 call-failed": /^\/cbq?\//,
  // A flow with an awaited result broke, or took too long (ND6).
  "502 flow-broken": /^\/(?:steady|scratch)\//,
  "504 timed-out": /^\/(?:steady|scratch)\//,
  // The flow of a callback or of a trigger has been deleted.
  "503 unavailable": /^\/(?:cbq?|scratch)\//,
};

/** A larger body may be answered before it is read; HTTP/1.1 may lose that answer. In bytes. */
const UNREAD = 16_384;

/** Matches a JavaScript stack trace. */
const STACK = /\bat (?:async )?[\w.#<>]+ \(?(?:file:|\/|worker|index\.js|node:)\S*:\d+:\d+/;

/** Returns the violation of an answer in words; null for an allowed answer. */
export function judge(
  request: FuzzRequest,
  answer: FuzzAnswer,
  hidden: readonly string[],
  mark: string,
): string | null {
  const { status, headers, text } = answer;
  if (status === -1) return "no answer in time";
  if (status === 0 && (request.body?.length ?? 0) > UNREAD) return null;
  if (status === 0) return "the connection ended without an answer";
  const problem = problemOf(answer);
  if (status >= 500 && !isDocumented(request, status, problem)) return `answered ${status}`;
  // The runtime itself rejects an invalid URL.
  const isBelow = status === 400 && text === "invalid URI";
  if (status >= 400 && request.path.startsWith("/api/v1/") && !problem && !isBelow)
    return `${status} without a problem document`;
  if (headers["x-injected"] !== undefined) return "a header was injected";
  if (STACK.test(text)) return "a stack trace";
  const shown = `${JSON.stringify(headers)}\n${text}`;
  if (!request.seesAll && shown.includes(mark)) return "what belongs to another tenant";
  if (hidden.some((secret) => shown.includes(secret))) return "a secret of the deployment";
  return null;
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
}

function problemOf({ headers, text, status }: FuzzAnswer): Problem | null {
  if (!String(headers["content-type"] ?? "").startsWith("application/problem+json")) return null;
  // The answer to HEAD has no body.
  if (text === "") return { status, code: "", title: "" };
  try {
    const problem = JSON.parse(text) as Problem;
    return problem.status === status && problem.code && problem.title ? problem : null;
  } catch {
    return null;
  }
}

function isDocumented({ path, headers }: FuzzRequest, status: number, problem: Problem | null): boolean {
  if (status === 508) return headers.some(([name]) => name === "hookback-hops");
  if (!problem) return false;
  if (problem.code === "") return [502, 503, 504].includes(status);
  return DOCUMENTED[`${status} ${problem.code}`]?.test(path) ?? false;
}
