/** A gateway of one's own: the built Worker in a process group that can be killed whole. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DevVars, makeDevVars, writeDevVars } from "./dev-vars.ts";

export interface Gateway {
  readonly url: string;
  readonly token: string;
  /** Where its secrets (`dev.vars`) and its state (`state`) are. */
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

/** @param prepare fills the state folder before the first start. */
export async function startGateway(vars: Partial<DevVars> = {}, prepare?: (state: string) => void): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "hookback-"));
  let all = { ...makeDevVars(), ...vars } as DevVars;
  const file = join(folder, "dev.vars");
  writeDevVars(all, file);
  prepare?.(join(folder, "state"));
  const logged: string[] = [];
  const launch = (port: string) =>
    launchServe(["--dev-vars", file, "--persist-to", join(folder, "state"), "--port", port], logged);
  let { child, url } = await launch("0");
  return {
    url,
    token: all.ADMIN_TOKEN ?? "",
    folder,
    log: () => logged.join(""),
    kill: () => killGroup(child),
    restart: async (changed) => {
      if (changed) {
        all = { ...all, ...changed } as DevVars;
        rmSync(file);
        writeDevVars(all, file);
      }
      ({ child, url } = await launch(new URL(url).port));
    },
    stop: async () => {
      await killGroup(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function launchServe(args: string[], logged: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["scripts/serve.ts", "--built", ...args], { detached: true });
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      logged.push(chunk.toString());
      const url = /hookback ready on (\S+)/.exec(output)?.[1];
      if (url) resolve({ child, url });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", (chunk: Buffer) => {
      read(chunk);
      if (process.env.GATEWAY_LOG) process.stderr.write(chunk);
    });
    child.on("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${output}`)));
  });
}

function killGroup(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve();
    child.on("exit", () => resolve());
    process.kill(-child.pid, "SIGKILL");
  });
}
