/** When a failed attempt is made again. */

/** The three forms of a date in HTTP (RFC 9110, 5.6.7) begin with a day's name; the platform's parser takes far more. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/** No receiver's Retry-After delays an attempt by more than this. */
const LONGEST_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * The delay before the next attempt in ms, or null when the schedule is used up.
 *
 * Full jitter: a random share of the scheduled delay, so that many executions do not come back in step. A receiver's
 * `Retry-After` is never undercut.
 *
 * @param delaysSeconds the step's schedule: one entry for each retry.
 * @param attempts attempts made so far, at least 1.
 * @param random 0 to 1.
 */
export function nextDelayMs(
  delaysSeconds: readonly number[],
  attempts: number,
  random: number,
  retryAfterMs: number | null = null,
): number | null {
  const scheduled = delaysSeconds[attempts - 1];
  if (scheduled === undefined) return null;
  const jittered = Math.round(scheduled * 1000 * random);
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/** A `Retry-After` header in ms from now (RFC 9110, 10.2.3: seconds or a date), or null when there is no usable one. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
