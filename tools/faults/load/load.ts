/** Senders: messages to every trigger, repeated, doubled, broken off, slow, and given up; and the polling of results. */

import { setTimeout as sleep } from "node:timers/promises";
import { inParallel } from "../../lib/in-parallel.ts";
import { type Draw, seeded } from "../../lib/seeded.ts";
import type { Op, Recorder } from "../checks/history.ts";
import { type Answered, type Ask, ask } from "./client.ts";
import { FEATURES, type Feature } from "./features.ts";
import { makeMessage, sha256 } from "./messages.ts";

interface LoadOptions {
  readonly recorder: Recorder;
  readonly seed: number;
  /** Base of the triggers' URLs: the gateway and the workspace. */
  readonly base: string;
  readonly senders: number;
  /** Longest pause of a sender between two messages, in ms. */
  readonly pauseMs: number;
  readonly isOver: () => boolean;
  /** Is called with each execution that a client knows. */
  readonly onAccepted: (executionId: string, feature: string) => void;
  /** Triggers that operators have added, each for the flow of a feature. */
  readonly fresh: readonly FreshTrigger[];
}

export interface FreshTrigger {
  readonly trigger: string;
  readonly feature: string;
  /** In ms. */
  readonly since: number;
}

/** Each sender has its own range of message numbers, so that the seed decides the same for each. */
const SPAN = 100_000;
/** Time for which a message with a key is repeated. */
const PATIENCE_MS = 25_000;
const COUNTED_PATIENCE_MS = 120_000;
const POLL_MS = 12_000;

const sendable = FEATURES.filter(({ weight }) => weight > 0);
const TOTAL = sendable.reduce((sum, { weight }) => sum + weight, 0);

export async function sendAll(options: LoadOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.senders }, (_, sender) => sendOn(options, sender)));
}

async function sendOn(options: LoadOptions, sender: number): Promise<void> {
  for (let n = 1; !options.isOver(); n++) {
    const message = sender * SPAN + n;
    const draw = (what: string) => seeded(options.seed, what, message);
    const known = await sendOne(options, pick(draw("feature")), message, draw);
    if (known && draw("poll") < 0.15) await poll(options, known, draw);
    await sleep(draw("pause") ** 2 * options.pauseMs);
  }
}

type Send = Extract<Op, { what: "send" }>;
interface Known {
  readonly executionId: string;
  readonly trigger: string;
  readonly freshSince: number | null;
}

async function sendOne(options: LoadOptions, feature: Feature, message: number, draw: Draw): Promise<Known | null> {
  const { recorder, onAccepted } = options;
  const body = makeMessage(message, draw("pad") < 0.1 ? 66_000 + Math.floor(draw("size") * 130_000) : 0);
  const isBroken = draw("broken") < 0.02;
  const key = draw("keyed") < 0.75 || feature.hasOwnKey ? `k-${message}` : null;
  const fresh = options.fresh.filter((one) => one.feature === feature.name);
  const other = draw("fresh") < 0.4 ? fresh[Math.floor(draw("which trigger") * fresh.length)] : undefined;
  const [trigger, freshSince] = [other?.trigger ?? feature.name, other?.since ?? null];
  const op: Send = {
    ...{ what: "send", feature: feature.name, message, key, isBroken, isForeignKey: false, freshSince },
    lane: feature.lanes > 0 ? `lane-${Math.floor(draw("lane") * feature.lanes)}` : null,
    sha256: sha256(body),
  };
  const how = howOf(feature, op, body, draw);
  const url = `${options.base}/${trigger}${op.lane === null ? "" : `?lane=${op.lane}`}`;
  const isDoubled = key !== null && !isBroken && draw("double") < 0.08;
  const [first] = await Promise.all([
    ask(recorder, op, url, { ...how, breaksOff: isBroken }),
    ...(isDoubled ? [ask(recorder, op, url, { ...how, leaveAfterMs: 25_000 })] : []),
  ]);
  const answered = isBroken ? null : await repeatUntilAnswered(options, op, url, how, first);
  if (!answered?.executionId) return null;
  onAccepted(answered.executionId, feature.name);
  if (key !== null && draw("again") < 0.1) void repeat(options, op, url, how, draw);
  return { executionId: answered.executionId, trigger, freshSince };
}

interface CountedLoad {
  readonly recorder: Recorder;
  readonly gateway: { readonly url: string };
  readonly workspace: { readonly client: { readonly name: string } };
  /** Messages go to each of them in turn. */
  readonly features: readonly Feature[];
  readonly messages: number;
  readonly senders: number;
  readonly laneOf?: (message: number) => string;
  readonly onAccepted?: (count: number) => void;
}

/** Sends so many messages, each with a key of its own until it is accepted (ND13). */
export async function sendCounted(load: CountedLoad): Promise<void> {
  const { recorder, gateway, workspace, features, messages, senders, laneOf, onAccepted } = load;
  let accepted = 0;
  const numbers = Array.from({ length: messages }, (_, n) => n + 1);
  await inParallel(numbers, senders, async (message) => {
    const { name: feature } = features[message % features.length] as Feature;
    const [body, lane, key] = [makeMessage(message, 0), laneOf?.(message) ?? null, `k-${message}`];
    const op: Send = {
      ...{ what: "send", feature, message, lane, key, sha256: sha256(body) },
      ...{ isBroken: false, isForeignKey: false, freshSince: null },
    };
    const url = `${gateway.url}/${workspace.client.name}/${feature}${lane === null ? "" : `?lane=${lane}`}`;
    const headers = { "content-type": "application/json", "idempotency-key": key };
    const how: Ask = { method: "POST", body, headers };
    await repeatUntilAnswered({ recorder }, op, url, how, await ask(recorder, op, url, how), COUNTED_PATIENCE_MS);
    onAccepted?.(++accepted);
  });
}

/** Repeats a message with a key until it is answered; a message without a key must not be repeated. */
async function repeatUntilAnswered(
  { recorder }: Pick<LoadOptions, "recorder">,
  op: Send,
  url: string,
  how: Ask,
  first: Answered,
  patienceMs = PATIENCE_MS,
): Promise<Answered> {
  const end = Date.now() + patienceMs;
  const { leaveAfterMs: _, ...patient } = how;
  let last = first;
  while (op.key !== null && !isAnswered(last) && Date.now() < end) {
    await sleep(200);
    last = await ask(recorder, op, url, patient);
  }
  return last;
}

/** A 504 means that the message was accepted; after any other 5xx that is unknown. */
const isAnswered = ({ status, executionId }: Answered) =>
  typeof status === "number" && (status < 500 || executionId !== undefined);

/** The same message once more, or another one under its key, when the first one may be over. */
async function repeat({ recorder }: LoadOptions, op: Send, url: string, how: Ask, draw: Draw): Promise<void> {
  await sleep(draw("repeat after") * 3_000);
  const { leaveAfterMs: _, ...patient } = how;
  if (draw("foreign") < 0.7) return void (await ask(recorder, op, url, patient));
  const body = makeMessage(op.message, 0, "another");
  await ask(recorder, { ...op, isForeignKey: true, sha256: sha256(body) }, url, { ...patient, body });
}

function howOf({ hasOwnKey, waits }: Feature, { key }: Send, body: string, draw: Draw): Ask {
  const prefer =
    waits && draw("prefer") < 0.4 ? (draw("which") < 0.5 ? "respond-async" : "respond-async, wait=1") : null;
  return {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      ...(key !== null && { [hasOwnKey ? "x-delivery" : "idempotency-key"]: key }),
      ...(prefer !== null && { prefer }),
    },
    ...(draw("leave") < 0.04 && { leaveAfterMs: draw("leave after") * 40 }),
    ...(draw("drip") < 0.05 && { dripMs: draw("drip time") * 800 }),
  };
}

/** Asks for the result until it is there, and once more. */
async function poll(
  { recorder, base }: LoadOptions,
  { executionId, trigger, freshSince }: Known,
  draw: Draw,
): Promise<void> {
  const op: Op = { what: "poll", executionId, freshSince };
  const url = `${base}/${trigger}/executions/${executionId}`;
  const end = Date.now() + POLL_MS * draw("patience");
  let last = await ask(recorder, op, url, {});
  while (Date.now() < end && (typeof last.status !== "number" || last.status === 202 || last.status === 503)) {
    await sleep(200);
    last = await ask(recorder, op, url, {});
  }
  await ask(recorder, op, url, {});
}

function pick(drawn: number): Feature {
  let left = drawn * TOTAL;
  for (const feature of sendable) {
    if (left < feature.weight) return feature;
    left -= feature.weight;
  }
  return sendable[0] as Feature;
}
