/** Reads the stream of a body in pieces of a requested size. */
import { createHash, type Hash } from "node:crypto";

export type Bytes = Uint8Array<ArrayBuffer>;

type OnChunk = (bytes: Uint8Array) => void;

/** Bytes of an oversized body that are still read and discarded. */
const LINGER_BYTES = 16 * 1024 * 1024;

/** Reads a stream in pieces of a requested size, and counts and hashes its bytes. */
export class Source {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #limit: number;
  /** Only bodies for R2 are hashed. */
  #hash: Hash | null = null;
  readonly #onChunk: OnChunk | undefined;
  #rest: Uint8Array = new Uint8Array(0);
  size = 0;
  isTooLarge = false;

  constructor(stream: ReadableStream<Uint8Array>, limit: number, onChunk?: OnChunk) {
    this.#reader = stream.getReader();
    this.#limit = limit;
    this.#onChunk = onChunk;
  }

  /** Up to `wanted` bytes; fewer only at the end. Empty when the stream has ended or is over its limit. */
  async read(wanted: number): Promise<Bytes> {
    const chunks: Uint8Array[] = [];
    let missing = wanted;
    while (missing > 0) {
      const chunk = this.#rest.length > 0 ? this.#rest : await this.#next();
      if (!chunk) break;
      chunks.push(chunk.subarray(0, missing));
      this.#rest = chunk.subarray(missing);
      missing -= Math.min(missing, chunk.length);
    }
    return join(chunks);
  }

  /** Fills a buffer from `at` on, and returns the end of the filled part. Less than the whole only at the end. */
  async fill(buffer: Uint8Array, at: number): Promise<number> {
    let filled = at;
    while (filled < buffer.length) {
      const chunk = this.#rest.length > 0 ? this.#rest : await this.#next();
      if (!chunk) break;
      const piece = chunk.subarray(0, buffer.length - filled);
      buffer.set(piece, filled);
      this.#rest = chunk.subarray(piece.length);
      filled += piece.length;
    }
    return filled;
  }

  /** @param head everything that has been read so far. */
  beginHash(head: Bytes): void {
    this.#hash = createHash("sha256").update(head).update(this.#rest);
  }

  sha256(): string {
    return (this.#hash ?? createHash("sha256")).digest("hex");
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.isTooLarge) return null;
    const { done, value } = await this.#reader.read();
    if (done) return null;
    this.size += value.length;
    if (this.size > this.#limit) {
      this.isTooLarge = true;
      await this.#linger();
      return null;
    }
    this.#hash?.update(value);
    this.#onChunk?.(value);
    return value;
  }

  /** Reads on for a while: a sender whose connection is closed in the middle of its body may never read the response. */
  async #linger(): Promise<void> {
    for (let left = LINGER_BYTES; left > 0; ) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      left -= value.length;
    }
    await this.#reader.cancel();
  }
}

export function join(chunks: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
