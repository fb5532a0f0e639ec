/** Messages, and what partners make of them: each holds its number, so that whoever sees one knows whose it is. */
import { createHash } from "node:crypto";

export const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex").slice(0, 24);

export const makeMessage = (message: number, padBytes: number, variant = "") =>
  JSON.stringify({ message, ...(variant && { variant }), ...(padBytes > 0 && { pad: "x".repeat(padBytes) }) });

/** The result of a step; the same input always gives the same result. */
export const makeResult = (message: number, step: string, of: string, padBytes: number) =>
  JSON.stringify({ message, step, of, ...(padBytes > 0 && { pad: "y".repeat(padBytes) }) });

/** The number in a message; -1 for what is none. */
export function numberIn(text: string): number {
  return Number(/^\{"message": ?(\d+)/.exec(text)?.[1] ?? -1);
}
