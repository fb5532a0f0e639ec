/** Bodies of any size that are never whole in memory: made from a seed as they are read, hashed as they pass. */
import { createCipheriv, createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { Readable, Transform } from "node:stream";

const CHUNK_BYTES = 64 * 1024;

/** The same random bytes for the same seed and size. */
export function* bytesOf(seed: number, size: number): Generator<Buffer> {
  const key = createHash("sha256").update(String(seed)).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(CHUNK_BYTES);
  for (let left = size; left > 0; left -= CHUNK_BYTES) {
    yield cipher.update(zeros.subarray(0, Math.min(left, CHUNK_BYTES)));
  }
}

export const bodyStream = (seed: number, size: number) => Readable.from(bytesOf(seed, size), { objectMode: false });

/** The value of `x-hub-signature-256`, which goes out before the body: the bytes are made twice. */
export const gitHubSignature = (secret: string, seed: number, size: number) =>
  `sha256=${digestOf(createHmac("sha256", secret), seed, size)}`;

export const sha256Of = (seed: number, size: number) => digestOf(createHash("sha256"), seed, size);

function digestOf(hash: Hash | Hmac, seed: number, size: number): string {
  for (const chunk of bytesOf(seed, size)) hash.update(chunk);
  return hash.digest("hex");
}

/** Passes bytes on and counts and hashes them. */
export class Meter extends Transform {
  readonly #hash = createHash("sha256");
  size = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    this.size += chunk.length;
    done(null, chunk);
  }

  /** Once, at the end. */
  sha256(): string {
    return this.#hash.digest("hex");
  }
}
