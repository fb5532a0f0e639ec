/** Cursors of lists: JSON as base64url, opaque to callers. */
import { Refusal } from "./refusal.ts";

export const writeCursor = (position: unknown) => Buffer.from(JSON.stringify(position)).toString("base64url");

/** The position in a cursor, unchecked; null when the text is no cursor. */
export function readCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return null;
  }
}

export const invalidCursor = () => new Refusal("invalid-request", "The cursor is not valid for this list.");
