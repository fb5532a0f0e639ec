/** The body of an adapter call, `{ configuration, payload, callback }` (C3 to C6). It is read twice: to sign it and to send it. */

import { BodySignature } from "../../../core/adapter/chainio.ts";
import { type BinaryFiles, payloadEncoder } from "../../../core/adapter/payload.ts";
import { type Body, isStored } from "../../../core/message/body.ts";
import type { ConfigurationValues } from "../../../core/schema/adapter.ts";
import { chunksOf } from "../../../storage/bodies/adapter-results.ts";
import { sendBody } from "../../../storage/bodies/bodies.ts";

export interface AdapterCall {
  readonly bucket: R2Bucket;
  readonly adapterType: "input" | "output";
  readonly configuration: ConfigurationValues;
  readonly message: Body;
  readonly token: string;
  readonly sharedSecret: string;
}

interface SignedRequest {
  readonly signature: string;
  /** The signed bytes; a stream where they are many. Called once, when the request is sent. */
  readonly body: () => BodyInit;
}

/** Makes and signs the body; returns the reason if the message cannot be a payload. */
export async function signedRequest(call: AdapterCall): Promise<SignedRequest | string> {
  const binaryFiles: BinaryFiles = new Set();
  for (;;) {
    const signature = new BodySignature(call.sharedSecret);
    const kept: Uint8Array[] = [];
    let size = 0;
    const payload = payloadEncoder(call.adapterType, call.message.type, binaryFiles);
    for await (const piece of pieces(call, payload)) {
      signature.update(piece);
      size += piece.length;
      if (!isStored(call.message)) kept.push(piece);
    }
    if (payload.fault !== null) return payload.fault;
    if (payload.mustRestart) continue;
    const body = () => (isStored(call.message) ? stream(call, binaryFiles, size) : join(kept, size));
    return { signature: signature.value(), body };
  }
}

async function* pieces(
  { bucket, configuration, message, token }: AdapterCall,
  payload: ReturnType<typeof payloadEncoder>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`{"configuration":${JSON.stringify(configuration)},"payload":`);
  for await (const chunk of chunksOf(await sendBody(bucket, message))) {
    yield* payload.write(chunk);
    if (payload.fault !== null) return;
  }
  yield* payload.end();
  yield encoder.encode(`,"callback":${JSON.stringify(token)}}`);
}

/** The pieces once more, with their length known beforehand. */
function stream(call: AdapterCall, binaryFiles: BinaryFiles, size: number): ReadableStream {
  const { readable, writable } = new FixedLengthStream(size);
  const writer = writable.getWriter();
  const pour = async () => {
    const payload = payloadEncoder(call.adapterType, call.message.type, binaryFiles);
    for await (const piece of pieces(call, payload)) await writer.write(piece);
    await writer.close();
  };
  // Whoever reads the stream sees the failure.
  pour().catch((error) => writer.abort(error).catch(() => undefined));
  return readable;
}

function join(all: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
