/**
 * Reads the parts of a `multipart/form-data` message (RFC 7578) that arrives in chunks. The result never depends on the chunks: a message
 * is read twice, and both passes must give the same bytes.
 */
import { Malformed } from "../json/malformed.ts";
import { readHeaders } from "./part-headers.ts";

/** Longest header section of a part, in bytes. */
export const PART_HEADERS_LIMIT_BYTES = 16 * 1024;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DASH = 0x2d;
const END_OF_HEADERS = "\r\n\r\n";

interface PartHandlers {
  /** A part begins; header names are in lower case. */
  onPart(headers: ReadonlyMap<string, string>): void;
  /** The next bytes of its body; a view that may change after the call. */
  onBytes(bytes: Uint8Array): void;
  onPartEnd(): void;
}

type State = "preamble" | "body" | "delimiter" | "padding" | "headers" | "over";

export class MultipartReader {
  readonly #handlers: PartHandlers;
  readonly #delimiter: Buffer;
  #state: State = "preamble";
  /** Bytes not yet consumed. The first boundary needs no line break before it. */
  #held: Buffer = Buffer.from("\r\n");
  /** Consumed bytes of the message. */
  #offset = -2;
  #fault: Malformed | null = null;

  /** @param boundary as {@link boundaryOf} returns it. */
  constructor(boundary: string, handlers: PartHandlers) {
    this.#handlers = handlers;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  write(chunk: Uint8Array): Malformed | null {
    if (this.#fault || this.#state === "over") return this.#fault;
    this.#held = Buffer.concat([this.#held, chunk]);
    while (!this.#fault && this.#step());
    return this.#fault;
  }

  /** Call once, after the last chunk. */
  end(): Malformed | null {
    if (this.#state !== "over") this.fail("Its last boundary is missing.");
    return this.#fault;
  }

  /** Rejects the message; handlers may call it. The first fault stays. */
  fail(message: string): false {
    this.#fault ??= new Malformed(Math.max(0, this.#offset), message);
    return false;
  }

  /** Returns false when more bytes are needed, or none are. */
  #step(): boolean {
    switch (this.#state) {
      case "preamble":
      case "body":
        return this.#readBody();
      case "delimiter":
        return this.#readDelimiter();
      case "padding":
        return this.#readPadding();
      case "headers":
        return this.#readHeaders();
      case "over":
        return false;
    }
  }

  #readBody(): boolean {
    const at = this.#held.indexOf(this.#delimiter);
    const isFound = at >= 0;
    // The end of the held bytes may be the beginning of a boundary.
    const size = isFound ? at : Math.max(0, this.#held.length - this.#delimiter.length + 1);
    if (this.#state === "body" && size > 0) this.#handlers.onBytes(this.#held.subarray(0, size));
    this.#drop(isFound ? at + this.#delimiter.length : size);
    if (!isFound || this.#fault) return false;
    if (this.#state === "body") this.#handlers.onPartEnd();
    this.#state = "delimiter";
    return true;
  }

  /** `--` follows the last boundary. */
  #readDelimiter(): boolean {
    if (this.#held.length < 2) return false;
    const isLast = this.#held[0] === DASH && this.#held[1] === DASH;
    this.#state = isLast ? "over" : "padding";
    if (isLast) this.#drop(this.#held.length);
    return !isLast;
  }

  /** Spaces, tabs and a line break follow every other boundary. */
  #readPadding(): boolean {
    const at = this.#held.findIndex((byte) => byte !== SPACE && byte !== TAB);
    this.#drop(at < 0 ? this.#held.length : at);
    if (this.#held.length < 2) return false;
    if (this.#held[0] !== CR || this.#held[1] !== LF)
      return this.fail("A boundary is followed by something else than a line break.");
    this.#state = "headers";
    return true;
  }

  #readHeaders(): boolean {
    const at = this.#held.indexOf(END_OF_HEADERS);
    // The end of the held bytes may be a part of the end marker.
    const size = at < 0 ? this.#held.length - END_OF_HEADERS.length + 1 : at;
    if (size > PART_HEADERS_LIMIT_BYTES)
      return this.fail(`The headers of a part have more than ${PART_HEADERS_LIMIT_BYTES} bytes.`);
    if (at < 0) return false;
    const headers = readHeaders(this.#held.toString("utf8", 0, at));
    if (!headers) return this.fail("A part has a line that is no header.");
    this.#handlers.onPart(headers);
    this.#state = "body";
    this.#drop(at + END_OF_HEADERS.length);
    return true;
  }

  #drop(bytes: number): void {
    this.#offset += bytes;
    this.#held = this.#held.subarray(bytes);
  }
}
