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
export function mintSignedId(key: string, purpose: Purpose, address: Address): string {
  const { shard, sequence, run } = address;
  checkRange("shard", shard, MAX_SHARD);
  checkRange("sequence", sequence, MAX_SEQUENCE);
  checkRange("run", run, MAX_RUN);
  const time = hex(sequence, 10);
  // The first of the hash's digits gives way to what is left of the shard.
  const tag = hashOf(key, purpose, address).slice(1, 16);
  const variant = hex(8 | (shard & 3), 1) + tag.slice(0, 3);
  return `${time.slice(0, 8)}-${time.slice(8)}${hex(run, 2)}-8${hex(shard >>> 2, 3)}-${variant}-${tag.slice(3)}`;
}

/**
 * Reads an id back: its address, or null when no given key made it for this purpose.
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

/** The next sequence: time, pushed forward when several are wanted within one millisecond or the clock steps back. */
export function nextSequence(last: number, nowMs: number): number {
  return Math.max(last + 1, nowMs - SEQUENCE_EPOCH_MS);
}

const ADDRESS_BYTES = 9;

/** What is hashed: a name of the purpose, and the address as its bytes stand in the id. Written anew for each id. */
const told = (purpose: Purpose) => {
  const name = Buffer.from(`hookback state ${purpose}\0`);
  const bytes = Buffer.concat([name, Buffer.alloc(ADDRESS_BYTES)]);
  return { bytes, address: new DataView(bytes.buffer, bytes.byteOffset + name.length, ADDRESS_BYTES) };
};
const TOLD = { execution: told("execution"), correlation: told("correlation"), callback: told("callback") };

function hashOf(key: string, purpose: Purpose, { shard, sequence, run }: Address): string {
  const { bytes, address } = TOLD[purpose];
  address.setUint32(0, Math.floor(sequence / 256));
  address.setUint8(4, sequence % 256);
  address.setUint8(5, run);
  address.setUint16(6, 0x8000 | (shard >>> 2));
  address.setUint8(8, (shard & 3) << 4);
  return createHmac("sha256", bytesOfKey(key)).update(bytes).digest("hex");
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

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
