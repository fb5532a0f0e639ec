/** A message body: up to 64 KiB it travels and rests with its row, above that it is an object in R2. */

/** Largest body kept in a row, in bytes. */
export const INLINE_LIMIT_BYTES = 64 * 1024;

/** Largest reply of an http step, in bytes; a larger one fails the step. */
export const REPLY_LIMIT_BYTES = 100 * 1024 * 1024;

interface BodyFacts {
  /** The content type as it was sent, charset and all; null when none was. */
  readonly type: string | null;
  /** Length in bytes. */
  readonly size: number;
}

export interface InlineBody extends BodyFacts {
  readonly bytes: Uint8Array;
}

export interface StoredBody extends BodyFacts {
  /** Key of the R2 object. */
  readonly key: string;
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
}

export type Body = InlineBody | StoredBody;

export const isStored = (body: Body): body is StoredBody => "key" in body;

export const inlineBody = (type: string | null, bytes: Uint8Array): InlineBody => ({ type, size: bytes.length, bytes });

/** Whether a content type announces JSON: `application/json` or any `+json` (RFC 6839). */
export function isJson(type: string | null): boolean {
  return type !== null && /^\s*[\w.!#$&^-]+\/(?:[\w.!#$&^+-]+\+)?json\s*(?:;|$)/i.test(type);
}

/** The body as text by its declared charset, else UTF-8; malformed bytes become U+FFFD. */
export function decodeText(body: InlineBody): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(body.type ?? "")?.[1] ?? "utf-8";
  return decoderOf(charset).decode(body.bytes);
}

/** What templates see of a body (ND11): its JSON value when the content type announces JSON that parses, else its text. */
export function templateValue(body: InlineBody): unknown {
  const text = decodeText(body);
  if (!isJson(body.type)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
