/** The floor in its own process, served like the gateway: the Miniflare API, a direct socket, no request log. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { answerParent } from "../child.ts";

export interface FloorOptions {
  readonly folder: string;
  readonly target: string;
  readonly objects: number;
}

let runtime: Miniflare | undefined;

async function start({ folder, target, objects }: FloorOptions): Promise<number> {
  const source = readFileSync(new URL("./floor-worker.ts", import.meta.url), "utf8");
  const { compatibility_date = "", compatibility_flags } = unstable_readConfig({ config: "wrangler.toml" });
  runtime = new Miniflare(
    convertV4MiniflareOptions({
      name: "floor",
      compatibilityDate: compatibility_date,
      compatibilityFlags: compatibility_flags,
      host: "127.0.0.1",
      port: 0,
      cf: false,
      logRequests: false,
      resourcePersistencePath: folder,
      modules: [{ type: "ESModule", path: "floor-worker.js", contents: stripTypeScriptTypes(source) }],
      bindings: { TARGET: target, OBJECTS: objects },
      durableObjects: {
        PLAIN: { className: "Plain", useSQLite: true },
        GROUPED: { className: "Grouped", useSQLite: true },
      },
      r2Buckets: ["BODIES"],
    }),
  );
  return Number((await runtime.ready).port);
}

answerParent({ start, stop: () => runtime?.dispose() });
