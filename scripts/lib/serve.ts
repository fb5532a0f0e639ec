/** The built Worker on the Miniflare API, on a direct socket: the same code and state as `npm start`, without the dev server. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { ensureConsole, ensureConsoleFolder } from "./console-build.ts";
import { consoleFile } from "./console-files.ts";
import type { DevVars } from "./dev-vars.ts";

const CONFIG = "wrangler.toml";
const OUT = "dist/worker";

export interface ServeOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly persistTo: string;
  readonly vars: DevVars;
  /** Where the runtime's inspector listens; without it there is none. */
  readonly inspectorPort?: number;
}

/** Builds the Worker as `wrangler deploy` does, and the console where its sources have changed. */
export function buildWorker(): void {
  ensureConsole();
  const wrangler = join("node_modules", "wrangler", "bin", "wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--outdir", OUT];
  execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"], env: quiet() });
}

/** Starts the built Worker; resolves to its runtime and base URL once it listens. */
export async function serveWorker({
  port,
  persistTo,
  vars,
  inspectorPort,
}: ServeOptions): Promise<{ runtime: Miniflare; url: string }> {
  ensureConsoleFolder();
  // The platform's router of assets would stand in front of every request; here only the console's own pay for files.
  const { workerOptions } = unstable_getMiniflareWorkerOptions(CONFIG);
  const { assets: _, ...ownOptions } = workerOptions as typeof workerOptions & { assets?: unknown };
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      ...ownOptions,
      host: "127.0.0.1",
      port,
      ...(inspectorPort !== undefined && { inspectorPort }),
      cf: false,
      logRequests: false,
      resourcePersistencePath: join(persistTo, "v3"),
      modules: [{ type: "ESModule", path: join(OUT, "index.js") }],
      modulesRoot: OUT,
      // A line for each request would be passed through this process, which is not what is measured.
      bindings: { ...(workerOptions.bindings as object), LOG: "problems", ...vars },
      serviceBindings: { ...(workerOptions.serviceBindings as object), ASSETS: consoleFile },
    }),
  );
  const ready = await runtime.ready;
  return { runtime, url: ready.origin };
}

/** The environment for wrangler run by a program: no questions, no telemetry, no banner, the top level of wrangler.toml. */
export function quiet(): NodeJS.ProcessEnv {
  const silence = { CI: "true", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
  return { ...process.env, ...silence, CLOUDFLARE_ENV: "" };
}
