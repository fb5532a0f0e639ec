/** Measures the recovery after a SIGKILL with many executions in flight: the time until every lane moves again. */

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type WorkspaceClient } from "../../src/client/index.ts";
import { becomesTrue } from "../lib/becomes-true.ts";
import { startGateway } from "../lib/gateway.ts";
import { listenOnLoopback } from "../lib/loopback.ts";

interface RecoveryOptions {
  readonly lanes: number;
  readonly perLane: number;
  /** Executions that wait for a callback meanwhile. */
  readonly waiting: number;
  /** Calls the gateway after the restart; otherwise only alarms wake its objects. */
  readonly isCalled: boolean;
}

interface Recovery {
  readonly inFlight: number;
  /** From the SIGKILL until the gateway listens again, in ms. */
  readonly startMs: number;
  /** From then until the first lane, half of them, and all of them have moved, in ms. */
  readonly firstMs: number;
  readonly halfMs: number;
  readonly allMs: number;
  /** From then until every execution that was in flight has ended, in ms. */
  readonly doneMs: number;
}

const LONGEST_MS = 120_000;
/** Long enough that no lane is empty before the kill. */
const WORK_MS = 40;

export async function measureRecovery({ lanes, perLane, waiting, isCalled }: RecoveryOptions): Promise<Recovery> {
  const seen: { lane: string; at: number }[] = [];
  const correlations: string[] = [];
  let isBack = false;
  const server = createServer(async (request, response) => {
    const lane = await text(request);
    if (request.url === "/ask") {
      correlations.push(String(request.headers["x-link-correlation-id"]));
      return void response.writeHead(202).end();
    }
    seen.push({ lane, at: performance.now() });
    // Before the kill everything hangs, so that all of it is in flight.
    if (isBack) await sleep(WORK_MS);
    if (isBack) response.end("done");
  });
  await using partner = await listenOnLoopback(server);
  const gateway = await startGateway();
  try {
    const { base, workspace } = await setUp(gateway, partner.url);
    const ids = await fill(base, { lanes, perLane, waiting });
    while (correlations.length < waiting) await sleep(20);
    await sleep(500);
    const killedAt = performance.now();
    await gateway.kill();
    isBack = true;
    seen.length = 0;
    await gateway.restart();
    const upAt = performance.now();
    if (isCalled) void poke(base, ids, lanes);
    await until(() => new Set(seen.map(({ lane }) => lane)).size === lanes);
    const firsts = [...Map.groupBy(seen, ({ lane }) => lane).values()].map(([first]) => (first?.at ?? 0) - upAt);
    firsts.sort((a, b) => a - b);
    await until(async () => (await unfinished(workspace)) === 0);
    return {
      inFlight: ids.length,
      startMs: upAt - killedAt,
      firstMs: firsts[0] ?? 0,
      halfMs: firsts[Math.floor(firsts.length / 2)] ?? 0,
      allMs: firsts.at(-1) ?? 0,
      doneMs: performance.now() - upAt,
    };
  } finally {
    await gateway.stop();
  }
}

async function setUp({ url, token }: { url: string; token: string }, partner: string) {
  const client = createClient({ url, token });
  const workspace = client.workspace(`recovery-${randomUUID().slice(0, 8)}`);
  await client.workspaces.put(workspace.name, {});
  const flows = {
    lanes: { name: "erp", type: "http", url: partner },
    waits: { name: "ask", type: "http", url: `${partner}/ask`, async: true },
  } as const;
  for (const [flow, step] of Object.entries(flows)) await workspace.flows.put(flow, { steps: [step] });
  await workspace.triggers.put("lanes", {
    ...{ flow: "lanes", query: [{ name: "lane" }], orderedDelivery: { key: "{{ query.lane }}" } },
  });
  await workspace.triggers.put("waits", { flow: "waits" });
  return { workspace, base: `${url}/${workspace.name}` };
}

/** Sends all messages; returns the ids of the executions in the lanes. */
async function fill(base: string, { lanes, perLane, waiting }: Omit<RecoveryOptions, "isCalled">): Promise<string[]> {
  const ids: string[] = [];
  const send = async (path: string, body: string) => {
    const response = await fetch(`${base}/${path}`, { method: "POST", body });
    const { executionId } = (await response.json()) as { executionId: string };
    if (path !== "waits") ids.push(executionId);
  };
  for (let n = 0; n < waiting; n++) await send("waits", "");
  for (let n = 0; n < perLane; n++) {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => send(`lanes?lane=${lane}`, String(lane))));
  }
  return ids;
}

/** Sends one poll per lane, as callers would. */
async function poke(base: string, ids: readonly string[], lanes: number): Promise<void> {
  for (const id of ids.slice(0, lanes)) {
    const response = await fetch(`${base}/lanes/executions/${id}`).catch(() => null);
    await response?.arrayBuffer().catch(() => null);
  }
}

async function unfinished({ executions }: WorkspaceClient): Promise<number> {
  const lists = ["queued", "running", "retrying"].map((status) =>
    executions.list({ status, trigger: "lanes", limit: 1 }),
  );
  return (await Promise.all(lists)).reduce((sum, { items }) => sum + items.length, 0);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await becomesTrue(condition, LONGEST_MS, 10))) throw new Error(`not within ${LONGEST_MS} ms`);
}
