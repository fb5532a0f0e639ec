/**
 * `npm run demo -- [--url URL] [--dev-vars FILE]`: sends real messages through a running gateway and prints the
 * progress of each. Exits with 1 when something did not go as expected.
 */
import { existsSync } from "node:fs";
import { parseArgs, styleText } from "node:util";
import { createClient } from "../src/client/index.ts";
import { isDemoOpen, openDemo } from "./lib/demo/demo-workspace.ts";
import { SCENES } from "./lib/demo/scenes.ts";
import { Stage } from "./lib/demo/stage.ts";
import { DEV_VARS_FILE, ensureDevVars } from "./lib/dev-vars.ts";

const { values } = parseArgs({
  options: { url: { type: "string", default: "http://127.0.0.1:8787" }, "dev-vars": { type: "string" } },
});
const url = values.url.replace(/\/+$/, "");

process.exitCode = await run().catch((error: Error) => complain(error.message));
process.exit();

async function run(): Promise<number> {
  const health = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (!health) return complain(`No gateway answers on ${url}. Start one in another terminal with: npm start`);
  if (!health.ok) return complain(`The gateway on ${url} is not healthy: ${await health.text()}`);
  const token = findToken();
  if (!token) return complain(`There is no token: neither ADMIN_TOKEN is set nor is there a file ${DEV_VARS_FILE}.`);

  const client = createClient({ url, token });
  const stage = new Stage(url, client);
  const partner = (await isDemoOpen(client)) ? null : await openDemo(client);
  if (partner) console.log(`No partner answers there, so this demo brings its own on ${partner.url}.`);
  for (const scene of SCENES) await scene(stage);
  await partner?.close();

  const isGood = stage.failures === 0;
  console.log(
    isGood
      ? styleText("green", "\nEverything went as expected.")
      : styleText("red", `\n${stage.failures} expectations were not met.`),
  );
  return isGood ? 0 : 1;
}

/** The file that was named, else the environment, else the usual file. */
function findToken(): string | undefined {
  const file = values["dev-vars"];
  if (file === undefined && process.env.ADMIN_TOKEN) return process.env.ADMIN_TOKEN;
  return existsSync(file ?? DEV_VARS_FILE) ? ensureDevVars(file).ADMIN_TOKEN : undefined;
}

function complain(message: string): number {
  console.error(message);
  return 1;
}
