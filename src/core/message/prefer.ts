/** The `Prefer` header (RFC 7240): what a caller of a trigger may ask for (ND6). */

export interface Preferences {
  /** Answer 202 rather than 504 when the result is not there in time. */
  readonly respondAsync: boolean;
  /** Longest time the caller wants to wait, in seconds; null when it does not say. */
  readonly waitSeconds: number | null;
}

/** Reads what is understood of the header; the rest is ignored, as the specification wants. */
export function readPreferences(header: string | null): Preferences {
  let preferences: Preferences = { respondAsync: false, waitSeconds: null };
  for (const part of (header ?? "").split(",")) {
    const [name = "", value = ""] = (part.split(";", 1)[0] ?? "").split("=").map((text) => text.trim());
    const seconds = /^"?(\d{1,9})"?$/.exec(value)?.[1];
    if (name.toLowerCase() === "respond-async") preferences = { ...preferences, respondAsync: true };
    if (name.toLowerCase() === "wait" && seconds !== undefined && preferences.waitSeconds === null) {
      preferences = { ...preferences, waitSeconds: Number(seconds) };
    }
  }
  return preferences;
}

/**
 * How long a call waits for its result, in ms: the trigger's limit, shortened by what the caller prefers, and not at
 * all when it prefers an answer at once.
 */
export function waitMsFor(limitMs: number, { respondAsync, waitSeconds }: Preferences): number {
  if (waitSeconds !== null) return Math.min(limitMs, waitSeconds * 1000);
  return respondAsync ? 0 : limitMs;
}
