/** Sends the result of a request that was only acknowledged: `POST {gateway}/adapter/callback`, signed. */
import { setTimeout as sleep } from "node:timers/promises";
import { SIGNATURE_HEADER, sign } from "./signature.mjs";

/**
 * @typedef {import("./server.mjs").Result} Result
 *
 * @typedef {object} Callback
 * @property {string} url where the gateway takes callbacks
 * @property {string} secret the one that the request was signed with
 * @property {string} callback the request's token, exactly as it came
 * @property {Result | { status: "progress", message: string }} result what became of it, or how far it is
 * @property {readonly number[]} [delaysSeconds] waits between attempts; none for a single attempt
 * @property {number} [timeoutSeconds] for one attempt
 *
 * @typedef {object} Delivery
 * @property {boolean} delivered
 * @property {number} attempts
 * @property {string} detail what the last attempt came to, in words
 */

const DELAYS_SECONDS = [1, 5, 30, 120, 600];
const TIMEOUT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 900;

/**
 * Tries again after network failures, 429 and 5xx. Any other answer is final: 401, 409, 410 and 422 do not get better.
 *
 * @param {Callback} options
 * @returns {Promise<Delivery>}
 */
export async function sendCallback({ url, secret, callback, result, delaysSeconds = DELAYS_SECONDS, timeoutSeconds }) {
  // Made once: every attempt sends the same bytes, and the signature is over these.
  const body = Buffer.from(JSON.stringify({ callback, ...result }));
  const headers = { "content-type": "application/json", [SIGNATURE_HEADER]: sign(body, secret) };
  for (let attempt = 1; ; attempt++) {
    const answer = await post(url, headers, body, timeoutSeconds ?? TIMEOUT_SECONDS);
    if (answer.status === 200) return { delivered: true, attempts: attempt, detail: "200" };
    if (answer.status === 409 && attempt > 1) {
      return { delivered: true, attempts: attempt, detail: "409: an earlier attempt has arrived" };
    }
    const delay = delaysSeconds[attempt - 1];
    if (!worthAnother(answer.status) || delay === undefined) {
      return { delivered: false, attempts: attempt, detail: answer.detail };
    }
    await sleep(1000 * Math.min(Math.max(answer.retryAfter, spread(delay)), LONGEST_WAIT_SECONDS));
  }
}

/**
 * Tells the gateway that the work goes on. A step takes this only with `"progress": true`; nothing depends on it, so
 * it is tried once.
 *
 * @param {Omit<Callback, "result" | "delaysSeconds"> & { message: string }} options
 */
export function sendProgress({ message, ...options }) {
  return sendCallback({ ...options, result: { status: "progress", message }, delaysSeconds: [] });
}

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {Buffer} body
 * @param {number} timeoutSeconds
 */
async function post(url, headers, body, timeoutSeconds) {
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    // Not followed: a redirect would hand the result to whoever it names.
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    const text = await response.text();
    const retryAfter = Number(response.headers.get("retry-after")) || 0;
    return { status: response.status, retryAfter, detail: `${response.status} ${text.slice(0, 500)}`.trim() };
  } catch (error) {
    return { status: 0, retryAfter: 0, detail: reason(error) };
  }
}

/** @param {number} status 0 when there was no answer */
function worthAnother(status) {
  return status === 0 || status === 429 || status >= 500;
}

/**
 * Between a half and the whole, so that many callbacks that failed together do not come back together.
 *
 * @param {number} seconds
 */
function spread(seconds) {
  return seconds * (0.5 + Math.random() / 2);
}

/** @param {unknown} error */
function reason(error) {
  const { message, cause } = /** @type {Error} */ (error);
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
}
