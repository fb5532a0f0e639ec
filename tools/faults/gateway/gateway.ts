/** A gateway under faults, in a process group that can be killed whole. */
import { join } from "node:path";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { type Gateway, startGateway } from "../../lib/gateway.ts";
import { type BindingFaults, CONTROL_PATH } from "./bindings.ts";

/** Counts of injected faults since the last start. */
interface FaultCounts {
  readonly aborts: number;
  readonly r2Failures: number;
  readonly r2Delays: number;
  readonly staleReads: number;
}

export interface FaultyGateway extends Gateway, AsyncDisposable {
  set(faults: BindingFaults): Promise<void>;
  /** Stops one of the live objects; `draw` in [0, 1) selects it. Resolves to its name. */
  abort(draw: number): Promise<string | null>;
  faultCounts(): Promise<FaultCounts>;
}

const COMMAND_MS = 5_000;
const RUNTIME = join(import.meta.dirname, "runtime.ts");

/**
 * After a restart, the faults that were set last are set again.
 *
 * @param worker folder of the built Worker.
 */
export async function startFaultyGateway(worker = "dist/worker"): Promise<FaultyGateway> {
  const options = JSON.stringify(unstable_getMiniflareWorkerOptions("wrangler.toml").workerOptions);
  const gateway = await startGateway({}, undefined, [RUNTIME, "--worker", worker, "--options", options]);
  let faults: BindingFaults | null = null;
  const command = async <T>(name: string, body: string): Promise<T> => {
    const signal = AbortSignal.timeout(COMMAND_MS);
    const response = await fetch(`${gateway.url}${CONTROL_PATH}${name}`, { method: "POST", body, signal });
    return (await response.json()) as T;
  };
  return {
    ...gateway,
    restart: async () => {
      await gateway.restart();
      if (faults) await command("set", JSON.stringify(faults));
    },
    set: async (wanted) => {
      faults = wanted;
      await command("set", JSON.stringify(wanted));
    },
    abort: async (draw) => (await command<{ shard: string | null }>("abort", String(draw))).shard,
    faultCounts: () => command<FaultCounts>("counts", ""),
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
}
