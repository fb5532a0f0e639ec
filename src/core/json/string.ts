/** The text of one JSON string (RFC 8259, section 7) as a stream: written from UTF-8, and read back to it. */
import { PLAIN, REJECT, UTF8 } from "./byte-automaton.ts";
import { Malformed } from "./malformed.ts";

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const LETTER_U = 0x75;

/** For each byte how it is written: as it stands where there is nothing. */
const ESCAPES: readonly (Uint8Array | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const written = byte < 0x80 ? JSON.stringify(String.fromCharCode(byte)).slice(1, -1) : "";
  return written.length > 1 ? new TextEncoder().encode(written) : undefined;
});
const EXTRA_BYTES = Uint8Array.from(ESCAPES, (escaped) => (escaped === undefined ? 0 : escaped.length - 1));

/** From UTF-8 to what stands between the quotes: the very bytes that `JSON.stringify` makes. */
export class JsonStringEncoder {
  #state = PLAIN;
  #before = 0;
  #fault: Malformed | null = null;

  /** May answer the chunk itself. Malformed when the bytes are not UTF-8. */
  write(chunk: Uint8Array): Uint8Array | Malformed {
    const extra = this.#check(chunk);
    this.#before += chunk.length;
    if (this.#fault !== null || extra === 0) return this.#fault ?? chunk;
    const out = new Uint8Array(chunk.length + extra);
    let size = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      const escaped = ESCAPES[byte];
      if (escaped === undefined) out[size++] = byte;
      else for (let i = 0; i < escaped.length; i++) out[size++] = escaped[i] as number;
    }
    return out;
  }

  /** The text is over. Malformed when its last character is cut off. */
  end(): Malformed | null {
    if (this.#state !== PLAIN) this.#fault ??= new Malformed(this.#before, "The text ends within a character.");
    return this.#fault;
  }

  /** How many bytes more than the chunk has are to be written. */
  #check(chunk: Uint8Array): number {
    let state = this.#state;
    let extra = 0;
    for (let at = 0; at < chunk.length && this.#fault === null; at++) {
      const byte = chunk[at] as number;
      state = UTF8[(state << 8) | byte] as number;
      extra += EXTRA_BYTES[byte] as number;
      if (state === REJECT) this.#fault = new Malformed(this.#before + at, "The text is not valid UTF-8.");
    }
    this.#state = state;
    return extra;
  }
}

/** What a backslash and a letter stand for. */
const UNESCAPED = new Uint8Array(128);
for (const [letter, character] of Object.entries({
  ...{ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
  ...{ '"': '"', "\\": "\\", "/": "/" },
}))
  UNESCAPED[letter.charCodeAt(0)] = character.charCodeAt(0);

const ONE_OF_A_PAIR = "A string has half of a surrogate pair.";

/** Where in an escape the next byte is: 0 outside, 1 behind the backslash, then four to one hexadecimal digits to come. */
const OUTSIDE = 0;
const LETTER = 1;
const FIRST_DIGIT = 2;
const PAST_LAST_DIGIT = 6;

/** From a JSON string with its quotes to UTF-8. The grammar has been checked by the scanner that hands it over. */
export class JsonStringDecoder {
  #isOpen = false;
  #escape = OUTSIDE;
  #unit = 0;
  /** The first half of a pair whose second half must follow. */
  #high = 0;
  #before = 0;
  #fault: Malformed | null = null;

  /** May answer a view of the chunk. Malformed when the value is no string, or has no UTF-8 because of a lone surrogate. */
  write(chunk: Uint8Array): Uint8Array | Malformed {
    const bytes = this.#fault === null ? this.#decode(chunk) : chunk;
    this.#before += chunk.length;
    return this.#fault ?? bytes;
  }

  #decode(chunk: Uint8Array): Uint8Array {
    let at = 0;
    if (!this.#isOpen && chunk.length > 0) {
      this.#isOpen = true;
      if (chunk[at++] !== QUOTE) this.#fail(0, "The value is not a string.");
    }
    if (this.#escape === OUTSIDE && this.#high === 0 && !chunk.includes(BACKSLASH, at))
      return chunk.subarray(at, chunk.at(-1) === QUOTE ? Math.max(at, chunk.length - 1) : chunk.length);
    // An escape is longer than what it stands for, except for the part of it that came with an earlier chunk.
    const out = new Uint8Array(chunk.length + 3);
    let size = 0;
    while (at < chunk.length && this.#fault === null) {
      const byte = chunk[at] as number;
      if (this.#escape !== OUTSIDE) size = this.#readEscape(byte, at, out, size);
      else if (byte === BACKSLASH) this.#escape = LETTER;
      else if (this.#high !== 0) this.#fail(at, ONE_OF_A_PAIR);
      else if (byte !== QUOTE) out[size++] = byte;
      at++;
    }
    return out.subarray(0, size);
  }

  #readEscape(byte: number, at: number, out: Uint8Array, size: number): number {
    if (this.#escape === LETTER) {
      this.#unit = 0;
      this.#escape = byte === LETTER_U ? FIRST_DIGIT : OUTSIDE;
      if (byte === LETTER_U) return size;
      if (this.#high !== 0) this.#fail(at, ONE_OF_A_PAIR);
      out[size] = UNESCAPED[byte] as number;
      return size + 1;
    }
    // The low four bits of a digit are its value, and of a letter its value less nine.
    this.#unit = (this.#unit << 4) | ((byte & 0x0f) + (byte > 0x39 ? 9 : 0));
    if (++this.#escape < PAST_LAST_DIGIT) return size;
    this.#escape = OUTSIDE;
    return this.#putUnit(this.#unit, at, out, size);
  }

  #putUnit(unit: number, at: number, out: Uint8Array, size: number): number {
    const isLow = unit >= 0xdc00 && unit < 0xe000;
    if (isLow !== (this.#high !== 0)) this.#fail(at, ONE_OF_A_PAIR);
    if (unit >= 0xd800 && unit < 0xdc00) {
      this.#high = unit;
      return size;
    }
    const point = isLow ? 0x10000 + ((this.#high - 0xd800) << 10) + (unit - 0xdc00) : unit;
    this.#high = 0;
    return putCharacter(point, out, size);
  }

  #fail(at: number, message: string): void {
    this.#fault ??= new Malformed(this.#before + at, message);
  }
}

/** Writes a code point as UTF-8; answers the size with it. */
function putCharacter(point: number, out: Uint8Array, size: number): number {
  const tails = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  out[size] = tails === 0 ? point : ((0xff00 >> (tails + 1)) & 0xff) | (point >> (6 * tails));
  for (let i = 1; i <= tails; i++) out[size + i] = 0x80 | ((point >> (6 * (tails - i))) & 0x3f);
  return size + tails + 1;
}
