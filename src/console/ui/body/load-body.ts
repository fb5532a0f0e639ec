/** The beginning of a body: large bodies are downloaded, not shown. */

/** Most bytes that are shown. */
export const SHOWN_BYTES = 256 * 1024;

export interface ShownBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string | null;
  /** True when `bytes` is only the beginning of the body. */
  readonly isCut: boolean;
}

/** Reads the beginning of a response's body and cancels the rest. */
export async function loadBody(response: Response): Promise<ShownBody> {
  const contentType = response.headers.get("content-type");
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader && size <= SHOWN_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  const isCut = size > SHOWN_BYTES;
  if (isCut) await reader?.cancel();
  const shown = await new Blob(chunks).slice(0, SHOWN_BYTES).arrayBuffer();
  return { bytes: new Uint8Array(shown), contentType, isCut };
}
