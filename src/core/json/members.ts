/**
 * Reads the members of a JSON object that arrives in chunks and may be of any size (CD2, CD10). Small values are collected, large ones pass
 * through byte for byte (CD15), and the whole text is validated. Also reads an array of objects, one object after the other.
 */

import type { Malformed } from "./malformed.ts";
import { JsonScanner, type JsonToken } from "./scanner.ts";

/** Longest name of a member between its quotes, in bytes. */
export const NAME_LIMIT_BYTES = 256;
/** Most members of one object; their names are stored to find repeated ones. */
export const MEMBER_LIMIT = 1024;
/** Longest collected value in bytes, unless the caller says otherwise. */
export const COLLECT_LIMIT_BYTES = 64 * 1024;

const QUOTES_BYTES = 2;

/** `collect` reports a value as a whole, `pass` piece by piece, `skip` only validates it. */
export type Treatment = "collect" | "pass" | "skip";

/** A handler rejects the text by calling `fail` of the scanner. */
interface MemberHandlers {
  onMember(name: string): Treatment;
  /** The exact bytes of a collected value. */
  onValue?(name: string, bytes: Uint8Array): void;
  /** The next bytes of a value that passes, unchanged; a view of the written chunk. */
  onBytes?(name: string, bytes: Uint8Array): void;
  /** The end of a value that passes. */
  onEnd?(name: string): void;
  onItem?(): void;
  onItemEnd?(): void;
}

export interface MemberOptions {
  /** `array` reads the members of every object in an array. */
  readonly of?: "object" | "array";
  /** Longest collected value, in bytes. */
  readonly collectLimitBytes?: number;
}

export class MemberScanner {
  readonly #handlers: MemberHandlers;
  readonly #json: JsonScanner;
  readonly #collected = new Collected();
  readonly #collectLimitBytes: number;
  /** Nesting depth of a member. */
  readonly #level: number;
  readonly #names = new Set<string>();
  #name = "";
  /** Applies to the bytes from `#from` on. */
  #capture: Treatment | "name" = "skip";
  #chunk: Uint8Array = new Uint8Array();
  #from = 0;

  constructor(handlers: MemberHandlers, options: MemberOptions = {}) {
    this.#handlers = handlers;
    this.#collectLimitBytes = options.collectLimitBytes ?? COLLECT_LIMIT_BYTES;
    this.#level = options.of === "array" ? 2 : 1;
    this.#json = new JsonScanner({
      depth: this.#level,
      begin: (token, depth, at) => this.#begin(token, depth, at),
      end: (_, depth, at) => this.#end(depth, at),
    });
  }

  /** The chunk may be reused afterwards. */
  write(chunk: Uint8Array): Malformed | null {
    this.#chunk = chunk;
    this.#from = 0;
    if (this.#json.write(chunk) === null) this.#take(chunk.length);
    return this.#json.fault;
  }

  /** Call once, after the last chunk. Returns null if the text is complete and valid. */
  end(): Malformed | null {
    return this.#json.end();
  }

  /** Rejects the text; handlers may call it. */
  fail(message: string): void {
    this.#json.fail(message);
  }

  #begin(token: JsonToken, depth: number, at: number): void {
    if (depth < this.#level) this.#beginAround(token, depth);
    else {
      this.#capture = token === "name" ? "name" : this.#handlers.onMember(this.#name);
      this.#from = at;
    }
  }

  #beginAround(token: JsonToken, depth: number): void {
    if (depth < this.#level - 1) {
      if (token !== "array") this.#json.fail("The JSON must be an array.");
      return;
    }
    if (token !== "object")
      this.#json.fail(depth === 0 ? "The JSON must be an object." : "Each item must be an object.");
    else if (depth > 0) this.#handlers.onItem?.();
  }

  #end(depth: number, at: number): void {
    if (depth < this.#level) {
      this.#names.clear();
      if (depth > 0) this.#handlers.onItemEnd?.();
      return;
    }
    const capture = this.#capture;
    this.#take(at);
    this.#capture = "skip";
    if (this.#json.fault !== null) return;
    if (capture === "name") this.#endName();
    else if (capture === "collect") this.#handlers.onValue?.(this.#name, this.#collected.take());
    else if (capture === "pass") this.#handlers.onEnd?.(this.#name);
  }

  /** Captures the bytes of the current chunk up to an index. */
  #take(to: number): void {
    if (to <= this.#from) return;
    const bytes = this.#chunk.subarray(this.#from, to);
    switch (this.#capture) {
      case "skip":
        break;
      case "pass":
        this.#handlers.onBytes?.(this.#name, bytes);
        break;
      case "name":
        if (!this.#collected.add(bytes, NAME_LIMIT_BYTES + QUOTES_BYTES))
          this.#json.fail(`The name of a member has more than ${NAME_LIMIT_BYTES} bytes.`);
        break;
      case "collect":
        if (!this.#collected.add(bytes, this.#collectLimitBytes))
          this.#json.fail(`The value of ${JSON.stringify(this.#name)} has more than ${this.#collectLimitBytes} bytes.`);
        break;
      default:
        this.#capture satisfies never;
    }
  }

  #endName(): void {
    this.#name = JSON.parse(new TextDecoder().decode(this.#collected.take())) as string;
    if (this.#names.has(this.#name)) this.#json.fail(`The name ${JSON.stringify(this.#name)} is there twice.`);
    else if (this.#names.size === MEMBER_LIMIT) this.#json.fail(`An object has more than ${MEMBER_LIMIT} members.`);
    else this.#names.add(this.#name);
  }
}

/** A buffer that grows with the pieces added to it. */
class Collected {
  #bytes = Buffer.alloc(1024);
  #size = 0;

  /** Returns false if the bytes would exceed the limit. */
  add(piece: Uint8Array, limitBytes: number): boolean {
    const size = this.#size + piece.length;
    if (size > limitBytes) return false;
    if (size > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], Math.min(limitBytes, size * 2));
    this.#bytes.set(piece, this.#size);
    this.#size = size;
    return true;
  }

  /** Returns a copy of the bytes and empties the buffer. */
  take(): Uint8Array {
    const bytes = Uint8Array.from(this.#bytes.subarray(0, this.#size));
    this.#size = 0;
    return bytes;
  }
}
