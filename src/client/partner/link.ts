/** Asynchronous http steps: the request names a correlation id and a callback URL (`X-Link-*`). */
import { base64OfText } from "../base64.ts";
import { type Delivery, type DeliveryOptions, deliver } from "./deliver.ts";
import { headerReader, type IncomingRequest } from "./incoming.ts";

/** The headers of an async step's request. Plain data, to be stored with the work: the callback needs nothing else. */
export interface LinkCall {
  readonly correlationId: string;
  readonly callbackUrl: string;
  /** The same for all attempts of a step run, which the receiver can use to detect duplicates. */
  readonly idempotencyKey?: string;
  readonly executionId?: string;
}

/** A personal access token with the permission `asyncflow.callback.send`. */
export interface LinkCredentials {
  readonly token: string;
  /** `basic` (the default) sends the token as the password of an empty user name. */
  readonly scheme?: "basic" | "bearer";
}

/** The result. By default its body becomes the message of the flow. */
export interface LinkCallback {
  readonly status: "Ok" | "Failed";
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  /** The document status to set, only with `Failed`. */
  readonly documentStatus?: string;
  readonly errorCode?: string;
  readonly errorText?: string;
}

/** Returns null if the request is not from an async step. */
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

/** Sends the result, by default with retries for about 15 minutes. */
export function sendLinkCallback(
  call: Pick<LinkCall, "correlationId" | "callbackUrl">,
  credentials: LinkCredentials,
  { status, body, contentType, documentStatus, errorCode, errorText }: LinkCallback,
  options?: DeliveryOptions,
): Promise<Delivery> {
  const failure = {
    "x-link-document-status": documentStatus,
    "x-link-error-code": errorCode,
    "x-link-error-text": errorText,
  };
  const headers = {
    ...headersOf(call, credentials, status),
    ...Object.fromEntries(Object.entries(failure).flatMap(([name, value]) => (value ? [[name, oneLine(value)]] : []))),
    ...(contentType !== undefined && { "content-type": contentType }),
  };
  return deliver({ url: call.callbackUrl, headers, body: body ?? null }, options);
}

/** Reports progress, for steps with `progress`. Sent once by default, because nothing depends on it. */
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

/** Header values are one line of Latin-1. */
const oneLine = (text: string) => text.replace(/\s+/g, " ").replace(/[^\x20-\x7e\xa0-\xff]/g, "?");
