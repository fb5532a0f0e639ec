/** Removes secrets from texts made outside, such as a partner's reply or the error of a template. */

const REPLACEMENT = "[secret]";
/** Shorter secrets are not searched for in base64. */
const BASE64_MIN_BYTES = 9;
/** Shorter beginnings of secrets may stay at the end of a cut text. */
const CUT_MIN_CHARACTERS = 4;
/** Between the parts of a URL or of a header's value. */
const SEPARATORS = /[\s/?&=#:;,"']+/;

/**
 * Replaces secrets, in plain and in common encodings.
 *
 * @param isCut true if the text may end in the middle of a secret.
 */
export function redactSecrets(text: string, secrets: readonly string[], isCut = false): string {
  const encodings = [...new Set(secrets.flatMap(encodingsOf))].filter((encoding) => encoding !== "");
  // The longest first, because one may be a part of another.
  encodings.sort((a, b) => b.length - a.length);
  const redacted = encodings.reduce((result, encoding) => result.replaceAll(encoding, REPLACEMENT), text);
  return isCut ? withoutBeginning(redacted, encodings) : redacted;
}

/**
 * The pieces of a text that a template made of secrets, by any filter.
 *
 * @param other the same template rendered with other secrets: a piece that is in both is not made of one.
 */
export function piecesOfSecrets(text: string, other: string): string[] {
  const common = new Set(other.split(SEPARATORS));
  return text.split(SEPARATORS).filter((piece) => piece.length >= CUT_MIN_CHARACTERS && !common.has(piece));
}

function encodingsOf(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  const component = encodeURIComponent(wellFormed);
  const strict = component.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const inQuery = [component, strict].flatMap((encoded) => [encoded, encoded.replaceAll("%20", "+")]);
  return [
    ...[secret, JSON.stringify(secret).slice(1, -1), encodeURI(wellFormed), ...inQuery],
    ...[0, 1, 2].flatMap((offset) => base64Of(secret, offset)),
  ];
}

/** Returns the part of a secret's base64 that does not depend on the bytes around it. `offset` is the secret's position in a group of three. */
function base64Of(secret: string, offset: number): string[] {
  const bytes = Buffer.from(secret);
  if (bytes.length < BASE64_MIN_BYTES) return [];
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const isWhole = (offset + bytes.length) % 3 === 0;
  const inner = text.slice(Math.ceil((offset * 8) / 6), isWhole ? undefined : -1);
  return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
}

/** Replaces the beginning of a secret at the end of a text. */
function withoutBeginning(text: string, encodings: readonly string[]): string {
  for (const encoding of encodings) {
    for (let length = Math.min(encoding.length - 1, text.length); length >= CUT_MIN_CHARACTERS; length--) {
      if (text.endsWith(encoding.slice(0, length))) return text.slice(0, -length) + REPLACEMENT;
    }
  }
  return text;
}
