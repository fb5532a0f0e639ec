/** A message body: up to 64 KiB it is stored in its row, above that as an object in R2. */

/** Largest body stored in a row, in bytes. */
export const INLINE_LIMIT_BYTES = 64 * 1024;

/** Largest reply of an http step, in bytes; a larger one fails the step. */
export const REPLY_LIMIT_BYTES = 100 * 1024 * 1024;

interface BodyMetadata {
  /** The content type as it was sent, with charset; null when none was sent. */
  readonly type: string | null;
  /** Length in bytes. */
  readonly size: number;
}

export interface InlineBody extends BodyMetadata {
  readonly bytes: Uint8Array;
}

export interface StoredBody extends BodyMetadata {
  /** Key of the R2 object. */
  readonly key: string;
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
}

export type Body = InlineBody | StoredBody;

export const isStored = (body: Body): body is StoredBody => "key" in body;

export const inlineBody = (type: string | null, bytes: Uint8Array): InlineBody => ({ type, size: bytes.length, bytes });

/** True for `application/json` and any `+json` (RFC 6839). */
export function isJson(type: string | null): boolean {
  return type !== null && /^\s*[\w.!#$&^-]+\/(?:[\w.!#$&^+-]+\+)?json\s*(?:;|$)/i.test(type);
}

/** Decodes by the declared charset, else UTF-8; malformed bytes become U+FFFD. */
export function decodeText(body: InlineBody): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(body.type ?? "")?.[1] ?? "utf-8";
  return decoderOf(charset).decode(body.bytes);
}

/** The value of a body in templates (ND11): JSON if the content type says so and it parses, else the text. */
export function templateValue(body: InlineBody): unknown {
  const text = decodeText(body);
  const value = isJson(body.type) ? parseJson(text) : undefined;
  return value === undefined ? text : value;
}

/** Returns undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
