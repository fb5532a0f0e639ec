/** A bounded part of a body: what is large is downloaded, not shown. */

/** Most bytes that are shown. */
export const SHOWN_BYTES = 256 * 1024;

export interface ShownBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string | null;
  /** There is more than what is here. */
  readonly isCut: boolean;
}

/** Reads the beginning of an answer's body and lets go of the rest. */
export async function loadBody(response: Response): Promise<ShownBody> {
  const contentType = response.headers.get("content-type");
  const chunks: Uint8Array[] = [];
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
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return { bytes: whole.slice(0, SHOWN_BYTES), contentType, isCut };
}
