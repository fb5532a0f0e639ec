/** The built Worker in a process group that can be killed as a whole. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DevVars, makeDevVars, writeDevVars } from "../../scripts/lib/dev-vars.ts";
import { launchGateway } from "./gateway-process.ts";

export interface Gateway {
  readonly url: string;
  readonly token: string;
  /** Contains its secrets (`dev.vars`) and its state (`state`). */
  readonly folder: string;
  /** Everything it has logged so far. */
  log(): string;
  /** Ends the gateway and its runtime with SIGKILL, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port; with other secrets and variables than before where some are given. */
  restart(vars?: Partial<DevVars>): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/**
 * @param prepare fills the state folder before the first start.
 * @param program the script to run, with options of its own.
 */
export async function startGateway(
  vars: Partial<DevVars> = {},
  prepare?: (state: string) => void,
  program: readonly string[] = ["scripts/serve.ts", "--built"],
): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "hookback-"));
  let all = { ...makeDevVars(), ...vars } as DevVars;
  const file = join(folder, "dev.vars");
  writeDevVars(all, file);
  prepare?.(join(folder, "state"));
  const logged: string[] = [];
  const args = [...program, "--dev-vars", file, "--persist-to", join(folder, "state")];
  let running = await launchGateway([...args, "--port", "0"], logged);
  const { url } = running;
  return {
    url,
    token: all.ADMIN_TOKEN ?? "",
    folder,
    log: () => logged.join(""),
    kill: () => running.kill(),
    restart: async (changed) => {
      if (changed) {
        all = { ...all, ...changed } as DevVars;
        rmSync(file);
        writeDevVars(all, file);
      }
      running = await launchGateway([...args, "--port", new URL(url).port], logged);
    },
    stop: async () => {
      await running.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
