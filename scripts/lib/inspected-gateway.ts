/** A gateway of this process with the runtime's inspector, which tells what its isolates hold in memory. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDevVars } from "./dev-vars.ts";
import { memoryOf, withRuntime } from "./runtime-memory.ts";
import { serveWorker } from "./serve.ts";

export interface InspectedGateway extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** The process of its runtime. */
  readonly pid: number;
  /** Does something, and tells what was held meanwhile; garbage is collected before each look. */
  holding<T>(work: () => Promise<T>): Promise<{ result: T } & Held>;
}

export interface Held {
  /** By the Worker, at most. */
  readonly heldBytes: number;
  /** By the whole runtime, at most, without the heap of what stands in for R2, which may hold whole objects. */
  readonly residentBytes: number;
}

/** How the runtime calls the isolates of the Worker and of what stands in for R2. */
const WORKER = "core:user:";
const BUCKETS = "r2:bucket";
/** Bodies pass through these as well, and leave garbage. */
const ON_THE_WAY = ["r2:bucket:entry", "core:entry", "outbound:0"];
const LOOK_EVERY_MS = 50;
const ROUNDS_BEFORE = 3;
/** Stands in questions whose answers nobody waits for. */
const IGNORED = 1_000_000;

/** Starts the Worker as it was built last, as `serveWorker` does. */
export async function serveInspected(): Promise<InspectedGateway> {
  const folder = mkdtempSync(join(tmpdir(), "hookback-inspected-"));
  const [vars, inspectorPort] = [makeDevVars(), await freePort()];
  const started = serveWorker.bind(null, { port: 0, persistTo: folder, vars, inspectorPort });
  const [{ runtime, url }, pid] = await withRuntime(started);
  return {
    url,
    token: vars.ADMIN_TOKEN ?? "",
    pid,
    holding: (work) => holding(inspectorPort, pid, work),
    [Symbol.asyncDispose]: async () => {
      await runtime.dispose();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function holding<T>(port: number, pid: number, work: () => Promise<T>): Promise<{ result: T } & Held> {
  const isolates = await Promise.all([WORKER, BUCKETS, ...ON_THE_WAY].map((isolate) => inspect(port, isolate)));
  const heaps = () => Promise.all(isolates.map((isolate) => isolate.heldBytes()));
  let [heldBytes, residentBytes] = [0, 0];
  let isOver = false;
  // Of what was there before, the first looks may still see garbage.
  for (let round = 0; round < ROUNDS_BEFORE; round++) await heaps();
  const look = async () => {
    while (!isOver) {
      const started = performance.now();
      const [held = Number.NaN, stored = Number.NaN] = await heaps();
      heldBytes = Math.max(heldBytes, held);
      residentBytes = Math.max(residentBytes, memoryOf(pid).nowBytes - stored);
      // What is looked at needs most of the time for itself.
      await sleep(Math.max(LOOK_EVERY_MS, 3 * (performance.now() - started)));
    }
  };
  const looking = look();
  try {
    return { result: await work(), ...(await finish()) };
  } finally {
    await finish();
    for (const isolate of isolates) isolate.close();
  }
  async function finish() {
    isOver = true;
    await looking;
    return { heldBytes, residentBytes };
  }
}

/** The inspector of an isolate. */
async function inspect(port: number, isolate: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${isolate}`);
  await once(socket, "open");
  const asked: ((usage: Record<string, number>) => void)[] = [];
  socket.onmessage = ({ data }) => {
    const { id = 0, result = {} } = JSON.parse(String(data)) as { id?: number; result?: Record<string, number> };
    asked[id]?.(result);
  };
  const send = (id: number, method: string) => socket.send(JSON.stringify({ id, method }));
  const heldBytes = async () => {
    const { promise, resolve } = Promise.withResolvers<Record<string, number>>();
    const id = asked.push(resolve) - 1;
    // The runtime does what it is told in order, but does not always say that garbage is collected.
    send(IGNORED, "HeapProfiler.collectGarbage");
    send(id, "Runtime.getHeapUsage");
    const { usedSize = Number.NaN, backingStorageSize = Number.NaN } = await promise;
    return usedSize + backingStorageSize;
  };
  return { heldBytes, close: () => socket.close() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
