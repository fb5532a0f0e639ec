/** A burst on a trigger with `maxConcurrency` (N15, ND9): messages wait durably, the target is never overrun. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../../src/client/index.ts";
import { type Event, mostAtOnce, requestsOf } from "../../lib/history.ts";
import { type BurstViolation, checkBurst } from "./burst-checker.ts";
import { startRecordingTarget, waitForDelivery } from "./recording-target.ts";
import { type Sent, sendAll } from "./stubborn-senders.ts";

export interface BurstOptions {
  readonly gateway: { readonly url: string; readonly token: string };
  readonly seed: number;
  readonly messages: number;
  readonly senders: number;
  /** What the checker allows at the target at once. */
  readonly limit: number;
  /** What the trigger is set to: the limit, unless the run must not pass. */
  readonly maxConcurrency?: number;
}

export interface BurstProof {
  readonly violations: readonly BurstViolation[];
  readonly sent: Sent;
  readonly acceptedSeconds: number;
  readonly seconds: number;
  readonly requests: number;
  readonly mostAtOnce: number;
}

const DELAY_MS = 10;
/** So long the target looks on for what should not come any more. */
const LINGER_MS = 500;

export async function proveBurst(options: BurstOptions): Promise<BurstProof> {
  const { gateway, seed, messages, senders, limit, maxConcurrency = limit } = options;
  const history: Event[] = [];
  await using target = await startRecordingTarget({ history, seed, delayMs: DELAY_MS });
  const workspace = `proof-${randomUUID().slice(0, 13)}`;
  const client = createClient({ url: gateway.url, token: gateway.token });
  const { flows, triggers } = client.workspace(workspace);
  await client.workspaces.put(workspace, {});
  await flows.put("burst", {
    steps: [{ name: "erp", type: "http", url: target.url, retry: { delaysSeconds: [] } }],
  });
  await triggers.put("burst", { flow: "burst", maxConcurrency });

  const url = `${gateway.url}/${workspace}/burst`;
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const sent = await sendAll({ history, messages, senders, seed, laneOf: () => "burst", urlOf: () => url });
  const acceptedSeconds = since();
  await waitForDelivery(history, target, sent.executionIds);
  const seconds = since();
  await sleep(LINGER_MS);
  const requests = requestsOf(history).length;
  return {
    violations: checkBurst(history, limit),
    ...{ sent, acceptedSeconds, seconds, requests },
    mostAtOnce: mostAtOnce(history),
  };
}
