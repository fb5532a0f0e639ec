/**
 * Signed ids: the UUIDs of executions, correlations and callbacks.
 *
 * An id contains the address of its row and proves that this gateway made it, so a forged one is rejected without reading any storage.
 * Layout of the version 8 UUID (RFC 9562), most significant bit first:
 *
 *   sequence 40 | run 8 | version 4 | shard 12 | variant 2 | shard 2 | tag 60
 *
 * The tag is an HMAC-SHA256 over purpose and address. Ids sort by time, like version 7.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** An id made for one purpose is rejected for every other. */
export type Purpose = "execution" | "correlation" | "callback";

export interface Address {
  /** 0 to {@link MAX_SHARD}. */
  readonly shard: number;
  /** Key of the row in its shard, 0 to {@link MAX_SEQUENCE}. */
  readonly sequence: number;
  /** Number of the step run, 0 to {@link MAX_RUN}; 0 where there are none. */
  readonly run: number;
}

export const MAX_SHARD = 2 ** 14 - 1;
export const MAX_SEQUENCE = 2 ** 40 - 1;
export const MAX_RUN = 2 ** 8 - 1;

/** The first characters of an id are its address, the rest is the tag. */
export const ADDRESS_LENGTH = 20;

/** Sequences count milliseconds from here, and last until 2059. */
export const SEQUENCE_EPOCH_MS = Date.UTC(2025, 0, 1);

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Throws RangeError when a part of the address does not fit its bits. */
export function mintSignedId(key: string, purpose: Purpose, address: Address): string {
  const { shard, sequence, run } = address;
  checkRange("shard", shard, MAX_SHARD);
  checkRange("sequence", sequence, MAX_SEQUENCE);
  checkRange("run", run, MAX_RUN);
  const time = hex(sequence, 10);
  // The rest of the shard takes the place of the first digit of the hash.
  const tag = hashOf(key, purpose, address).slice(1, 16);
  const variant = hex(8 | (shard & 3), 1) + tag.slice(0, 3);
  return `${time.slice(0, 8)}-${time.slice(8)}${hex(run, 2)}-8${hex(shard >>> 2, 3)}-${variant}-${tag.slice(3)}`;
}

/**
 * Returns the address in an id, or null if none of the keys made it for this purpose.
 *
 * @param keys the current key first; older ones still verify while they are rotated out.
 */
export function readSignedId(keys: readonly string[], purpose: Purpose, text: string): Address | null {
  const canonical = text.toLowerCase();
  if (!UUID_V8.test(canonical)) return null;
  const part = (from: number, to: number) => Number.parseInt(canonical.slice(from, to), 16);
  const sequence = part(0, 8) * 256 + part(9, 11);
  const address = { shard: (part(15, 18) << 2) | (part(19, 20) & 3), sequence, run: part(11, 13) };
  const given = Buffer.from(canonical);
  const isGenuine = keys.some((key) => timingSafeEqual(Buffer.from(mintSignedId(key, purpose, address)), given));
  return isGenuine ? address : null;
}

/** The time, or the next number when the millisecond is used or the clock steps back. */
export const nextSequence = (last: number, nowMs: number) => Math.max(last + 1, nowMs - SEQUENCE_EPOCH_MS);

const ADDRESS_BYTES = 9;

/** The hashed bytes: the purpose, and the address as its bytes are in the id. The buffer is reused for each id. */
const hashInput = (purpose: Purpose) => {
  const name = Buffer.from(`hookback state ${purpose}\0`);
  const bytes = Buffer.concat([name, Buffer.alloc(ADDRESS_BYTES)]);
  return { bytes, address: new DataView(bytes.buffer, bytes.byteOffset + name.length, ADDRESS_BYTES) };
};
const HASH_INPUTS = {
  execution: hashInput("execution"),
  correlation: hashInput("correlation"),
  callback: hashInput("callback"),
} satisfies Record<Purpose, unknown>;

function hashOf(key: string, purpose: Purpose, { shard, sequence, run }: Address): string {
  const { bytes, address } = HASH_INPUTS[purpose];
  address.setUint32(0, Math.floor(sequence / 256));
  address.setUint8(4, sequence % 256);
  address.setUint8(5, run);
  address.setUint16(6, 0x8000 | (shard >>> 2));
  address.setUint8(8, (shard & 3) << 4);
  return createHmac("sha256", bytesOfKey(key)).update(bytes).digest("hex");
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

/** Cached, because hashing with bytes is faster than with text. */
const keyBytes = new Map<string, Buffer>();
/** A deployment has two: the current key and the previous one. */
const CACHED_KEYS = 4;

function bytesOfKey(key: string): Buffer {
  const known = keyBytes.get(key);
  if (known) return known;
  if (keyBytes.size >= CACHED_KEYS) keyBytes.clear();
  const bytes = Buffer.from(key);
  keyBytes.set(key, bytes);
  return bytes;
}

function checkRange(name: string, value: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${name} ${value} is not between 0 and ${max}`);
  }
}
