/** The process of a gateway under faults: the built Worker with the harness between it and its bindings. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { ensureConsoleFolder } from "../../../scripts/lib/build/console-build.ts";
import { consoleFile } from "../../../scripts/lib/console-files.ts";
import { ensureDevVars } from "../../../scripts/lib/dev-vars.ts";

const { values } = parseArgs({
  options: {
    /** Folder of the built Worker. */
    worker: { type: "string", default: "dist/worker" },
    port: { type: "string", default: "0" },
    "persist-to": { type: "string" },
    "dev-vars": { type: "string" },
    /** The options of wrangler.toml as JSON: parsing them again would take most of a start. */
    options: { type: "string", default: "" },
  },
});
const persistTo = values["persist-to"];
if (persistTo === undefined) throw new Error("--persist-to is missing");

const ENTRY = `
import worker, { Shard as Real } from "./index.js";
import { wrapShard, wrapWorker } from "./bindings.js";
export class Shard extends wrapShard(Real) {}
export default wrapWorker(worker);
`;

ensureConsoleFolder();
type Options = Parameters<typeof convertV4MiniflareOptions>[0] & {
  assets?: unknown;
  bindings?: object;
  serviceBindings?: object;
};
const { assets: _, ...ownOptions } = JSON.parse(values.options) as Options;
const bindings = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, "bindings.ts"), "utf8"));
const runtime = new Miniflare(
  convertV4MiniflareOptions({
    ...ownOptions,
    host: "127.0.0.1",
    port: Number(values.port),
    cf: false,
    logRequests: false,
    resourcePersistencePath: join(persistTo, "v3"),
    modules: [
      { type: "ESModule", path: "entry.js", contents: ENTRY },
      { type: "ESModule", path: "bindings.js", contents: bindings },
      { type: "ESModule", path: "index.js", contents: readFileSync(join(values.worker, "index.js"), "utf8") },
    ],
    modulesRoot: "/",
    bindings: { ...ownOptions.bindings, ...ensureDevVars(values["dev-vars"]) },
    serviceBindings: { ...ownOptions.serviceBindings, ASSETS: consoleFile },
  }),
);
const ready = await runtime.ready;
console.log(`hookback ready on ${ready.origin}`);
