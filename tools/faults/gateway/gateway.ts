/** A gateway under faults, in a process group that can be killed whole. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { makeDevVars, writeDevVars } from "../../../scripts/lib/dev-vars.ts";
import { launchGateway } from "../../lib/gateway-process.ts";
import { type BindingFaults, CONTROL_PATH } from "./bindings.ts";

/** What the harness did to the bindings since the last start. */
export interface Struck {
  readonly aborts: number;
  readonly r2Failures: number;
  readonly r2Delays: number;
  readonly staleReads: number;
}

export interface FaultyGateway extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  log(): string;
  /** Ends the gateway and its runtime with SIGKILL, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port, with the faults that were set last. */
  restart(): Promise<void>;
  set(faults: BindingFaults): Promise<void>;
  /** Stops one of the objects that live just now; `draw` in [0, 1) says which. Answers its name. */
  abort(draw: number): Promise<string | null>;
  struck(): Promise<Struck>;
}

const RUNTIME = join(import.meta.dirname, "runtime.ts");

/** @param worker folder of the built Worker. */
export async function startFaultyGateway(worker = "dist/worker"): Promise<FaultyGateway> {
  const folder = mkdtempSync(join(tmpdir(), "hookback-faults-"));
  const vars = makeDevVars();
  const file = join(folder, "dev.vars");
  writeDevVars(vars, file);
  const options = join(folder, "options.json");
  writeFileSync(options, JSON.stringify(unstable_getMiniflareWorkerOptions("wrangler.toml").workerOptions));
  const logged: string[] = [];
  const given = ["--worker", worker, "--dev-vars", file, "--options", options];
  const args = [RUNTIME, ...given, "--persist-to", join(folder, "state")];
  let running = await launchGateway([...args, "--port", "0"], logged);
  const { url } = running;
  let faults: BindingFaults | null = null;
  const command = async <T>(name: string, body: string): Promise<T> => {
    const signal = AbortSignal.timeout(5_000);
    const response = await fetch(`${url}${CONTROL_PATH}${name}`, { method: "POST", body, signal });
    return (await response.json()) as T;
  };
  return {
    url,
    token: vars.ADMIN_TOKEN ?? "",
    log: () => logged.join(""),
    kill: () => running.kill(),
    restart: async () => {
      running = await launchGateway([...args, "--port", new URL(url).port], logged);
      if (faults) await command("set", JSON.stringify(faults));
    },
    set: async (wanted) => {
      faults = wanted;
      await command("set", JSON.stringify(wanted));
    },
    abort: async (draw) => (await command<{ shard: string | null }>("abort", String(draw))).shard,
    struck: () => command<Struck>("struck", ""),
    [Symbol.asyncDispose]: async () => {
      await running.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
