/** Bodies above 64 KiB: R2 objects `body/{workspace id}/{uuid}`, streamed in and out, never held whole in memory. */
import { type Body, INLINE_LIMIT_BYTES, type InlineBody, isStored } from "../../core/message/body.ts";
import { type Bytes, join, Source } from "./body-source.ts";
import { fromStore } from "./store-failed.ts";

/** R2 requires parts of the same size of at least 5 MiB, except the last. Each body being stored has one part in memory. */
const PART_BYTES = 5 * 1024 * 1024;

/** A body that is being received. */
export interface Incoming {
  /** Read lazily: a body read at once needs no stream. */
  readonly stream: ReadableStream<Uint8Array> | null;
  readonly type: string | null;
  /** Length in bytes, if known in advance. */
  readonly length: number | null;
  /** Called with all bytes, in order, as they arrive. */
  readonly onChunk?: (bytes: Uint8Array) => void;
  /** Reads the body at once, which is cheaper for a small one; `onChunk` is not called then. */
  readonly whole?: () => Promise<ArrayBuffer>;
}

/**
 * The body of a request or response. The declared length of a body with a content coding is not that of its bytes, so it
 * is ignored. Requests with such a body are rejected earlier.
 */
export function incoming(message: Request | Response, onChunk?: Incoming["onChunk"]): Incoming {
  const { headers } = message;
  const declared = headers.get("content-length");
  const isCoded = message instanceof Response && headers.has("content-encoding");
  return {
    get stream() {
      return message.body as ReadableStream<Uint8Array> | null;
    },
    type: headers.get("content-type"),
    length: declared === null || isCoded ? null : Number(declared),
    ...(onChunk ? { onChunk } : { whole: () => message.arrayBuffer() }),
  };
}

/** @param owner the id of a workspace, or `callback` while that is not known. */
const newKey = (owner: string) => `body/${owner}/${crypto.randomUUID()}`;

/**
 * Receives a body of `owner`: a small one into memory, a larger one into R2. Rejects when the sender disconnects; nothing
 * stays in R2 then.
 *
 * @param limitBytes the result for a larger body is "too-large".
 */
export async function receiveBody(
  bucket: R2Bucket,
  owner: string,
  body: Incoming,
  limitBytes = Number.POSITIVE_INFINITY,
): Promise<Body | "too-large"> {
  const { type, length, onChunk, whole } = body;
  if (whole && length !== null && length <= Math.min(INLINE_LIMIT_BYTES, limitBytes)) {
    const bytes = new Uint8Array(await whole());
    return { type, size: bytes.length, bytes };
  }
  const { stream } = body;
  if (!stream) return { type, size: 0, bytes: new Uint8Array(0) };
  if (length !== null && length > limitBytes) {
    await stream.cancel();
    return "too-large";
  }
  const source = new Source(stream, limitBytes, onChunk);
  const head = await source.read(INLINE_LIMIT_BYTES + 1);
  if (source.isTooLarge) return "too-large";
  if (head.length <= INLINE_LIMIT_BYTES) return { type, size: head.length, bytes: head };
  source.beginHash(head);
  const key = newKey(owner);
  const store = length === null ? storeInParts : storeWhole;
  const stored = await store(bucket, key, head, source, length ?? 0);
  return stored ? { type, size: source.size, key, sha256: source.sha256() } : "too-large";
}

/** Reads a whole body up to a limit. */
export async function readWhole(
  body: Pick<Incoming, "stream" | "length" | "whole">,
  limitBytes: number,
): Promise<Bytes | "too-large"> {
  const { length, whole } = body;
  if (whole && length !== null && length <= limitBytes) return new Uint8Array(await whole());
  const { stream } = body;
  if (!stream) return new Uint8Array(0);
  const source = new Source(stream, limitBytes);
  const bytes = await source.read(limitBytes + 1);
  return source.isTooLarge ? "too-large" : bytes;
}

/** The beginning of a stream, and the whole stream still to be read. */
export async function peek(stream: ReadableStream<Uint8Array>, bytes: number) {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let isOver = false;
  for (let size = 0; size < bytes && !isOver; ) {
    const { done, value } = await reader.read();
    isOver = done;
    if (value) chunks.push(value);
    size += value?.length ?? 0;
  }
  const whole = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
    },
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { head: join(chunks).subarray(0, bytes), isOver, whole };
}

/** A body is larger than its limit. */
export class TooLarge extends Error {}

/** The bytes of a request or response as they arrive, each passed to `onChunk`; throws {@link TooLarge} beyond the limit. */
export async function* bounded(
  message: Request | Response,
  limitBytes: number,
  onChunk: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const { stream, length } = incoming(message);
  if (!stream) return;
  let size = 0;
  // Leaving the loop early cancels the stream.
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limitBytes || (length ?? 0) > limitBytes) throw new TooLarge();
    onChunk(chunk);
    yield chunk;
  }
}

/** A body in memory; null when it is larger than `limitBytes`. */
export async function loadBody(bucket: R2Bucket, body: Body, limitBytes: number): Promise<InlineBody | null> {
  if (!isStored(body)) return body;
  if (body.size > limitBytes) return null;
  const stream = (await fromStore(bucket.get(body.key)))?.body ?? null;
  const bytes = await readWhole({ stream, length: body.size }, limitBytes);
  if (bytes === "too-large" || bytes.length !== body.size) throw new Error("a stored body is not what it was");
  return { type: body.type, size: body.size, bytes };
}

/** Stores a body that was made here: in R2 if it is too large for a row. */
export async function keepBody(bucket: R2Bucket, owner: string, body: InlineBody): Promise<Body> {
  if (body.size <= INLINE_LIMIT_BYTES) return body;
  const stream = new Response(body.bytes as BodyInit).body as ReadableStream<Uint8Array>;
  const kept = await receiveBody(bucket, owner, { stream, type: body.type, length: body.size });
  if (kept === "too-large") throw new Error("a body without a limit is too large");
  return kept;
}

/** A copy of a body, because two rows never share an object. Null when the object no longer exists. */
export async function copyBody(bucket: R2Bucket, owner: string, body: Body): Promise<Body | null> {
  if (!isStored(body)) return body;
  const found = await fromStore(bucket.get(body.key));
  if (!found) return null;
  const key = newKey(owner);
  await fromStore(bucket.put(key, found.body));
  return { ...body, key };
}

/** The bytes of a body, for sending; null when its object no longer exists. */
export async function sendBody(bucket: R2Bucket, body: Body): Promise<ReadableStream | Uint8Array | null> {
  if (!isStored(body)) return body.bytes;
  return (await fromStore(bucket.get(body.key)))?.body ?? null;
}

/** Deletes stored bodies. A failure leaves an unused object, which costs its space and no more. */
export async function dropBodies(bucket: R2Bucket, bodies: readonly (Body | string)[]): Promise<void> {
  const keys = bodies.flatMap((body) => (typeof body === "string" ? body : isStored(body) ? body.key : []));
  for (let start = 0; start < keys.length; start += 1000) {
    await bucket.delete(keys.slice(start, start + 1000)).catch(() => undefined);
  }
}

async function storeWhole(
  bucket: R2Bucket,
  key: string,
  head: Bytes,
  source: Source,
  length: number,
): Promise<boolean> {
  const { readable, writable } = new FixedLengthStream(length);
  const writer = writable.getWriter();
  const put = fromStore(bucket.put(key, readable));
  // A failed put stops reading, and the next write would wait for ever.
  put.catch((error: unknown) => writer.abort(error).catch(() => undefined));
  const pour = async () => {
    for (let chunk = head; chunk.length > 0; chunk = await source.read(INLINE_LIMIT_BYTES)) await writer.write(chunk);
    await writer.close();
  };
  const [stored, poured] = await Promise.allSettled([
    put,
    pour().catch((error) =>
      writer.abort(error).then(() => {
        throw error;
      }),
    ),
  ]);
  if (stored.status === "fulfilled" && poured.status === "fulfilled" && !source.isTooLarge) return true;
  await dropBodies(bucket, [key]);
  if (source.isTooLarge) return false;
  throw poured.status === "rejected" ? poured.reason : (stored as PromiseRejectedResult).reason;
}

async function storeInParts(bucket: R2Bucket, key: string, head: Bytes, source: Source): Promise<boolean> {
  const upload = await fromStore(bucket.createMultipartUpload(key));
  try {
    const parts: R2UploadedPart[] = [];
    const buffer = new Uint8Array(PART_BYTES);
    buffer.set(head);
    let filled = await source.fill(buffer, head.length);
    while (filled > 0 && !source.isTooLarge) {
      parts.push(await fromStore(upload.uploadPart(parts.length + 1, buffer.subarray(0, filled))));
      filled = await source.fill(buffer, 0);
    }
    if (!source.isTooLarge) await fromStore(upload.complete(parts));
    else await upload.abort();
    return !source.isTooLarge;
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}
