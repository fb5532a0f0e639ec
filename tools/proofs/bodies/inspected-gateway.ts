/** A gateway of this process with the runtime's inspector, which reports the memory of the Worker's isolate. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDevVars } from "../../../scripts/lib/dev-vars.ts";
import { serveWorker } from "../../../scripts/lib/serve.ts";
import { freePort } from "../../lib/loopback.ts";
import { withRuntime } from "../../lib/runtime-memory.ts";
import { makeTemporaryFolder } from "../../lib/temporary-folder.ts";

export interface InspectedGateway extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** The process of its runtime. */
  readonly pid: number;
  /** Measures the most memory that the Worker holds while `work` runs; garbage is collected before each measurement. */
  holding<T>(work: () => Promise<T>): Promise<{ result: T; heldBytes: number }>;
}

/** The runtime's name for the isolate of the Worker. */
const WORKER = "core:user:";
const LOOK_EVERY_MS = 50;
const ROUNDS_BEFORE = 3;
/** Id of commands whose answers are ignored. */
const IGNORED = 1_000_000;

/** Starts the Worker as it was built last, as `serveWorker` does. */
export async function serveInspected(): Promise<InspectedGateway> {
  const folder = makeTemporaryFolder("inspected");
  const [vars, inspectorPort] = [makeDevVars(), await freePort()];
  const started = serveWorker.bind(null, { port: 0, persistTo: folder.path, vars, inspectorPort });
  const [{ runtime, url }, pid] = await withRuntime(started);
  return {
    url,
    token: vars.ADMIN_TOKEN ?? "",
    pid,
    holding: (work) => holding(inspectorPort, work),
    [Symbol.asyncDispose]: async () => {
      await runtime.dispose();
      folder.remove();
    },
  };
}

async function holding<T>(port: number, work: () => Promise<T>): Promise<{ result: T; heldBytes: number }> {
  const inspector = await inspect(port);
  let heldBytes = 0;
  let isOver = false;
  // The first measurements may still include garbage from before.
  for (let round = 0; round < ROUNDS_BEFORE; round++) await inspector.heldBytes();
  const look = async () => {
    while (!isOver) {
      const started = performance.now();
      heldBytes = Math.max(heldBytes, await inspector.heldBytes());
      // Leaves most of the time to the measured Worker.
      await sleep(Math.max(LOOK_EVERY_MS, 3 * (performance.now() - started)));
    }
  };
  const looking = look();
  try {
    return { result: await work(), heldBytes: await finish() };
  } finally {
    await finish();
    inspector.close();
  }
  async function finish() {
    isOver = true;
    await looking;
    return heldBytes;
  }
}

/** The inspector of the Worker's isolate. */
async function inspect(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${WORKER}`);
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
    // The runtime executes commands in order, but does not always answer this one.
    send(IGNORED, "HeapProfiler.collectGarbage");
    send(id, "Runtime.getHeapUsage");
    const { usedSize = Number.NaN, backingStorageSize = Number.NaN } = await promise;
    return usedSize + backingStorageSize;
  };
  return { heldBytes, close: () => socket.close() };
}
