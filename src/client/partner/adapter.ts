/** Remote adapters: they receive a signed request, and answer it directly or later with a signed callback. */
import { base64, bytesOfBase64 } from "../base64.ts";
import { type Delivery, type DeliveryOptions, deliver } from "./deliver.ts";
import { hmac, hmacMatches } from "./hmac.ts";
import { type IncomingRequest, readIncoming, SignatureError } from "./incoming.ts";

export interface AdapterFile {
  readonly file_name: string;
  readonly mime_type: string;
  readonly body: string;
  /** The encoding of `body`. */
  readonly content_transfer_encoding: "utf8" | "base64";
}

/** An entry of the execution's log, for operators. */
export interface UserLog {
  readonly type: "info" | "warning" | "error";
  readonly message: string;
}

export interface AdapterCall<Payload = unknown> {
  /** A value for each registered key of the adapter; null where the step sets none. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Files for an input adapter, the flow's data for an output adapter. */
  readonly payload: Payload;
  /** An opaque token to send back with the result. */
  readonly callback: string;
  /** The id of this invocation, for tracing. */
  readonly executionId: string;
  readonly workspaceId: string;
  readonly flowId: string;
  /** The secret that signed the call, which also signs the answer. */
  readonly secret: string;
}

/** The parts of a call that its callback needs. */
export type AdapterReturn = Pick<AdapterCall, "callback" | "secret">;

export interface AdapterResult {
  /** `error` (of data or settings) and `bug` (of the adapter) end the flow. */
  readonly status: "success" | "skipped" | "error" | "bug";
  /** The new message of the flow. */
  readonly payload?: unknown;
  /** The new message of the flow if there is no payload. */
  readonly files?: readonly AdapterFile[];
  readonly user_logs?: readonly UserLog[];
}

const SIGNATURE_HEADER = "x-chainio-signature";

/**
 * Reads a call. Throws {@link SignatureError} if the signature is invalid, SyntaxError if the body is not a call.
 *
 * @param secrets the adapter's shared secret, or several during a rotation.
 */
export async function readAdapterCall<Payload = unknown>(
  request: IncomingRequest,
  secrets: string | readonly string[],
): Promise<AdapterCall<Payload>> {
  const { header, body } = await readIncoming(request);
  const signature = bytesOfBase64(header(SIGNATURE_HEADER) ?? "");
  const secret = signature && (await secretOf(typeof secrets === "string" ? [secrets] : secrets, signature, body));
  if (!secret) throw new SignatureError(`${SIGNATURE_HEADER} is missing or does not match.`);
  const parsed = JSON.parse(new TextDecoder().decode(body)) as Partial<AdapterCall> | null;
  const { configuration, payload, callback } = parsed ?? {};
  if (typeof callback !== "string") throw new SyntaxError("The body has no callback.");
  return {
    ...{ configuration: configuration ?? {}, payload: payload as Payload, callback, secret },
    executionId: header("x-chainio-execution-id") ?? "",
    workspaceId: header("x-chainio-workspace-id") ?? "",
    flowId: header("x-chainio-flow-id") ?? "",
  };
}

/** An answer with the result. */
export const adapterReply = ({ callback, secret }: AdapterReturn, result: AdapterResult): Promise<Response> =>
  signed(200, secret, { callback, ...result });

/** An answer without the result, which {@link sendAdapterResult} sends later. The message is logged in the execution. */
export const adapterAcknowledgement = ({ secret }: AdapterReturn, message: string): Promise<Response> =>
  signed(200, secret, { message });

/** An answer that ends the flow: as an error for 4xx, as a bug for 5xx. The message is logged in the execution. */
export const adapterRefusal = (status: number, message: string): Response => Response.json({ message }, { status });

/** Sends the result, by default with retries for about 15 minutes. */
export const sendAdapterResult = (
  url: string,
  call: AdapterReturn,
  result: AdapterResult,
  options?: DeliveryOptions,
): Promise<Delivery> => sendCallback(url, call, result, options);

/** Reports progress, for steps with `progress`. Sent once by default, because nothing depends on it. */
export const sendAdapterProgress = (
  url: string,
  call: AdapterReturn,
  message: string,
  options?: DeliveryOptions,
): Promise<Delivery> => sendCallback(url, call, { status: "progress", message }, { delaysSeconds: [], ...options });

/** Base64(HMAC-SHA256(exact bytes, shared secret)). */
export const signAdapterBody = async (secret: string, body: string | Uint8Array): Promise<string> =>
  base64(await hmac(keyOf(secret), typeof body === "string" ? keyOf(body) : new Uint8Array(body)));

async function sendCallback(
  url: string,
  { callback, secret }: AdapterReturn,
  content: object,
  options?: DeliveryOptions,
) {
  // Encoded once: all attempts send the signed bytes.
  const body = new TextEncoder().encode(JSON.stringify({ callback, ...content }));
  const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: await signAdapterBody(secret, body) };
  return deliver({ url, headers, body }, options);
}

async function signed(status: number, secret: string, value: object): Promise<Response> {
  const body = JSON.stringify(value);
  const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: await signAdapterBody(secret, body) };
  return new Response(body, { status, headers });
}

async function secretOf(secrets: readonly string[], signature: Uint8Array<ArrayBuffer>, body: Uint8Array<ArrayBuffer>) {
  for (const secret of secrets) if (await hmacMatches(keyOf(secret), signature, body)) return secret;
  return null;
}

const keyOf = (text: string) => new TextEncoder().encode(text);
