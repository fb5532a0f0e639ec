/** Asynchronous http steps: the request names a wait and where the callback goes, the callback answers it (`X-Link-*`). */
import { base64OfText } from "../base64.ts";
import { type Delivery, type DeliveryOptions, deliver } from "./deliver.ts";
import { headerReader, type IncomingRequest } from "./incoming.ts";

/** What the headers of an async step's request say. Keep it with the work: it is all that the callback needs. */
export interface LinkCall {
  readonly correlationId: string;
  readonly callbackUrl: string;
  /** The same for every attempt of a step run: work that was begun already need not begin again. */
  readonly idempotencyKey?: string;
  readonly executionId?: string;
}

/** A personal access token with the permission `asyncflow.callback.send`. */
export interface LinkCredentials {
  readonly token: string;
  /** How it is sent: as password of an empty user name, as the document has it, or as Bearer token. */
  readonly scheme?: "basic" | "bearer";
}

/** The result. The body becomes the flow's message, unless the step says otherwise. */
export interface LinkCallback {
  readonly status: "Ok" | "Failed";
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  /** The document status to set, with `Failed`. */
  readonly documentStatus?: string;
  readonly errorCode?: string;
  readonly errorText?: string;
}

/** Null when the request is not one of an async step. */
export function readLinkCall({ headers }: Pick<IncomingRequest, "headers">): LinkCall | null {
  const header = headerReader(headers);
  const correlationId = header("x-link-correlation-id");
  const callbackUrl = header("x-link-callback-url");
  if (!correlationId || !callbackUrl) return null;
  const idempotencyKey = header("idempotency-key");
  const executionId = header("hookback-execution-id");
  return {
    ...{ correlationId, callbackUrl },
    ...(idempotencyKey && { idempotencyKey }),
    ...(executionId && { executionId }),
  };
}

/** Sends the result, again when that helps: for about a quarter of an hour unless the options say otherwise. */
export function sendLinkCallback(
  call: Pick<LinkCall, "correlationId" | "callbackUrl">,
  credentials: LinkCredentials,
  { status, body, contentType, documentStatus, errorCode, errorText }: LinkCallback,
  options?: DeliveryOptions,
): Promise<Delivery> {
  const told = {
    "x-link-document-status": documentStatus,
    "x-link-error-code": errorCode,
    "x-link-error-text": errorText,
  };
  const headers = {
    ...headersOf(call, credentials, status),
    ...Object.fromEntries(Object.entries(told).flatMap(([name, value]) => (value ? [[name, oneLine(value)]] : []))),
    ...(contentType !== undefined && { "content-type": contentType }),
  };
  return deliver({ url: call.callbackUrl, headers, body: body ?? null }, options);
}

/** Tells the gateway that the work goes on; steps with `progress` take it. Nothing depends on it, so it is tried once. */
export function sendLinkProgress(
  call: Pick<LinkCall, "correlationId" | "callbackUrl">,
  credentials: LinkCredentials,
  message: string,
  options?: DeliveryOptions,
): Promise<Delivery> {
  const headers = { ...headersOf(call, credentials, "Progress"), "x-link-error-text": oneLine(message) };
  return deliver({ url: call.callbackUrl, headers, body: null }, { delaysSeconds: [], ...options });
}

function headersOf(
  { correlationId }: Pick<LinkCall, "correlationId">,
  { token, scheme }: LinkCredentials,
  status: string,
) {
  return {
    authorization: scheme === "bearer" ? `Bearer ${token}` : `Basic ${base64OfText(`:${token}`)}`,
    "x-link-correlation-id": correlationId,
    "x-link-status": status,
  };
}

/** Headers take one line of Latin-1. */
const oneLine = (text: string) => text.replace(/\s+/g, " ").replace(/[^\x20-\x7e\xa0-\xff]/g, "?");
