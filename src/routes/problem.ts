/** JSON answers, and RFC 9457 problem documents for everything that is refused. */
import { type Reason, Refusal, STATUS_OF } from "../core/refusal.ts";

const TITLES: Readonly<Record<(typeof STATUS_OF)[Reason], string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  508: "Loop Detected",
};

export function problem({ reason, detail, extras }: Refusal): Response {
  const status = STATUS_OF[reason];
  const { errors, headers, members } = extras;
  const document = {
    type: `urn:hookback:problem:${reason}`,
    title: TITLES[status],
    status,
    detail,
    code: reason,
    ...(errors && { errors }),
    ...members,
  };
  return answer(status, document, { ...headers, "content-type": "application/problem+json" });
}

/** A JSON answer. It holds at one moment for one caller, so it must not be cached. */
export function answer(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store", ...headers } });
}

export const noContent = () => new Response(null, { status: 204 });

export const wrongMethod = (method: string, allowed: readonly string[]) =>
  new Refusal("method-not-allowed", `${method} is not allowed here; allowed: ${allowed.join(", ")}.`, {
    headers: { allow: allowed.join(", ") },
  });
