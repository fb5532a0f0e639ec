/** The built Worker on the Miniflare API, on a direct socket: the same code and state as `npm start`, without the dev server. */
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { ensureConsoleFolder } from "./build/console-build.ts";
import { WORKER_FOLDER } from "./build/worker-build.ts";
import { consoleFile } from "./console-files.ts";
import type { DevVars } from "./dev-vars.ts";

const CONFIG = "wrangler.toml";

export interface ServeOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly persistTo: string;
  readonly vars: DevVars;
  /** Port of the runtime's inspector; none by default. */
  readonly inspectorPort?: number;
}

/** Starts the built Worker; resolves to its runtime and base URL once it listens. */
export async function serveWorker({
  port,
  persistTo,
  vars,
  inspectorPort,
}: ServeOptions): Promise<{ runtime: Miniflare; url: string }> {
  ensureConsoleFolder();
  // The platform's asset router would handle every request first; here only requests for the console read files.
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
      modules: [{ type: "ESModule", path: join(WORKER_FOLDER, "index.js") }],
      modulesRoot: WORKER_FOLDER,
      // A log line per request would pass through this process and distort measurements.
      bindings: { ...(workerOptions.bindings as object), LOG: "problems", ...vars },
      serviceBindings: { ...(workerOptions.serviceBindings as object), ASSETS: consoleFile },
    }),
  );
  const ready = await runtime.ready;
  return { runtime, url: ready.origin };
}
