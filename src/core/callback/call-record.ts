/** The records of a callback's calls, bounded in number and size. */
import { type Body, decodeText, isStored } from "../message/body.ts";

export type CallOutcome = "answered" | "redirected" | "rejected" | "failed";

/** A body above 64 KiB is an R2 object and only referenced here. */
export interface CallRecord {
  /** Counts the calls of a callback, from 1. */
  readonly number: number;
  /** Epoch ms. */
  readonly at: number;
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | null;
  /** Text, or base64 for other bytes; null when the body is in R2. */
  readonly body: string | null;
  readonly bodyEncoding?: "base64";
  readonly bodySize: number;
  readonly bodyKey?: string;
  readonly bodySha256?: string;
  readonly outcome: CallOutcome;
  readonly responseCode: number;
  /** Why it failed, or the execution that it started. */
  readonly note?: string;
}

/** Most calls stored per callback, and most bytes of them as JSON. */
const CALLS_LIMIT = 20;
const CALLS_LIMIT_BYTES = 512 * 1024;

/** Adds a record in front, and returns which of the old ones are dropped. */
export function addCall(records: readonly CallRecord[], record: CallRecord): Record<"kept" | "dropped", CallRecord[]> {
  const all = [record, ...records];
  let room = CALLS_LIMIT_BYTES;
  const fits = (one: CallRecord) => {
    room -= Buffer.byteLength(JSON.stringify(one));
    return room >= 0;
  };
  const end = all.findIndex((one, index) => index >= CALLS_LIMIT || (!fits(one) && index > 0));
  return end < 0 ? { kept: all, dropped: [] } : { kept: all.slice(0, end), dropped: all.slice(end) };
}

const SENSITIVE = /^(?:authorization|proxy-authorization|cookie|x-api-key)$/;
const HEADERS_LIMIT = 64;
const HEADER_NAME_LIMIT = 100;
const HEADER_VALUE_LIMIT = 1_000;

/** Returns the headers with credentials redacted and the rest bounded. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers)
    .filter(([name]) => name.length <= HEADER_NAME_LIMIT)
    .slice(0, HEADERS_LIMIT)
    .map(([name, value]) => [name, SENSITIVE.test(name) ? "[hidden]" : value.slice(0, HEADER_VALUE_LIMIT)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/**
 * The body in a record: text as text, other bytes as base64, a stored one by its R2 key.
 *
 * @param isElsewhere true if the bytes belong to an execution; the record then has only their size.
 */
export function bodyRecord(body: Body, isElsewhere: boolean) {
  const metadata = { contentType: body.type, bodySize: body.size };
  if (isElsewhere) return { ...metadata, body: null };
  if (isStored(body)) return { ...metadata, body: null, bodyKey: body.key, bodySha256: body.sha256 };
  const text = decodeText(body);
  if (!text.includes("\ufffd")) return { ...metadata, body: text };
  return { ...metadata, body: Buffer.from(body.bytes).toString("base64"), bodyEncoding: "base64" as const };
}

export const showCalls = (calls: readonly CallRecord[]) =>
  calls.map(({ bodyKey: _, at, ...record }) => ({ at: new Date(at).toISOString(), ...record }));
