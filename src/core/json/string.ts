/** The text of one JSON string (RFC 8259, section 7) as a stream: encoded from UTF-8, and decoded to it. */
import { Malformed } from "./malformed.ts";
import { PLAIN, REJECT, UTF8 } from "./tokens.ts";

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const LETTER_U = 0x75;
/** Length of an escape such as `\u00e9`. */
const UNICODE_ESCAPE_BYTES = 6;
const HIGH_SURROGATE_AT_END = /[\ud800-\udbff]$/;
const NOTHING = new Uint8Array();
const utf8 = new TextDecoder();

/** From UTF-8 to the bytes between the quotes, exactly as `JSON.stringify` writes them. */
export class JsonStringEncoder {
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  /** The last three bytes, among which a character may be incomplete. */
  #tail = NOTHING;
  /** Bytes before the next chunk, an incomplete escape included. */
  #before = 0;
  #fault: Malformed | null = null;

  /** May return the chunk itself. Malformed when the bytes are not UTF-8. */
  write(chunk: Uint8Array): Uint8Array | Malformed {
    if (this.#fault !== null) return this.#fault;
    try {
      this.#utf8.decode(chunk, { stream: true });
    } catch {
      this.#fault = new Malformed(this.#before + this.#faultIn(chunk), "The text is not valid UTF-8.");
      return this.#fault;
    }
    this.#before += chunk.length;
    this.#tail = Uint8Array.from(chunk.length < 3 ? [...this.#tail, ...chunk].slice(-3) : chunk.subarray(-3));
    // Everything that is escaped is ASCII, so the bytes of other characters can be treated as characters of their own.
    const json = JSON.stringify(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1"));
    return json.length === chunk.length + 2 ? chunk : Buffer.from(json.slice(1, -1), "latin1");
  }

  /** Call once, after the last chunk. Returns Malformed if the last character is incomplete. */
  end(): Malformed | null {
    try {
      if (this.#fault === null) this.#utf8.decode();
    } catch {
      this.#fault = new Malformed(this.#before, "The text ends within a character.");
    }
    return this.#fault;
  }

  /** The index of the first byte that no UTF-8 text can have there. */
  #faultIn(chunk: Uint8Array): number {
    const start = this.#tail.findIndex((byte) => byte < 0x80 || byte >= 0xc0);
    const before = start < 0 ? NOTHING : this.#tail.subarray(start);
    const bytes = Buffer.concat([before, chunk]);
    let at = 0;
    for (let state = PLAIN; state !== REJECT && at < bytes.length; at++)
      state = UTF8[(state << 8) | (bytes[at] as number)] as number;
    return at - 1 - before.length;
  }
}

/** From a JSON string with its quotes to UTF-8. The scanner has already checked the grammar. */
export class JsonStringDecoder {
  #isOpen = false;
  /** An escape that is not complete yet, with the first half of a surrogate pair if one precedes it. */
  #rest = NOTHING;
  /** Bytes before the next chunk, an incomplete escape included. */
  #before = 0;
  #fault: Malformed | null = null;

  /** May return a view of the chunk. Malformed when the value is not a string, or has no UTF-8 because of a lone surrogate. */
  write(chunk: Uint8Array): Uint8Array | Malformed {
    if (this.#fault === null && !this.#isOpen && chunk.length > 0) {
      this.#isOpen = true;
      this.#before = 1;
      if (chunk[0] === QUOTE) return this.write(chunk.subarray(1));
      this.#fault = new Malformed(0, "The value is not a string.");
    }
    if (this.#fault) return this.#fault;
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const decoded = this.#decode(bytes, this.#before - this.#rest.length);
    this.#before += chunk.length;
    return decoded;
  }

  /** @param at offset of `bytes`; a fault is reported where the first escape of its chunk begins. */
  #decode(bytes: Uint8Array, at: number): Uint8Array | Malformed {
    const start = bytes.indexOf(BACKSLASH);
    if (start < 0) return withoutQuote(bytes);
    const end = endOfEscapes(bytes);
    const tail = bytes.subarray(end);
    const isCut = tail[0] === BACKSLASH;
    const text = JSON.parse(`"${utf8.decode(bytes.subarray(start, end))}"`) as string;
    const isHalf = (isCut || tail.length === 0) && HIGH_SURROGATE_AT_END.test(text);
    const whole = isHalf ? text.slice(0, -1) : text;
    if (!whole.isWellFormed()) {
      this.#fault = new Malformed(at + start, "A string has half of a surrogate pair.");
      return this.#fault;
    }
    this.#rest = Uint8Array.from(bytes.subarray(isHalf ? end - UNICODE_ESCAPE_BYTES : isCut ? end : bytes.length));
    return Buffer.concat([bytes.subarray(0, start), Buffer.from(whole, "utf8"), isCut ? NOTHING : withoutQuote(tail)]);
  }
}

/** The end of the last complete escape, of bytes with at least one backslash. */
function endOfEscapes(bytes: Uint8Array): number {
  const last = bytes.lastIndexOf(BACKSLASH);
  let first = last;
  while (bytes[first - 1] === BACKSLASH) first--;
  // In a row of backslashes every second one is escaped.
  const start = last - ((last - first) % 2);
  const end = start + (bytes[start + 1] === LETTER_U ? UNICODE_ESCAPE_BYTES : 2);
  return end <= bytes.length ? end : start;
}

const withoutQuote = (bytes: Uint8Array) => (bytes.at(-1) === QUOTE ? bytes.subarray(0, -1) : bytes);
