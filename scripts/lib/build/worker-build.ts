/** The built Worker, as `wrangler deploy` makes it. */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { ensureConsole } from "./console-build.ts";

/** Path of the built Worker, relative to the folder of its sources. */
export const WORKER_FOLDER = join("dist", "worker");

/** Builds the Worker, and the console where its sources have changed. */
export function buildWorker(): void {
  ensureConsole();
  bundleWorker(".");
}

/** @param folder contains the sources and the console's files. */
export function bundleWorker(folder: string): void {
  const wrangler = resolve("node_modules", "wrangler", "bin", "wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--outdir", WORKER_FOLDER];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"], env: quiet() });
}

/** The environment for wrangler run by a program: no questions, no telemetry, no banner, the top level of wrangler.toml. */
function quiet(): NodeJS.ProcessEnv {
  const silence = { CI: "true", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
  return { ...process.env, ...silence, CLOUDFLARE_ENV: "" };
}
