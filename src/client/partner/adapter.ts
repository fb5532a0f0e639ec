/** Remote adapters: called with a signed request, they answer at once or by a signed callback with the request's token. */
import { base64, bytesOfBase64 } from "../base64.ts";
import { type Delivery, type DeliveryOptions, deliver } from "./deliver.ts";
import { hmac, hmacFits } from "./hmac.ts";
import { type IncomingRequest, readIncoming, SignatureError } from "./incoming.ts";

export interface AdapterFile {
  readonly file_name: string;
  readonly mime_type: string;
  readonly body: string;
  /** How `body` stands for the file's bytes. */
  readonly content_transfer_encoding: "utf8" | "base64";
}

/** Shown to operators in the execution's log. */
export interface UserLog {
  readonly type: "info" | "warning" | "error";
  readonly message: string;
}

export interface AdapterCall<Payload = unknown> {
  /** A value for each key that the adapter is registered with; null where the step sets none. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Files for an input adapter, the flow's data for an output adapter. */
  readonly payload: Payload;
  /** The token that goes back with the result. Opaque. */
  readonly callback: string;
  /** Of this invocation, for tracing. */
  readonly executionId: string;
  readonly workspaceId: string;
  readonly flowId: string;
  /** The secret that the call was signed with: what answers it is signed with the same. */
  readonly secret: string;
}

/** What a callback needs of its call. */
export type AdapterReturn = Pick<AdapterCall, "callback" | "secret">;

/** `error` and `bug` end the flow: the first for data or settings, the second for the adapter itself. */
export interface AdapterResult {
  readonly status: "success" | "skipped" | "error" | "bug";
  /** Becomes the flow's message. */
  readonly payload?: unknown;
  /** Become the flow's message when there is no payload. */
  readonly files?: readonly AdapterFile[];
  readonly user_logs?: readonly UserLog[];
}

const SIGNATURE_HEADER = "x-chainio-signature";

/**
 * The call in a request. Throws {@link SignatureError} unless the gateway signed it, SyntaxError when it is no call.
 *
 * @param secrets the adapter's shared secret, or several while one is exchanged.
 */
export async function readAdapterCall<Payload = unknown>(
  request: IncomingRequest,
  secrets: string | readonly string[],
): Promise<AdapterCall<Payload>> {
  const { header, body } = await readIncoming(request);
  const signature = bytesOfBase64(header(SIGNATURE_HEADER) ?? "");
  const secret = signature && (await secretOf(typeof secrets === "string" ? [secrets] : secrets, signature, body));
  if (!secret) throw new SignatureError(`${SIGNATURE_HEADER} is missing or does not fit.`);
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

/** The answer that is the result. */
export const adapterReply = ({ callback, secret }: AdapterReturn, result: AdapterResult): Promise<Response> =>
  signed(200, secret, { callback, ...result });

/** The answer when the result comes later, by {@link sendAdapterResult}. The message goes into the execution's log. */
export const adapterAcknowledgement = ({ secret }: AdapterReturn, message: string): Promise<Response> =>
  signed(200, secret, { message });

/** An answer that ends the flow: as an error for 4xx, as a bug for 5xx. The message goes into the execution's log. */
export const adapterRefusal = (status: number, message: string): Response => Response.json({ message }, { status });

/** Sends the result, again when that helps: for about a quarter of an hour unless the options say otherwise. */
export const sendAdapterResult = (
  url: string,
  call: AdapterReturn,
  result: AdapterResult,
  options?: DeliveryOptions,
): Promise<Delivery> => sendCallback(url, call, result, options);

/** Tells the gateway that the work goes on; steps with `progress` take it. Nothing depends on it, so it is tried once. */
export const sendAdapterProgress = (
  url: string,
  call: AdapterReturn,
  message: string,
  options?: DeliveryOptions,
): Promise<Delivery> => sendCallback(url, call, { status: "progress", message }, { delaysSeconds: [], ...options });

/** Base64(HMAC-SHA256(exact bytes, shared secret)). */
export const signAdapterBody = async (secret: string, body: string | Uint8Array): Promise<string> =>
  base64(await hmac(keyOf(secret), typeof body === "string" ? keyOf(body) : new Uint8Array(body)));

async function sendCallback(url: string, { callback, secret }: AdapterReturn, said: object, options?: DeliveryOptions) {
  // Made once: every attempt sends the same bytes, and the signature is over these.
  const body = new TextEncoder().encode(JSON.stringify({ callback, ...said }));
  const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: await signAdapterBody(secret, body) };
  return deliver({ url, headers, body }, options);
}

async function signed(status: number, secret: string, value: object): Promise<Response> {
  const body = JSON.stringify(value);
  const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: await signAdapterBody(secret, body) };
  return new Response(body, { status, headers });
}

async function secretOf(secrets: readonly string[], signature: Uint8Array<ArrayBuffer>, body: Uint8Array<ArrayBuffer>) {
  for (const secret of secrets) if (await hmacFits(keyOf(secret), signature, body)) return secret;
  return null;
}

const keyOf = (text: string) => new TextEncoder().encode(text);
