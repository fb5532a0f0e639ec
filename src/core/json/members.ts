/**
 * The members of one JSON object that arrives in chunks and may be of any size (CD2, CD10): small values are collected, big ones pass
 * through byte for byte (CD15), and the whole text is checked. Also for an array of objects, one object after the other.
 */

import type { Malformed } from "./malformed.ts";
import { JsonScanner, type JsonToken } from "./scanner.ts";

/** Longest name of a member as it stands between its quotes, in bytes. */
export const NAME_LIMIT_BYTES = 256;
/** Most members of one object; their names are held to find repeated ones. */
export const MEMBER_LIMIT = 1024;
/** Longest collected value in bytes, unless the caller says otherwise. */
export const COLLECT_LIMIT_BYTES = 64 * 1024;

const QUOTES_BYTES = 2;

/** What becomes of a member's value: `collect` hands it over whole, `pass` piece by piece, `skip` only checks it. */
export type Treatment = "collect" | "pass" | "skip";

/** A handler that refuses what it sees calls `fail` of the scanner. */
export interface MemberHandlers {
  onMember(name: string): Treatment;
  /** The exact bytes of a collected value. */
  onValue?(name: string, bytes: Uint8Array): void;
  /** The next of the exact bytes of a value that passes; a view of the chunk being written. */
  onBytes?(name: string, bytes: Uint8Array): void;
  /** A value that passes is over. */
  onEnd?(name: string): void;
  /** An item of the array begins. */
  onItem?(): void;
  onItemEnd?(): void;
}

export interface MemberOptions {
  /** `object`: the text is one object. `array`: it is an array of objects, and the members are theirs. */
  readonly of?: "object" | "array";
  /** Longest collected value, in bytes. */
  readonly collectLimitBytes?: number;
}

export class MemberScanner {
  readonly #handlers: MemberHandlers;
  readonly #json: JsonScanner;
  readonly #collected = new Collected();
  readonly #collectLimitBytes: number;
  /** How many arrays and objects stand around a member. */
  readonly #level: number;
  readonly #names = new Set<string>();
  #name = "";
  /** What is done with the bytes from `#from` on. */
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

  /** Reads on; the chunk may be used for something else afterwards. */
  write(chunk: Uint8Array): Malformed | null {
    this.#chunk = chunk;
    this.#from = 0;
    if (this.#json.write(chunk) === null) this.#take(chunk.length);
    return this.#json.fault;
  }

  /** The text is over. Null when it was what it should be, to the last byte. */
  end(): Malformed | null {
    return this.#json.end();
  }

  /** Refuses the text; for handlers. */
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
    else if (capture === "collect") this.#endCollected();
    else if (capture === "pass") this.#handlers.onEnd?.(this.#name);
  }

  /** What is captured of the present chunk, up to an index. */
  #take(to: number): void {
    if (this.#capture === "skip" || to <= this.#from) return;
    const bytes = this.#chunk.subarray(this.#from, to);
    if (this.#capture === "pass") this.#handlers.onBytes?.(this.#name, bytes);
    else if (this.#capture === "name") {
      if (!this.#collected.add(bytes, NAME_LIMIT_BYTES + QUOTES_BYTES))
        this.#json.fail(`The name of a member has more than ${NAME_LIMIT_BYTES} bytes.`);
    } else if (!this.#collected.add(bytes, this.#collectLimitBytes))
      this.#json.fail(`The value of ${JSON.stringify(this.#name)} has more than ${this.#collectLimitBytes} bytes.`);
  }

  #endCollected(): void {
    const bytes = this.#collected.take();
    this.#handlers.onValue?.(this.#name, bytes);
  }

  #endName(): void {
    this.#name = JSON.parse(new TextDecoder().decode(this.#collected.take())) as string;
    if (this.#names.has(this.#name)) this.#json.fail(`The name ${JSON.stringify(this.#name)} is there twice.`);
    else if (this.#names.size === MEMBER_LIMIT) this.#json.fail(`An object has more than ${MEMBER_LIMIT} members.`);
    else this.#names.add(this.#name);
  }
}

/** Bytes put together from pieces. */
class Collected {
  #bytes = new Uint8Array(1024);
  #size = 0;

  /** False when they would be more than the limit. */
  add(piece: Uint8Array, limitBytes: number): boolean {
    const size = this.#size + piece.length;
    if (size > limitBytes) return false;
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(limitBytes, size * 2));
      larger.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#size);
    this.#size = size;
    return true;
  }

  /** A copy of them; then there are none. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#size);
    this.#size = 0;
    return bytes;
  }
}
