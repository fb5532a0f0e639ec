/** Base64 (RFC 4648, section 4) as a stream, with padding, both ways. */
import { Malformed } from "./malformed.ts";

const ALPHABET = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const PAD = 0x3d;
const NO_DIGIT = 255;
const VALUES = new Uint8Array(256).fill(NO_DIGIT);
ALPHABET.forEach((character, value) => {
  VALUES[character] = value;
});

/** From bytes to ASCII. */
export class Base64Encoder {
  /** One or two bytes that wait for the rest of their three, as one number. */
  #carry = 0;
  #carried = 0;

  write(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(Math.floor((this.#carried + chunk.length) / 3) * 4);
    let size = 0;
    let carry = this.#carry;
    let carried = this.#carried;
    for (let at = 0; at < chunk.length; at++) {
      carry = (carry << 8) | (chunk[at] as number);
      if (++carried < 3) continue;
      put(out, size, carry);
      size += 4;
      carry = 0;
      carried = 0;
    }
    this.#carry = carry;
    this.#carried = carried;
    return out;
  }

  /** The last four characters, when a part of three bytes was left. */
  end(): Uint8Array {
    if (this.#carried === 0) return new Uint8Array();
    const out = new Uint8Array(4);
    put(out, 0, this.#carry << (8 * (3 - this.#carried)));
    return out.fill(PAD, this.#carried + 1);
  }
}

function put(out: Uint8Array, at: number, bits: number): void {
  out[at] = ALPHABET[bits >> 18] as number;
  out[at + 1] = ALPHABET[(bits >> 12) & 63] as number;
  out[at + 2] = ALPHABET[(bits >> 6) & 63] as number;
  out[at + 3] = ALPHABET[bits & 63] as number;
}

/**
 * From ASCII to bytes. Strict: no whitespace, no other alphabet, padded, nothing behind the padding and no bits left over; so that the bytes have
 * this one form only.
 */
export class Base64Decoder {
  #bits = 0;
  /** Characters of the present four, padding included. */
  #characters = 0;
  #padding = 0;
  #before = 0;
  #fault: Malformed | null = null;

  write(chunk: Uint8Array): Uint8Array | Malformed {
    const out = new Uint8Array(Math.floor((this.#characters + chunk.length) / 4) * 3);
    let size = 0;
    let at = 0;
    while (at < chunk.length && this.#fault === null) {
      if (this.#characters === 0 && this.#padding === 0) {
        const end = fours(chunk, at, out, size);
        size += ((end - at) / 4) * 3;
        at = end;
        if (at === chunk.length) break;
      }
      size = this.#character(chunk[at] as number, at, out, size);
      at++;
    }
    this.#before += chunk.length;
    return this.#fault ?? out.subarray(0, size);
  }

  /** The text is over. Malformed when a part of four characters is left. */
  end(): Malformed | null {
    if (this.#characters !== 0) this.#fail(0, "The base64 text ends too early.");
    return this.#fault;
  }

  #character(character: number, at: number, out: Uint8Array, size: number): number {
    const value = VALUES[character] as number;
    const isPad = character === PAD && (this.#padding > 0 ? this.#characters === 3 : this.#characters >= 2);
    if (isPad) this.#padding++;
    else if (value === NO_DIGIT || this.#padding > 0) {
      this.#fail(at, "The text is not base64.");
      return size;
    }
    this.#bits = (this.#bits << 6) | (isPad ? 0 : value);
    if (++this.#characters < 4) return size;
    const bits = this.#bits;
    this.#bits = 0;
    this.#characters = 0;
    const bytes = 3 - this.#padding;
    if ((bits & ((1 << (8 * this.#padding)) - 1)) !== 0) this.#fail(at, "The base64 text has bits left over.");
    for (let i = 0; i < bytes; i++) out[size + i] = (bits >> (16 - 8 * i)) & 0xff;
    return size + bytes;
  }

  #fail(at: number, message: string): void {
    this.#fault ??= new Malformed(this.#before + at, message);
  }
}

/** Decodes whole fours of digits; answers where the first other character may be. */
function fours(chunk: Uint8Array, start: number, out: Uint8Array, to: number): number {
  let at = start;
  let size = to;
  for (; at + 4 <= chunk.length; at += 4) {
    const a = VALUES[chunk[at] as number] as number;
    const b = VALUES[chunk[at + 1] as number] as number;
    const c = VALUES[chunk[at + 2] as number] as number;
    const d = VALUES[chunk[at + 3] as number] as number;
    if ((a | b | c | d) > 63) break;
    out[size++] = (a << 2) | (b >> 4);
    out[size++] = ((b & 15) << 4) | (c >> 2);
    out[size++] = ((c & 3) << 6) | d;
  }
  return at;
}
