/**
 * State ids: the UUIDs by which executions, correlations and callbacks are known outside.
 *
 * An id says where its row lives and proves that this gateway made it, so a forged one is refused without a look at
 * any storage. Layout of the version 8 UUID (RFC 9562), most significant bit first:
 *
 *   sequence 40 | run 8 | version 4 | shard 12 | variant 2 | shard 2 | tag 60
 *
 * The tag is an HMAC-SHA256 over purpose and address. Ids sort by time, like version 7.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** What an id stands for; an id of one purpose is refused for every other. */
export type Purpose = "execution" | "correlation" | "callback";

/** Where the row of an id lives. */
export interface Address {
  /** Number of the shard, 0 to {@link MAX_SHARD}. */
  readonly shard: number;
  /** Key of the row in its shard, 0 to {@link MAX_SEQUENCE}. */
  readonly sequence: number;
  /** Which of the runs of that row, 0 to {@link MAX_RUN}; 0 where there are none. */
  readonly run: number;
}

export const MAX_SHARD = 2 ** 14 - 1;
export const MAX_SEQUENCE = 2 ** 40 - 1;
export const MAX_RUN = 2 ** 8 - 1;

/** How many characters of an id, from its beginning, are its address: what stands behind them is the tag. */
export const ADDRESS_LENGTH = 20;

/** Sequences count milliseconds from here, which serves until 2059. */
export const SEQUENCE_EPOCH_MS = Date.UTC(2025, 0, 1);

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Makes the id of an address. Throws RangeError when a part does not fit its bits. */
export function mintStateId(key: string, purpose: Purpose, { shard, sequence, run }: Address): string {
  checkRange("shard", shard, MAX_SHARD);
  checkRange("sequence", sequence, MAX_SEQUENCE);
  checkRange("run", run, MAX_RUN);
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(sequence, 0, 5);
  bytes.writeUInt8(run, 5);
  bytes.writeUInt16BE(0x8000 | (shard >>> 2), 6);
  bytes.writeUInt8(0x80 | ((shard & 3) << 4), 8);
  const tag = tagOf(key, purpose, bytes);
  tag.copy(bytes, 9, 1);
  bytes.writeUInt8(bytes.readUInt8(8) | tag.readUInt8(0), 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Reads an id back: its address, or null when no given key made it for this purpose.
 *
 * @param keys the current key first; older ones still verify while they are rotated out.
 */
export function readStateId(keys: readonly string[], purpose: Purpose, text: string): Address | null {
  const canonical = text.toLowerCase();
  if (!UUID_V8.test(canonical)) return null;
  const bytes = Buffer.from(canonical.replaceAll("-", ""), "hex");
  const tag = Buffer.from(bytes.subarray(8));
  const shard = ((bytes.readUInt16BE(6) & 0x0fff) << 2) | ((tag.readUInt8(0) >>> 4) & 3);
  tag.writeUInt8(tag.readUInt8(0) & 0x0f, 0);
  bytes.writeUInt8(0x80 | ((shard & 3) << 4), 8);
  const authentic = keys.some((key) => timingSafeEqual(tagOf(key, purpose, bytes), tag));
  return authentic ? { shard, sequence: bytes.readUIntBE(0, 5), run: bytes.readUInt8(5) } : null;
}

/** The next sequence: time, pushed forward when several are wanted within one millisecond or the clock steps back. */
export function nextSequence(last: number, nowMs: number): number {
  return Math.max(last + 1, nowMs - SEQUENCE_EPOCH_MS);
}

const ADDRESS_BYTES = 9;

/** The 60-bit tag as eight bytes whose first four bits are zero, over the address in `bytes`. */
function tagOf(key: string, purpose: Purpose, bytes: Buffer): Buffer {
  const prefix = PREFIXES[purpose];
  const told = Buffer.allocUnsafe(prefix.length + ADDRESS_BYTES);
  prefix.copy(told);
  bytes.copy(told, prefix.length, 0, ADDRESS_BYTES);
  const last = told.length - 1;
  told.writeUInt8(told.readUInt8(last) & 0x30, last);
  const tag = createHmac("sha256", bytesOfKey(key)).update(told).digest().subarray(0, 8);
  tag.writeUInt8(tag.readUInt8(0) & 0x0f, 0);
  return tag;
}

const prefixOf = (purpose: Purpose) => Buffer.from(`hookback state ${purpose}\0`);
const PREFIXES: Readonly<Record<Purpose, Buffer>> = {
  execution: prefixOf("execution"),
  correlation: prefixOf("correlation"),
  callback: prefixOf("callback"),
};

/** A key is the same for every id, and a text costs a hash more than bytes do. */
const keyBytes = new Map<string, Buffer>();
/** A deployment has the current key and the one before. */
const KEYS_KEPT = 4;

function bytesOfKey(key: string): Buffer {
  const known = keyBytes.get(key);
  if (known) return known;
  if (keyBytes.size >= KEYS_KEPT) keyBytes.clear();
  const bytes = Buffer.from(key);
  keyBytes.set(key, bytes);
  return bytes;
}

function checkRange(name: string, value: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${name} ${value} is not between 0 and ${max}`);
  }
}
