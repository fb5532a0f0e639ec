/** `npm run growth:callbacks -- [--many N]`: times of callback operations with 100 and with many open callbacks. */

import { buildWorker } from "../../../scripts/lib/build/worker-build.ts";
import { makeDevVars } from "../../../scripts/lib/dev-vars.ts";
import { serveWorker } from "../../../scripts/lib/serve.ts";
import { createClient } from "../../../src/client/index.ts";
import { readOptions } from "../../lib/options.ts";
import { printTable } from "../../lib/print-table.ts";
import { makeTemporaryFolder } from "../../lib/temporary-folder.ts";
import { measureCallbackGrowth } from "./callback-growth.ts";

const { many } = readOptions({ many: 100_000 });
const [few, samples] = [100, 500];

buildWorker();
const folder = makeTemporaryFolder("growth");
const vars = makeDevVars();
const token = vars.ADMIN_TOKEN ?? "";
const { runtime, url } = await serveWorker({ port: 0, persistTo: folder.path, vars });
try {
  await createClient({ url, token }).workspaces.put("growth", {});
  const growth = await measureCallbackGrowth({ url, token, workspace: "growth", few, many, samples });
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  printTable([
    ["operation", `${few} open`, `${many} open`, "ratio"],
    ...growth.map(({ operation, fewMs, manyMs }) => [operation, ms(fewMs), ms(manyMs), (manyMs / fewMs).toFixed(2)]),
  ]);
} finally {
  await runtime.dispose();
  folder.remove();
}
