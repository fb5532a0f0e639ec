/** The record that a callback keeps of each call, bounded in number and size. */
import { type Body, decodeText, isStored } from "../message/body.ts";

export type CallOutcome = "answered" | "redirected" | "rejected" | "failed";

/** One call as it is kept. A body above 64 KiB is an R2 object and only named here. */
export interface CallRecord {
  /** Counts the calls of a callback, from 1. */
  readonly number: number;
  /** Epoch ms. */
  readonly at: number;
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | null;
  /** The body as text, or as base64 where it is none; null when it is in R2. */
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

/** Calls kept per callback, and bytes of them as JSON. */
const CALLS_KEPT = 20;
const CALLS_LIMIT = 512 * 1024;

/** The records with a new one in front, and those that had to go. */
export function keepCall(
  records: readonly CallRecord[],
  record: CallRecord,
): { kept: CallRecord[]; dropped: CallRecord[] } {
  const all = [record, ...records];
  let room = CALLS_LIMIT;
  const fits = (one: CallRecord) => {
    room -= Buffer.byteLength(JSON.stringify(one));
    return room >= 0;
  };
  const end = all.findIndex((one, index) => index >= CALLS_KEPT || (!fits(one) && index > 0));
  return end < 0 ? { kept: all, dropped: [] } : { kept: all.slice(0, end), dropped: all.slice(end) };
}

const SENSITIVE = /^(?:authorization|proxy-authorization|cookie|x-api-key)$/;
const HEADERS_KEPT = 64;
const HEADER_NAME_KEPT = 100;
const HEADER_VALUE_KEPT = 1_000;

/** Headers as they are kept: credentials hidden, the rest bounded. */
export function keepHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(headers).filter(([name]) => name.length <= HEADER_NAME_KEPT);
  const entries = named.slice(0, HEADERS_KEPT);
  const keep = (name: string, value: string) => (SENSITIVE.test(name) ? "[hidden]" : value.slice(0, HEADER_VALUE_KEPT));
  return Object.fromEntries(entries.map(([name, value]) => [name, keep(name, value)]));
}

/**
 * The body in a record: text as text, other bytes as base64, a stored one by its R2 key.
 *
 * @param isElsewhere the bytes belong to an execution, and the record only tells their size.
 */
export function bodyRecord(body: Body, isElsewhere: boolean) {
  const facts = { contentType: body.type, bodySize: body.size };
  if (isElsewhere) return { ...facts, body: null };
  if (isStored(body)) return { ...facts, body: null, bodyKey: body.key, bodySha256: body.sha256 };
  const text = decodeText(body);
  if (!text.includes("\ufffd")) return { ...facts, body: text };
  return { ...facts, body: Buffer.from(body.bytes).toString("base64"), bodyEncoding: "base64" as const };
}

export const showCalls = (calls: readonly CallRecord[]) =>
  calls.map(({ bodyKey: _, at, ...record }) => ({ at: new Date(at).toISOString(), ...record }));
