/** Order under load (N14, ND7): keyed lanes, a target that fails and delays, and a gateway that is killed meanwhile. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../../src/client/index.ts";
import { type Event, type History, isDelivered, mostAtOnce, requestsOf } from "../../lib/history.ts";
import { seeded } from "../../lib/seeded.ts";
import { checkOrder, type Violation } from "./order-checker.ts";
import { startRecordingTarget, waitForDelivery } from "./recording-target.ts";
import { type Sent, sendAll } from "./stubborn-senders.ts";

/** A gateway that can be killed; one that is never killed needs no more than its address. */
export interface ProvenGateway {
  readonly url: string;
  readonly token: string;
  kill?(): Promise<void>;
  restart?(): Promise<void>;
}

export interface OrderOptions {
  readonly gateway: ProvenGateway;
  readonly seed: number;
  readonly messages: number;
  readonly lanes: number;
  readonly senders: number;
  /** SIGKILLs, at even distances between the first and the last accepted message. */
  readonly restarts: number;
  /** Off for a run that must not pass. */
  readonly ordered?: boolean;
}

export interface OrderProof {
  readonly history: History;
  readonly violations: readonly Violation[];
  readonly sent: Sent;
  readonly seconds: number;
  readonly requests: number;
  readonly delivered: number;
  /** Attempts that the target failed, that a SIGKILL cut off, and that were made again with the same number. */
  readonly failed: number;
  readonly cut: number;
  readonly repeated: number;
  readonly mostAtOnce: number;
}

const DELAYS_SECONDS = [0.05, 0.1, 0.2];
const FAILURE_RATE = 0.05;
const DELAY_MS = 10;
/** So long the target looks on for what should not come any more. */
const LINGER_MS = 500;

export async function proveOrder(options: OrderOptions): Promise<OrderProof> {
  const { gateway, seed, messages, lanes, senders, restarts, ordered = true } = options;
  const history: Event[] = [];
  const lastAttempt = DELAYS_SECONDS.length + 1;
  await using target = await startRecordingTarget({
    ...{ history, seed, lastAttempt },
    ...{ delayMs: DELAY_MS, failureRate: FAILURE_RATE },
  });
  const url = await configure(gateway, target.url, ordered);
  const killAt = Array.from({ length: restarts }, (_, n) => Math.floor((messages * (n + 1)) / (restarts + 1)));
  let down: Promise<void> = Promise.resolve();
  const started = performance.now();
  const sent = await sendAll({
    ...{ history, messages, senders, seed },
    laneOf: (message) => `lane-${Math.floor(seeded(seed, "lane", message) * lanes)}`,
    urlOf: (lane) => `${url}?lane=${lane}`,
    onAccepted: (count) => {
      if (killAt.includes(count)) down = down.then(() => killAndRestart(gateway, history));
    },
  });
  await down;
  await waitForDelivery(history, target, sent.executionIds);
  const seconds = (performance.now() - started) / 1000;
  await sleep(LINGER_MS);
  return { ...report(history), sent, seconds };
}

async function configure({ url, token }: ProvenGateway, target: string, ordered: boolean): Promise<string> {
  const client = createClient({ url, token });
  const workspace = `proof-${randomUUID().slice(0, 13)}`;
  const { flows, triggers } = client.workspace(workspace);
  await client.workspaces.put(workspace, {});
  await flows.put("order", {
    steps: [{ name: "erp", type: "http", url: target, retry: { delaysSeconds: DELAYS_SECONDS } }],
  });
  await triggers.put("order", {
    flow: "order",
    query: [{ name: "lane" }],
    orderedDelivery: ordered && { key: "{{ query.lane }}" },
  });
  return `${url}/${workspace}/order`;
}

async function killAndRestart({ kill, restart }: ProvenGateway, history: Event[]): Promise<void> {
  if (!kill || !restart) throw new Error("this gateway cannot be killed");
  await kill();
  history.push({ kind: "killed" });
  await restart();
}

function report(history: History): Omit<OrderProof, "sent" | "seconds"> {
  const requests = requestsOf(history);
  const attempts = new Set(requests.map(({ executionId, attempt }) => `${executionId}/${attempt}`));
  return {
    ...{ history, violations: checkOrder(history), requests: requests.length },
    delivered: new Set(requests.filter(isDelivered).map(({ executionId }) => executionId)).size,
    failed: requests.filter((request) => typeof request.status === "number" && !isDelivered(request)).length,
    cut: requests.filter(({ status }) => status === "cut").length,
    repeated: requests.length - attempts.size,
    mostAtOnce: mostAtOnce(history),
  };
}
