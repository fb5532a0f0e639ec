/**
 * `npm start -- [--port N] [--persist-to DIR] [--dev-vars FILE] [options of wrangler dev]`: everything on one machine,
 * the gateway on the dev server, the workspace `demo` and the partner that answers it.
 */
import { parseArgs } from "node:util";
import { createClient } from "../src/client/index.ts";
import { ensureConsole } from "./lib/build/console-build.ts";
import { openDemo } from "./lib/demo/demo-workspace.ts";
import { DEV_VARS_FILE, ensureDevVars } from "./lib/dev-vars.ts";
import { banner } from "./lib/start/banner.ts";
import { claimPort, startDevServer, waitUntilReady } from "./lib/start/dev-server.ts";

const MAX_PORT = 65_535;
/** Interval of the check that npm's shell still exists. */
const PARENT_CHECK_MS = 300;

const { values, tokens } = parseArgs({
  options: { port: { type: "string" }, ip: { type: "string" }, "dev-vars": { type: "string" } },
  strict: false,
  tokens: true,
});
const {
  port: wanted = "8787",
  ip = "127.0.0.1",
  "dev-vars": varsFile = DEV_VARS_FILE,
} = values as Record<string, string>;

/** Options of this script; all others go to wrangler unchanged. */
const own = new Set(
  tokens.flatMap((token) => {
    const isOwn = token.kind === "option" && ["port", "ip", "dev-vars"].includes(token.name);
    return isOwn ? [token.index, ...(token.inlineValue === false ? [token.index + 1] : [])] : [];
  }),
);
const passed = process.argv.slice(2).filter((_, index) => !own.has(index));

process.exitCode = await run();
process.exit();

async function run(): Promise<number> {
  if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > MAX_PORT) return complain(`--port ${wanted} is no port number.`);
  const port = await claimPort(ip, Number(wanted));
  if (port === null) {
    return complain(`${ip}:${wanted} is not free. Choose another port: npm start -- --port ${Number(wanted) + 1}`);
  }
  const interrupted = untilInterrupted();
  const vars = ensureDevVars(varsFile);
  try {
    ensureConsole();
  } catch {
    return complain("The console could not be built; its output is above.");
  }
  const server = startDevServer({ ip, port, varsFile, vars, passed });
  const { url } = server;
  console.log(`Starting the gateway on ${url} ...`);
  try {
    const version = await Promise.race([waitUntilReady(server), interrupted]);
    if (version === null) return complain("The dev server ended before it was ready; its output is above.");
    if (version === undefined) return 0;
    const partner = await openDemo(createClient({ url, token: vars.ADMIN_TOKEN ?? "" }));
    console.log(`\n${banner({ url, version, varsFile, partnerUrl: partner.url })}\n`);
    const code = await Promise.race([server.ended, interrupted]);
    return code === undefined ? 0 : complain("The dev server ended; its output is above.");
  } catch (error) {
    return complain((error as Error).message);
  } finally {
    await server.stop();
  }
}

/**
 * Resolves when this process is asked to end. npm passes SIGTERM on to a shell that ends without passing it further, so
 * the loss of that shell counts as well.
 */
function untilInterrupted(): Promise<void> {
  const shell = process.ppid;
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    if (!process.env.npm_lifecycle_event) return;
    setInterval(() => process.ppid !== shell && resolve(), PARENT_CHECK_MS).unref();
  });
}

function complain(message: string): number {
  console.error(message);
  return 1;
}
