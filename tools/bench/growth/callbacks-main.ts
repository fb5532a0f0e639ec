/** `npm run growth:callbacks -- [--many N]`: creating, calling and listing callbacks with 100 open ones and with many. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildWorker } from "../../../scripts/lib/build/worker-build.ts";
import { makeDevVars } from "../../../scripts/lib/dev-vars.ts";
import { serveWorker } from "../../../scripts/lib/serve.ts";
import { createClient } from "../../../src/client/index.ts";
import { measureCallbackGrowth } from "./callback-growth.ts";

const { values } = parseArgs({ options: { many: { type: "string", default: "100000" } } });
const many = Number(values.many);
const [few, samples] = [100, 500];

buildWorker();
const folder = mkdtempSync(join(tmpdir(), "hookback-growth-"));
const vars = makeDevVars();
const token = vars.ADMIN_TOKEN ?? "";
const { runtime, url } = await serveWorker({ port: 0, persistTo: folder, vars });
try {
  await createClient({ url, token }).workspaces.put("growth", {});
  const growth = await measureCallbackGrowth({ url, token, workspace: "growth", few, many, samples });
  console.log(`operation   ${few} open   ${many} open   ratio`);
  for (const { operation, fewMs, manyMs } of growth) {
    const cells = [
      `${fewMs.toFixed(2)} ms`.padStart(9),
      `${manyMs.toFixed(2)} ms`.padStart(13),
      (manyMs / fewMs).toFixed(2),
    ];
    console.log(`${operation.padEnd(10)} ${cells.join("   ")}`);
  }
} finally {
  await runtime.dispose();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
