/** Detects the kind of a body by its content type, or by its bytes where the type is not specific. */
import type { ShownBody } from "./load-body.ts";
import { parseJson } from "./parse-json.ts";

export type BodyKind = "json" | "xml" | "form" | "text" | "binary";

export interface ReadBody {
  readonly kind: BodyKind;
  /** Absent for bytes that are no text. */
  readonly text?: string;
}

/** Control characters that no text has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NO_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/;

export function readBody({ bytes, contentType, isCut }: ShownBody): ReadBody {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const text = decode(bytes, contentType, isCut);
  if (text === null) return { kind: "binary" };
  if (/[/+]json$/.test(type)) return { kind: "json", text };
  if (/[/+]xml$/.test(type)) return { kind: "xml", text };
  if (type === "application/x-www-form-urlencoded") return { kind: "form", text };
  const start = text.trimStart();
  if (/^[[{]/.test(start) && parseJson(text)) return { kind: "json", text };
  return { kind: start.startsWith("<?xml") ? "xml" : "text", text };
}

/** The text of the bytes in the charset that their type names; null when they are none. */
function decode(bytes: Uint8Array<ArrayBuffer>, contentType: string | null, isCut: boolean): string | null {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    // As a stream, so that a character that the cut goes through is left out.
    const text = new TextDecoder(charset).decode(bytes, { stream: isCut });
    return NO_TEXT.test(text) ? null : text;
  } catch {
    return null;
  }
}
