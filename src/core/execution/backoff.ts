/** The delay before a failed attempt is retried. */

/** All forms of an HTTP date (RFC 9110, 5.6.7) begin with the name of a day; the platform's parser accepts far more. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/** A larger `Retry-After` counts as this. */
const RETRY_AFTER_LIMIT_MS = 24 * 60 * 60 * 1000;

/**
 * The delay before the next attempt in ms, or null when the schedule is exhausted. Full jitter: a random share of the scheduled delay, so
 * that many executions do not retry at the same time, but at least the receiver's `Retry-After`.
 *
 * @param delaysSeconds one entry for each retry.
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
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, RETRY_AFTER_LIMIT_MS));
}

/** A `Retry-After` header in ms from now (RFC 9110, 10.2.3: seconds or a date), or null without a valid one. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
