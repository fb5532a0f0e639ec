/** A gateway as a process of its own that says where it listens, in a group that can be killed whole. */
import { type ChildProcess, spawn } from "node:child_process";

interface GatewayProcess {
  readonly url: string;
  /** Ends it and its runtime with SIGKILL, as a power cut would. */
  kill(): Promise<void>;
}

/** A group of its own does not end with this process. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) void killGroup(child);
});

/**
 * Resolves once it listens.
 *
 * @param args what Node is to run.
 * @param logged gets everything that it prints; with `GATEWAY_LOG` its errors are shown, too.
 */
export function launchGateway(args: readonly string[], logged: string[]): Promise<GatewayProcess> {
  const child = spawn(process.execPath, args, { detached: true });
  running.add(child);
  child.on("exit", () => running.delete(child));
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      logged.push(chunk.toString());
      const url = /hookback ready on (\S+)/.exec(output)?.[1];
      if (url) resolve({ url, kill: () => killGroup(child) });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", (chunk: Buffer) => {
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
