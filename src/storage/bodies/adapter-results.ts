/** Receives adapter statements (CD2, CD10), and stores their payload or files as they arrive. */
import { FileBodyReader } from "../../core/adapter/file-reader.ts";
import { type AdapterReply, AdapterReplyReader, type LargeMember } from "../../core/adapter/result.ts";
import { Malformed } from "../../core/json/malformed.ts";
import type { Body } from "../../core/message/body.ts";
import { receiveBody, sendBody } from "./bodies.ts";
import { type OwnedBodies, ownBodies } from "./owned-bodies.ts";

interface ReceivedStatement {
  readonly statement: AdapterReply;
  /** The new message (CD15); null when there is neither payload nor file. */
  readonly body: Body | null;
}

interface Unreadable {
  readonly fault: Malformed;
  /** True when it has the member of a result all the same. */
  readonly hasCallback: boolean;
}

/** Bytes of a stored body that are read at a time. */
const READ_BYTES = 64 * 1024;

const JSON_TYPE = "application/json";

/** Reads a statement from its bytes and stores its payload. Rejects when the stream breaks off. The caller owns the body. */
export async function receiveStatement(
  bucket: R2Bucket,
  workspaceId: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<ReceivedStatement | Unreadable> {
  await using bodies = ownBodies(bucket);
  const sinks = new Map<LargeMember, Sink>();
  const reader = new AdapterReplyReader((member, bytes) => {
    const sink = sinks.get(member) ?? new Sink(bodies, bucket, workspaceId);
    sinks.set(member, sink);
    sink.take(bytes);
  });
  try {
    let fault: Malformed | null = null;
    for await (const chunk of chunks) {
      // The stream is read to its end after a fault too: its sender waits for an answer.
      fault ??= reader.write(chunk);
      if (!fault) for (const sink of sinks.values()) await sink.flush();
    }
    const statement = fault ?? reader.end();
    if (statement instanceof Malformed) return { fault: statement, hasCallback: reader.hasCallback };
    const body = await bodyOf(bodies, bucket, workspaceId, statement, sinks);
    bodies.release(body);
    return { statement, body };
  } finally {
    for (const sink of sinks.values()) await sink.abort();
  }
}

/** Payload before files; one file is its decoded body, several are the array (CD15). */
async function bodyOf(
  bodies: OwnedBodies,
  bucket: R2Bucket,
  workspaceId: string,
  { hasPayload, files }: AdapterReply,
  sinks: ReadonlyMap<LargeMember, Sink>,
): Promise<Body | null> {
  const [payload, array] = await Promise.all([sinks.get("payload")?.end(), sinks.get("files")?.end()]);
  if (hasPayload && payload) return payload;
  if (!array || !files?.first) return null;
  if (files.count > 1) return array;
  const { encoding, mimeType } = files.first;
  const sink = new Sink(bodies, bucket, workspaceId, mimeType);
  const reader = new FileBodyReader(encoding, (bytes) => sink.take(bytes.slice()));
  try {
    for await (const chunk of chunksOf(await sendBody(bucket, array))) {
      const fault = reader.write(chunk);
      if (fault) throw new Error(fault.message);
      await sink.flush();
    }
    return await sink.end();
  } finally {
    await sink.abort();
  }
}

/** The bytes of a body, whether in memory or in R2. Throws when its object is gone. */
export function chunksOf(body: ReadableStream | Uint8Array | null): AsyncIterable<Uint8Array> {
  if (body === null) throw new Error("a stored body is gone");
  return body instanceof Uint8Array ? once(body) : inLargeChunks(body);
}

/** The default is 4 KiB at a time, which costs more than processing them. */
async function* inLargeChunks(stream: ReadableStream): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader({ mode: "byob" });
  try {
    for (;;) {
      const { done, value } = await reader.readAtLeast(READ_BYTES, new Uint8Array(READ_BYTES));
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Stores a body that is written by synchronous code. */
class Sink {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #received: Promise<Body | "too-large">;
  #pieces: Uint8Array[] = [];
  #isOver = false;
  /** A failed receiver stops reading, and the current write would wait for ever. */
  #failure: { readonly error: unknown } | null = null;
  #onFailure: (error: unknown) => void = () => undefined;

  constructor(bodies: OwnedBodies, bucket: R2Bucket, owner: string, type = JSON_TYPE) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    this.#writer = writable.getWriter();
    const received = receiveBody(bucket, owner, { stream: readable, type, length: null });
    this.#received = received.then((body) => bodies.own(body));
    this.#received.catch((error) => {
      this.#failure = { error };
      this.#onFailure(error);
    });
  }

  take(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
  }

  /** Resolves once the receiver has read what was taken. */
  async flush(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    for (const piece of pieces) if (piece.length > 0) await this.#write(piece);
  }

  async end(): Promise<Body> {
    await this.flush();
    this.#isOver = true;
    await Promise.race([this.#writer.close(), this.#received]);
    const body = await this.#received;
    if (body === "too-large") throw new Error("a body without a limit is too large");
    return body;
  }

  /** Ends a body that is not complete, and resolves once its receiver is done. */
  async abort(): Promise<void> {
    if (!this.#isOver && !this.#failure) await this.#writer.abort(new Error("given up")).catch(() => undefined);
    await this.#received.catch(() => undefined);
  }

  /** Not `Promise.race` with the receiver, which would keep a reaction per write until the body is complete. */
  #write(piece: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    return new Promise((resolve, reject) => {
      this.#onFailure = reject;
      this.#writer.write(piece).then(resolve, reject);
    });
  }
}
