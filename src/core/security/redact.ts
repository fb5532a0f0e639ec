/** Secrets kept out of texts that others made: what a partner repeats, what a template's failure quotes. */

const SHOWN = "[secret]";
/** So many bytes of a secret are enough to be looked for within base64, and so many characters at the end of a cut text. */
const LEAST_BYTES = 9;
const LEAST_CUT = 4;

/**
 * The text without secrets, as they are and as they are commonly written elsewhere.
 *
 * @param isCut whether the text may end in the middle of one.
 */
export function redactSecrets(text: string, secrets: readonly string[], isCut = false): string {
  const writings = [...new Set(secrets.flatMap(writingsOf))].filter((writing) => writing !== "");
  // The longest first: one may be a part of another.
  writings.sort((a, b) => b.length - a.length);
  const hidden = writings.reduce((shown, writing) => shown.replaceAll(writing, SHOWN), text);
  return isCut ? withoutBeginning(hidden, writings) : hidden;
}

/** In JSON, in a URL, in base64. */
function writingsOf(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  return [
    ...[secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed), encodeURI(wellFormed)],
    ...[0, 1, 2].flatMap((offset) => base64Of(secret, offset)),
  ];
}

/** What of a secret's base64 is the same whatever stands around it, when it begins so many bytes after a group of three. */
function base64Of(secret: string, offset: number): string[] {
  const bytes = Buffer.from(secret);
  if (bytes.length < LEAST_BYTES) return [];
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const isWhole = (offset + bytes.length) % 3 === 0;
  const inner = text.slice(Math.ceil((offset * 8) / 6), isWhole ? undefined : -1);
  return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
}

/** Drops the beginning of a secret at the end of a text. */
function withoutBeginning(text: string, writings: readonly string[]): string {
  for (const writing of writings) {
    for (let length = Math.min(writing.length - 1, text.length); length >= LEAST_CUT; length--) {
      if (text.endsWith(writing.slice(0, length))) return text.slice(0, -length) + SHOWN;
    }
  }
  return text;
}
