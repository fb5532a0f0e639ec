/** A partner that implements only the Link document: it reads the two headers and sends the callback. */
import type { Received } from "./target.ts";

interface CallbackOptions {
  readonly token: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Answers the request of an async step with `X-Link-Status: Ok` unless other headers are given. */
export function callBack(request: Received | undefined, { token, headers, body }: CallbackOptions): Promise<Response> {
  return fetch(request?.headers["x-link-callback-url"] ?? "", {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`:${token}`)}`,
      "X-Link-Correlation-Id": request?.headers["x-link-correlation-id"] ?? "",
      "X-Link-Status": "Ok",
      ...headers,
    },
    body: body ?? null,
  });
}
