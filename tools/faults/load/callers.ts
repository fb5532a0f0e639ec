/** Owners and callers of minted callbacks: several at once, again, too late, and closings in between. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Draw, seeded } from "../../lib/seeded.ts";
import type { CallbackKind, Op, Recorder } from "../checks/history.ts";
import { ask } from "./client.ts";
import { makeMessage } from "./messages.ts";

interface CallerOptions {
  readonly recorder: Recorder;
  readonly seed: number;
  /** Origin of the gateway, and base of the workspace's admin API. */
  readonly gateway: string;
  readonly api: string;
  readonly token: string;
  readonly handler: string;
  readonly owners: number;
  readonly pauseMs: number;
  readonly isOver: () => boolean;
}

/** First message number of callers, above the numbers of all senders. */
export const FIRST_USE = 50_000_000;
const SPAN = 1_000_000;
const MOST_CALLS = 40;
/** Attempts of a caller that gets no answer or finds the callback busy. */
const MOST_TIMES = 4;

/** Creates callbacks and calls them; returns the number and state of each. */
export async function callAll(options: CallerOptions): Promise<Map<number, string>> {
  const minted = new Map<number, string>();
  const owner = async (place: number) => {
    for (let n = 1; !options.isOver(); n++) {
      const callback = place * SPAN + n;
      const state = await liveThrough(options, callback, (what) => seeded(options.seed, what, "callback", callback));
      if (state !== null) minted.set(callback, state);
    }
  };
  await Promise.all(Array.from({ length: options.owners }, (_, place) => owner(place)));
  return minted;
}

async function liveThrough(options: CallerOptions, callback: number, draw: Draw): Promise<string | null> {
  const { recorder, token, api, gateway, isOver, pauseMs } = options;
  const settings = kindOf(draw);
  const parameter = draw("parameter") < 0.3 ? "state" : "";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify(inputOf(settings, options.handler, parameter, draw));
  const made = await ask(recorder, { what: "mint", callback, settings }, `${api}/callbacks`, {
    method: "POST",
    headers,
    body,
  });
  const { state } = made;
  if (state === undefined) return pause(draw("pause") * pauseMs);
  const url = parameter ? `${gateway}/cbq/${parameter}?${parameter}=${state}` : `${gateway}/cb/${state}`;
  let calls = 0;
  const use = () => {
    const message = FIRST_USE + callback * MOST_CALLS + (calls++ % MOST_CALLS);
    const leaves = draw(`leave ${calls}`) < 0.05;
    const content = makeMessage(message, draw(`pad ${calls}`) < 0.05 ? 70_000 : 0);
    const how = { method: "POST", headers: { "content-type": "application/json" }, body: content };
    const op: Op = { what: "use", callback, message };
    return ask(recorder, op, url, { ...how, ...(leaves && { leaveAfterMs: 20 }) });
  };
  // A caller without a definite answer repeats its call.
  const repeatUntilAnswered = async () => {
    for (let times = 0; times < MOST_TIMES; times++) {
      const { status } = await use();
      if (typeof status === "number" && status !== 503 && status !== 409) return;
      await sleep(150);
    }
  };
  const close = () =>
    ask(recorder, { what: "close", callback }, `${api}/callbacks/${state}`, { method: "DELETE", headers });
  const crowd = () => Promise.all(Array.from({ length: 1 + Math.floor(draw("crowd") ** 2 * 6) }, repeatUntilAnswered));
  await Promise.all([crowd(), draw("close") < 0.1 ? sleep(draw("close after") * 300).then(close) : null]);
  // Later calls, which must not succeed when the callback is used up.
  for (let again = 0; again < 3 && draw(`again ${again}`) < 0.6 && !isOver(); again++) {
    await sleep(draw(`after ${again}`) * 600);
    await use();
  }
  if (settings.isMultiple && draw("close at last") < 0.5) await close().then(use);
  await sleep(draw("pause") * pauseMs);
  return state;
}

async function pause(ms: number): Promise<null> {
  await sleep(ms);
  return null;
}

function kindOf(draw: Draw): CallbackKind {
  const activities = ["http", "http", "record", "flow"] as const;
  return {
    activity: activities[Math.floor(draw("activity") * activities.length)] ?? "record",
    isMultiple: draw("multiple") < 0.25,
    isRetryable: draw("retryable") < 0.4,
    replays: draw("replays") < 0.2,
  };
}

function inputOf(
  { activity, isMultiple, isRetryable, replays }: CallbackKind,
  handler: string,
  parameter: string,
  draw: Draw,
) {
  const isRedirect = draw("redirect") < 0.25;
  const activities = {
    http: { type: "http", url: handler, timeoutSeconds: 1.5 },
    flow: { type: "flow", flow: "landing" },
    record: { type: "record" },
  };
  return {
    callbackActivity: activities[activity],
    ...{ allowMultipleCalls: isMultiple, retryableAfterError: isRetryable, stateQueryParameter: parameter },
    ...(isRedirect
      ? { responseType: "redirect", responseRedirectUrl: "/page/thankyou" }
      : { responseType: "response", responseCode: 201 }),
    ...(replays && { replay: "same-response" }),
  };
}
