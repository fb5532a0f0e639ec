/** Many executions that wait at once (LD8, CD7): answered in random order, each twice, over several shards and a SIGKILL. */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type Status, type WorkspaceClient } from "../../../src/client/index.ts";
import type { Event } from "../../lib/history.ts";
import { seeded } from "../../lib/seeded.ts";
import type { ProvenGateway } from "../order/order-proof.ts";
import { sendAll } from "../order/stubborn-senders.ts";
import { type Dialect, startWaitingPartner, type WaitingPartner } from "./waiting-partner.ts";
import { type Call, checkWaits, type Seen, type WaitViolation } from "./waits-checker.ts";

export interface WaitsOptions {
  readonly gateway: ProvenGateway;
  readonly seed: number;
  readonly executions: number;
  readonly shards: number;
  /** Callers at work at the same time. */
  readonly callers: number;
  /** SIGKILLs, at even distances between the first and the last call. */
  readonly restarts: number;
}

export interface WaitsProof {
  readonly seen: Seen;
  readonly violations: readonly WaitViolation[];
  /** Executions that waited when the first call was made. */
  readonly waiting: number;
  readonly of: Readonly<Record<Dialect, number>>;
  /** Until all waited, until all calls were answered, and until all had finished after that. */
  readonly seconds: { readonly started: number; readonly answered: number; readonly finished: number };
}

const DIALECTS: readonly Dialect[] = ["link", "chainio"];
const CALLS_EACH = 2;
const PATIENCE_MS = 60_000;
/** So long the partner looks on for what should not come any more. */
const LINGER_MS = 500;

export async function proveWaits(options: WaitsOptions): Promise<WaitsProof> {
  const { gateway, seed, executions, callers, restarts } = options;
  let kills = 0;
  const sharedSecret = randomBytes(32).toString("hex");
  await using partner = await startWaitingPartner({ gateway, sharedSecret, kills: () => kills });
  const { workspace, urlOf } = await configure(options, partner.url, sharedSecret);
  const clock = stopwatch();

  const dialectOf = (message: number) => DIALECTS[message % DIALECTS.length] ?? "link";
  const history: Event[] = [];
  const sent = await sendAll({
    ...{ history, seed, urlOf },
    messages: executions,
    senders: callers,
    laneOf: dialectOf,
  });
  const { executionIds } = sent;
  const waiting = await until(
    () => list(workspace, "waiting"),
    ({ size }) => size >= executions,
  );
  const started = clock();

  const total = executions * CALLS_EACH;
  const killAt = Array.from({ length: restarts }, (_, n) => Math.floor((total * (n + 1)) / (restarts + 1)));
  let down: Promise<void> = Promise.resolve();
  const calls = await answerAll(partner, seed, callers, (count) => {
    if (!killAt.includes(count)) return;
    down = down.then(async () => {
      await gateway.kill?.();
      kills++;
      await gateway.restart?.();
    });
  });
  await down;
  const answered = clock();
  const succeeded = await until(
    () => list(workspace, "succeeded"),
    ({ size }) => size >= executions,
  );
  const finished = clock();
  await sleep(LINGER_MS);
  const seen = { executionIds, succeeded, calls, passed: [...partner.passed] };
  const count = (dialect: Dialect) => [...partner.waits.values()].filter((wait) => wait.dialect === dialect).length;
  return {
    ...{ seen, violations: checkWaits(seen), waiting: waiting.size },
    of: { link: count("link"), chainio: count("chainio") },
    seconds: { started, answered, finished },
  };
}

async function configure({ gateway, shards }: WaitsOptions, partner: string, sharedSecret: string) {
  const client = createClient({ url: gateway.url, token: gateway.token });
  const workspace = client.workspace(`proof-${randomUUID().slice(0, 13)}`);
  await client.workspaces.put(workspace.name, { shards });
  const { id } = await workspace.adapters.create({
    ...{ name: "converter", type: "input", webhook_url: `${partner}/chainio`, shared_secret: sharedSecret },
  });
  const steps = {
    link: { name: "ask", type: "http", url: `${partner}/link`, async: true },
    chainio: { name: "ask", type: "adapter", adapter: id },
  } as const;
  for (const dialect of DIALECTS) {
    const next = { name: "next", type: "http" as const, url: `${partner}/next` };
    await workspace.flows.put(dialect, { steps: [steps[dialect], next] });
    await workspace.triggers.put(dialect, { flow: dialect });
  }
  return { workspace, urlOf: (dialect: string) => `${gateway.url}/${workspace.name}/${dialect}` };
}

/** Makes all calls in random order; a call that is cut off is made again. */
async function answerAll(
  { waits }: WaitingPartner,
  seed: number,
  callers: number,
  onAnswered: (count: number) => void,
): Promise<Call[]> {
  const planned = [...waits.values()]
    .flatMap((wait) => Array.from({ length: CALLS_EACH }, (_, n) => ({ wait, content: `${wait.executionId} ${n}` })))
    .map((call) => ({ ...call, order: seeded(seed, call.content) }))
    .sort((a, b) => a.order - b.order);
  const calls: Call[] = [];
  const caller = async () => {
    for (let one = planned.pop(); one; one = planned.pop()) {
      const { wait, content } = one;
      const { status, cutOff } = await answerStubbornly(() => wait.answer(content));
      calls.push({ executionId: wait.executionId, content, status, cutOff });
      onAnswered(calls.length);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return calls;
}

async function answerStubbornly(answer: () => Promise<number>): Promise<{ status: number; cutOff: number }> {
  const end = Date.now() + PATIENCE_MS;
  for (let cutOff = 0; ; cutOff++) {
    const status = await answer().catch(() => null);
    if (status !== null || Date.now() > end) return { status: status ?? 0, cutOff };
    await sleep(50);
  }
}

/** Ids of the executions that have a status. */
async function list({ executions }: WorkspaceClient, status: Status): Promise<Set<string>> {
  const found = await executions.all({ query: { status }, most: Number.POSITIVE_INFINITY });
  return new Set(found.map(({ id }) => id));
}

/** What is there once it is enough, or when it has not become more for a while. */
async function until<T extends { size: number }>(look: () => Promise<T>, isEnough: (found: T) => boolean): Promise<T> {
  let [most, since] = [0, Date.now()];
  for (;;) {
    const found = await look();
    if (isEnough(found) || Date.now() - since > PATIENCE_MS / 4) return found;
    if (found.size > most) [most, since] = [found.size, Date.now()];
    await sleep(100);
  }
}

/** Seconds since it was asked last. */
function stopwatch(): () => number {
  let since = performance.now();
  return () => {
    const [before, now] = [since, performance.now()];
    since = now;
    return (now - before) / 1000;
  };
}
