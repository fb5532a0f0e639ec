/** Results of an adapter of an exact size (CD2), made from a seed as they are read and never whole in memory. */
import { createHash, createHmac } from "node:crypto";
import { Readable } from "node:stream";
import { bytesOf } from "./large-body.ts";

/** Place of the content: a `payload`, or one base64 file. */
type Carrier = "payload" | "file";

export interface LargeStatement {
  /** The callback token of the call. */
  readonly token: string;
  readonly carrier: Carrier;
  readonly seed: number;
  /** Of the whole statement, in bytes. */
  readonly size: number;
}

/** Space for the token and the members around the content; the rest is filled with spaces. */
const ROOM_BYTES = 2_000;
/** Everything of a record but its reference, and the longest last string of the array. */
const RECORD_BYTES = 200;
const RECORDS_AT_ONCE = 400;
const REFERENCE_BYTES = 16;

export const statementStream = (statement: LargeStatement) =>
  Readable.from(statementBytes(statement), { objectMode: false });

/** Of the whole statement, for the header that goes out before it. */
export function signatureOf(statement: LargeStatement, secret: string): string {
  const hmac = createHmac("sha256", secret);
  for (const chunk of statementBytes(statement)) hmac.update(chunk);
  return hmac.digest("base64");
}

/** SHA-256 of the resulting message: the unchanged payload, or the decoded file (CD15). */
export function contentHash({ carrier, seed, size }: Omit<LargeStatement, "token">): string {
  const hash = createHash("sha256");
  const content = carrier === "payload" ? payloadBytes(seed, size - ROOM_BYTES) : bytesOf(seed, fileSize(size));
  for (const chunk of content) hash.update(chunk);
  return hash.digest("hex");
}

function* statementBytes({ token, carrier, seed, size }: LargeStatement): Generator<Buffer> {
  const begin = `{"callback":${JSON.stringify(token)},"status":"success",`;
  const file = '"files":[{"file_name":"large.bin","mime_type":"application/octet-stream",';
  const head =
    carrier === "payload" ? `${begin}"payload":` : `${begin}${file}"content_transfer_encoding":"base64","body":"`;
  const tail = carrier === "payload" ? "}" : '"}]}';
  const contentSize = carrier === "payload" ? size - ROOM_BYTES : Math.ceil(fileSize(size) / 3) * 4;
  yield Buffer.from(head);
  yield* carrier === "payload" ? payloadBytes(seed, contentSize) : base64Of(bytesOf(seed, fileSize(size)));
  yield Buffer.from(tail + " ".repeat(size - head.length - contentSize - tail.length));
}

/** As many bytes as fit in as base64. */
const fileSize = (size: number) => Math.floor((size - ROOM_BYTES) / 4) * 3;

/** Flow data as adapters make it: an array of small objects, filled up with one string to the byte. */
function* payloadBytes(seed: number, size: number): Generator<Buffer> {
  let left = size - "[]".length;
  yield Buffer.from("[");
  for (const random of bytesOf(seed, size)) {
    const records: string[] = [];
    for (let at = 0; at < RECORDS_AT_ONCE && left > 2 * RECORD_BYTES; at++) {
      const reference = random.toString("hex", at * REFERENCE_BYTES, (at + 1) * REFERENCE_BYTES);
      const record = `{"reference":"${reference}","mode":"sea","gross_weight":{"amount":${at}.5,"units":"kilogram"}},`;
      records.push(record);
      left -= record.length;
    }
    if (records.length > 0) yield Buffer.from(records.join(""), "latin1");
    if (left <= 2 * RECORD_BYTES) break;
  }
  yield Buffer.from(`"${"x".repeat(left - 2)}"]`);
}

function* base64Of(chunks: Iterable<Buffer>): Generator<Buffer> {
  let carry = Buffer.alloc(0);
  for (const chunk of chunks) {
    const all = Buffer.concat([carry, chunk]);
    const whole = all.length - (all.length % 3);
    carry = Buffer.from(all.subarray(whole));
    yield Buffer.from(all.toString("base64", 0, whole), "latin1");
  }
  yield Buffer.from(carry.toString("base64"), "latin1");
}
