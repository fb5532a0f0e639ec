/** Messages to triggers, sent with the credentials of the trigger. */
import { base64OfText } from "./base64.ts";
import { problemOf } from "./problem.ts";
import { path, type Query, queryText, type Transport } from "./transport.ts";
import { type WaitOptions, waitUntil } from "./wait.ts";

export interface Credentials {
  /** For triggers with `apiKeys`. */
  readonly apiKey?: string | undefined;
  /** For triggers with `basic`. */
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
}

export interface Message extends Credentials {
  /** By default POST with a body, else GET. */
  readonly method?: string | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged, in place of `json`. */
  readonly body?: string | Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | FormData | undefined;
  /** Of `body`; by default fetch decides. */
  readonly contentType?: string | undefined;
  readonly query?: Query | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The same key within 24 hours is the same execution. */
  readonly idempotencyKey?: string | undefined;
  /** `false`: respond with 202 immediately, even where the trigger answers with the result. */
  readonly wait?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An accepted message. */
export interface Sent {
  readonly executionId: string;
  /** 202: it continues. 200: the result. 422 and 502: the flow failed. 504: it continues, and took longer than the trigger waits. */
  readonly status: number;
  /** The URL of the result, which may not be available yet. */
  readonly location?: string;
  /** True when an earlier message with this idempotency key started the execution. */
  readonly isReplayed: boolean;
  /** The response; its body can be read once. */
  readonly response: Response;
  /** Waits for the result: the response itself, or what `location` answers later to the same credentials. */
  result(options?: WaitOptions): Promise<Response>;
}

export async function sendMessage(
  transport: Transport,
  workspace: string,
  trigger: string,
  { json, body, contentType, query, headers, idempotencyKey, wait, signal, ...message }: Message = {},
): Promise<Sent> {
  const content = json === undefined ? body : JSON.stringify(json);
  const type = contentType ?? (json === undefined ? undefined : "application/json");
  const credentials = credentialHeaders(message);
  const response = await transport.fetch(transport.origin + path(workspace, trigger) + queryText(query), {
    method: message.method ?? (content === undefined ? "GET" : "POST"),
    headers: {
      ...(type !== undefined && { "content-type": type }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      ...(wait === false && { prefer: "respond-async" }),
      ...credentials,
      ...headers,
    },
    ...(content !== undefined && { body: content }),
    ...(signal && { signal }),
  });
  const executionId = response.headers.get("hookback-execution-id");
  if (executionId === null) throw await problemOf(response);
  const location = response.headers.get("location");
  const isPending = response.status === 202 || response.status === 504;
  return {
    executionId,
    status: response.status,
    isReplayed: response.headers.get("idempotency-replayed") === "true",
    ...(location !== null && { location }),
    response,
    result: async (options) =>
      isPending && location !== null ? pollResult(transport, location, { headers: credentials }, options) : response,
  };
}

async function pollResult(transport: Transport, location: string, init: RequestInit, options?: WaitOptions) {
  const request = async (signal?: AbortSignal) => {
    const response = await transport.fetch(location, { ...init, ...(signal && { signal }) });
    if (response.status === 202) await response.body?.cancel();
    else if (!response.headers.has("hookback-execution-id")) throw await problemOf(response);
    return response;
  };
  return waitUntil("the result", request, ({ status }) => status !== 202, options);
}

function credentialHeaders({ apiKey, basic }: Credentials): Record<string, string> {
  return {
    ...(apiKey !== undefined && { "x-api-key": apiKey }),
    ...(basic && { authorization: `Basic ${base64OfText(`${basic.username}:${basic.password}`)}` }),
  };
}
