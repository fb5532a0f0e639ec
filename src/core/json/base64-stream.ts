/** Base64 (RFC 4648, section 4) with padding, encoded and decoded as a stream. */
import { Malformed } from "./malformed.ts";

/** From bytes to ASCII. */
export class Base64Encoder {
  /** Up to two bytes of a group of three that is not complete yet. */
  #rest = Buffer.alloc(0);

  write(chunk: Uint8Array): Uint8Array {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : bufferOf(chunk);
    const end = bytes.length - (bytes.length % 3);
    // A copy, because the chunk may be reused.
    this.#rest = Buffer.from(bytes.subarray(end));
    return Buffer.from(bytes.toString("base64", 0, end), "latin1");
  }

  /** Returns the last four characters if a group is incomplete. */
  end(): Uint8Array {
    return Buffer.from(this.#rest.toString("base64"), "latin1");
  }
}

const INCOMPLETE_GROUP = /^(?:[A-Za-z0-9+/]{0,3}|[A-Za-z0-9+/]{2}=)$/;

/**
 * From ASCII to bytes. Strict: no whitespace, no other alphabet, complete padding with nothing behind it and no bits left over, so that
 * bytes have exactly one accepted form. The platform's decoder is lenient; only text that encodes to itself again is accepted.
 */
export class Base64Decoder {
  /** Up to three characters of a group of four that is not complete yet. */
  #rest = "";
  #isPadded = false;
  /** Characters of the complete groups so far. */
  #before = 0;
  #fault: Malformed | null = null;

  write(chunk: Uint8Array): Uint8Array | Malformed {
    if (this.#fault !== null) return this.#fault;
    const text = this.#rest + bufferOf(chunk).toString("latin1");
    const groups = text.slice(0, text.length - (text.length % 4));
    const rest = text.slice(groups.length);
    const bytes = Buffer.from(groups, "base64");
    const isPadded = this.#isPadded || groups.endsWith("=");
    const isValid =
      bytes.toString("base64") === groups &&
      (this.#isPadded ? text === "" : isPadded ? rest === "" : INCOMPLETE_GROUP.test(rest));
    if (!isValid) return this.#fail(this.#isPadded ? "=" : text);
    this.#isPadded = isPadded;
    this.#rest = rest;
    this.#before += groups.length;
    return bytes;
  }

  /** Call once, after the last chunk. Returns Malformed if a group of four characters is incomplete. */
  end(): Malformed | null {
    if (this.#rest !== "")
      this.#fault ??= new Malformed(this.#before + this.#rest.length, "The base64 text ends too early.");
    return this.#fault;
  }

  /** @param text starts with a group and is not valid. */
  #fail(text: string): Malformed {
    const digits = text.search(/[^A-Za-z0-9+/]|$/);
    const wanted = digits % 4 > 1 ? 4 - (digits % 4) : 0;
    const padding = text.slice(digits, digits + wanted).search(/[^=]|$/);
    const isPadded = wanted > 0 && padding === wanted;
    const end = digits + padding;
    this.#fault =
      isPadded && !isCanonical(text.slice(end - 4, end))
        ? new Malformed(this.#before + end - 1, "The base64 text has bits left over.")
        : new Malformed(this.#before + end, "The text is not base64.");
    return this.#fault;
  }
}

const isCanonical = (group: string) => Buffer.from(group, "base64").toString("base64") === group;

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);
