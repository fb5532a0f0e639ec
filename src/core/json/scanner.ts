/** Validates a JSON text (RFC 8259) that arrives in chunks, byte by byte and without buffering any of it. */
import { Malformed } from "./malformed.ts";
import {
  endOfPlain,
  isCompleteScalar,
  PLAIN,
  REJECT,
  SCALAR,
  SCALAR_START,
  STRING,
  STRING_END,
  stringFault,
} from "./tokens.ts";

/** Deepest nesting of arrays and objects. */
export const JSON_DEPTH_LIMIT = 512;

/** A `name` is the string before a member's colon. */
export type JsonToken = "name" | "string" | "scalar" | "object" | "array";

/** Receives the positions of names and values. */
interface JsonListener {
  /** Deepest level that is reported: 0 is the whole value, 1 its members or items. */
  readonly depth: number;
  /** @param at index of the token's first byte in the chunk being written. */
  begin(token: JsonToken, depth: number, at: number): void;
  /** @param at index after its last byte; 0 when that was the last byte of an earlier chunk. */
  end(token: JsonToken, depth: number, at: number): void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = { array: 0x5b, object: 0x7b };
const CLOSE = { array: 0x5d, object: 0x7d };

type Expected =
  | "value"
  | "first item"
  | "first name"
  | "name"
  | "colon"
  | "comma"
  | "nothing"
  | "rest of string"
  | "rest of scalar";

export class JsonScanner {
  readonly #listener: JsonListener | null;
  readonly #depthLimit: number;
  readonly #parents: ("array" | "object")[] = [];
  #expected: Expected = "value";
  /** Of the current string, number or literal. */
  #token: JsonToken = "scalar";
  #state = PLAIN;
  /** Bytes before the current chunk. */
  #before = 0;
  #at = 0;
  #fault: Malformed | null = null;

  constructor(listener: JsonListener | null = null) {
    this.#listener = listener;
    this.#depthLimit = listener?.depth ?? -1;
  }

  /** Returns null as long as the bytes so far can begin a JSON text. */
  write(chunk: Uint8Array): Malformed | null {
    let at = 0;
    while (at < chunk.length && this.#fault === null) {
      const expected = this.#expected;
      if (expected === "rest of string") at = this.#string(chunk, at);
      else if (expected === "rest of scalar") at = this.#scalar(chunk, at);
      else at = this.#structure(chunk, at, expected);
    }
    this.#before += chunk.length;
    this.#at = 0;
    return this.#fault;
  }

  /** Call once, after the last chunk. Returns null if the text is one JSON value. */
  end(): Malformed | null {
    if (this.#fault !== null) return this.#fault;
    if (this.#expected === "rest of scalar" && isCompleteScalar(this.#state)) this.#end(this.#token, 0);
    if (this.#expected !== "nothing") this.fail("The JSON ends too early.");
    return this.#fault;
  }

  /** Rejects the text at the current position; listeners may call it. The first fault stays. */
  fail(message: string): void {
    this.#fault ??= new Malformed(this.#before + this.#at, message);
  }

  get fault(): Malformed | null {
    return this.#fault;
  }

  #string(chunk: Uint8Array, start: number): number {
    let at = start;
    let state = this.#state;
    while (at < chunk.length) {
      if (state === PLAIN) at = endOfPlain(chunk, at);
      if (at === chunk.length) break;
      const byte = chunk[at] as number;
      const next = STRING[(state << 8) | byte] as number;
      if (next >= STRING_END) {
        this.#at = at;
        if (next === REJECT) this.fail(stringFault(state, byte));
        else this.#end(this.#token, at + 1);
        return at + 1;
      }
      state = next;
      at++;
    }
    this.#state = state;
    return at;
  }

  #scalar(chunk: Uint8Array, start: number): number {
    let at = start;
    let state = this.#state;
    while (at < chunk.length) {
      const next = SCALAR[(state << 8) | (chunk[at] as number)] as number;
      if (next === REJECT) {
        this.#at = at;
        if (isCompleteScalar(state)) this.#end("scalar", at);
        else this.#unexpected(chunk[at] as number);
        return at;
      }
      state = next;
      at++;
    }
    this.#state = state;
    return at;
  }

  /** Whitespace, punctuation and the first bytes of values. */
  #structure(chunk: Uint8Array, start: number, expected: Exclude<Expected, `rest of ${string}`>): number {
    let at = start;
    let byte = chunk[at] as number;
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      if (++at === chunk.length) return at;
      byte = chunk[at] as number;
    }
    this.#at = at;
    switch (expected) {
      case "value":
        return this.#beginValue(byte, at);
      case "first item":
        return byte === CLOSE.array ? this.#close(byte, at) : this.#beginValue(byte, at);
      case "first name":
        return byte === CLOSE.object ? this.#close(byte, at) : this.#beginName(byte, at);
      case "name":
        return this.#beginName(byte, at);
      case "colon":
        if (byte === COLON) this.#expected = "value";
        else this.#unexpected(byte);
        return at + 1;
      case "comma":
        if (byte !== COMMA) return this.#close(byte, at);
        this.#expected = this.#parents.at(-1) === "object" ? "name" : "value";
        return at + 1;
      case "nothing":
        this.fail("Something follows the JSON.");
        return at;
    }
  }

  #beginName(byte: number, at: number): number {
    if (byte === QUOTE) this.#beginToken("name", "rest of string", PLAIN, at);
    else this.#unexpected(byte);
    return at + 1;
  }

  #beginValue(byte: number, at: number): number {
    if (byte === QUOTE) this.#beginToken("string", "rest of string", PLAIN, at);
    else if (byte === OPEN.object) this.#open("object", "first name", at);
    else if (byte === OPEN.array) this.#open("array", "first item", at);
    else {
      const state = SCALAR[(SCALAR_START << 8) | byte] as number;
      if (state === REJECT) this.#unexpected(byte);
      else this.#beginToken("scalar", "rest of scalar", state, at);
    }
    return at + 1;
  }

  #beginToken(token: JsonToken, rest: Expected, state: number, at: number): void {
    this.#token = token;
    this.#expected = rest;
    this.#state = state;
    if (this.#parents.length <= this.#depthLimit) this.#listener?.begin(token, this.#parents.length, at);
  }

  #open(kind: "array" | "object", first: Expected, at: number): void {
    if (this.#parents.length === JSON_DEPTH_LIMIT) {
      this.fail(`The JSON has more than ${JSON_DEPTH_LIMIT} arrays and objects within one another.`);
      return;
    }
    if (this.#parents.length <= this.#depthLimit) this.#listener?.begin(kind, this.#parents.length, at);
    this.#parents.push(kind);
    this.#expected = first;
  }

  #close(byte: number, at: number): number {
    const kind = this.#parents.at(-1);
    if (kind === undefined || byte !== CLOSE[kind]) {
      this.#unexpected(byte);
      return at;
    }
    this.#parents.pop();
    this.#end(kind, at + 1);
    return at + 1;
  }

  #end(token: JsonToken, at: number): void {
    this.#expected = token === "name" ? "colon" : this.#parents.length === 0 ? "nothing" : "comma";
    if (this.#parents.length <= this.#depthLimit) this.#listener?.end(token, this.#parents.length, at);
  }

  #unexpected(byte: number): void {
    const shown = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16)}`;
    this.fail(`The JSON has an unexpected ${shown}.`);
  }
}
