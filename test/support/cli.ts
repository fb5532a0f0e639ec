/** The command line as a process of its own, with a home of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Home extends Disposable {
  readonly folder: string;
  /** Runs a command; an item of `input` is what it reads from stdin. */
  run(args: readonly string[], options?: { env?: Record<string, string>; input?: string }): Promise<Ran>;
  /** The same, expecting success, with the JSON that it prints. */
  json<T>(...args: string[]): Promise<T>;
}

/** @param env of every command; nothing of this process but PATH gets in. */
export function newHome(env: Record<string, string>): Home {
  const folder = mkdtempSync(join(tmpdir(), "hookback-home-"));
  const run: Home["run"] = (args, { env: more = {}, input = "" } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ["dist/cli/main.js", ...args], {
        env: { PATH: process.env.PATH ?? "", HOME: folder, ...env, ...more },
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
      child.stdin.on("error", () => undefined).end(input);
    });
  return {
    folder,
    run,
    json: async <T>(...args: string[]) => {
      const { code, stdout, stderr } = await run([...args, "--json"]);
      if (code !== 0) throw new Error(`hookback ${args.join(" ")} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
