/** The preferences that a trigger supports in the `Prefer` header (RFC 7240, ND6). */

interface Preferences {
  /** Answer 202 rather than 504 when the result is late. */
  readonly respondAsync: boolean;
  /** Longest time that the caller waits, in seconds; null without such a preference. */
  readonly waitSeconds: number | null;
}

/** Unknown preferences are ignored, as the specification requires. */
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

/** How long a call waits for its result, in ms: the limit of the trigger, or less if the caller prefers it. */
export function waitMsFor(limitMs: number, { respondAsync, waitSeconds }: Preferences): number {
  if (waitSeconds !== null) return Math.min(limitMs, waitSeconds * 1000);
  return respondAsync ? 0 : limitMs;
}
