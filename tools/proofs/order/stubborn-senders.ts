/** Concurrent senders that send a message until it is accepted, each with an Idempotency-Key of its own (ND13). */
import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../../lib/history.ts";

export interface SendOptions {
  readonly history: Event[];
  readonly messages: number;
  readonly senders: number;
  /** Distinguishes the idempotency keys of this run. */
  readonly seed: number;
  readonly laneOf: (message: number) => string;
  readonly urlOf: (lane: string) => string;
  readonly onAccepted?: (count: number) => void;
}

export interface Sent {
  readonly executionIds: ReadonlySet<string>;
  /** Sendings that ended without an answer, and those that were answered with 503. */
  readonly cutOff: number;
  readonly refused: number;
  /** Messages that had been taken in before, by a sending that was cut off. */
  readonly replayed: number;
}

/** So long one message is sent again and again. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 50;

export async function sendAll(options: SendOptions): Promise<Sent> {
  const { history, messages, senders, laneOf, onAccepted } = options;
  const executionIds = new Set<string>();
  const counts = { cutOff: 0, refused: 0, replayed: 0 };
  let next = 0;
  const sender = async () => {
    for (let message = next++; message < messages; message = next++) {
      const lane = laneOf(message);
      history.push({ kind: "sent", message, lane });
      const { executionId, seq } = await sendUntilAccepted(options, message, lane, counts);
      history.push({ kind: "accepted", message, lane, executionId, seq });
      executionIds.add(executionId);
      onAccepted?.(executionIds.size);
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  return { executionIds, ...counts };
}

async function sendUntilAccepted(
  { urlOf, seed }: SendOptions,
  message: number,
  lane: string,
  counts: { cutOff: number; refused: number; replayed: number },
): Promise<{ executionId: string; seq: number }> {
  const headers = { "content-type": "text/plain", "idempotency-key": `proof-${seed}-${message}` };
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const signal = AbortSignal.timeout(30_000);
    const answered = await fetch(urlOf(lane), { method: "POST", headers, body: String(message), signal })
      .then(async (response) => ({ response, text: await response.text() }))
      .catch(() => null);
    if (answered?.response.status === 202) {
      if (answered.response.headers.has("idempotency-replayed")) counts.replayed++;
      return JSON.parse(answered.text) as { executionId: string; seq: number };
    }
    if (answered && answered.response.status !== 503) {
      throw new Error(`message ${message} was answered ${answered.response.status}: ${answered.text}`);
    }
    if (answered) counts.refused++;
    else counts.cutOff++;
    await sleep(PAUSE_MS);
  }
  throw new Error(`message ${message} was not accepted within ${PATIENCE_MS} ms`);
}
