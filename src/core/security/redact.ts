/** Removes secrets from texts made outside, such as a partner's reply or the error of a template. */

const REPLACEMENT = "[secret]";
/** Shorter secrets are not searched for in base64. */
const BASE64_MIN_BYTES = 9;
/** Shorter beginnings of secrets may stay at the end of a cut text. */
const CUT_MIN_CHARACTERS = 4;

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

function encodingsOf(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  return [
    ...[secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed), encodeURI(wellFormed)],
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
