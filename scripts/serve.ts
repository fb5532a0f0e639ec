/** `npm run serve -- --port N --persist-to DIR`: the built Worker without the dev server's proxies. */
import { parseArgs } from "node:util";
import { buildWorker } from "./lib/build/worker-build.ts";
import { ensureDevVars } from "./lib/dev-vars.ts";
import { serveWorker } from "./lib/serve.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    "persist-to": { type: "string", default: ".wrangler/state" },
    "dev-vars": { type: "string" },
    /** Use the Worker as it was built last. */
    built: { type: "boolean", default: false },
  },
});

if (!values.built) buildWorker();
const vars = ensureDevVars(values["dev-vars"]);
const { runtime, url } = await serveWorker({ port: Number(values.port), persistTo: values["persist-to"], vars });
console.log(`hookback ready on ${url}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void runtime.dispose().then(() => process.exit(0)));
}
