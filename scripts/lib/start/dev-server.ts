/** `wrangler dev` as a child: local, without questions, silent but for warnings and errors. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DEV_VARS_FILE, type DevVars } from "../dev-vars.ts";

/** Longest wait for the gateway's first answer, and for its end. */
const READY_MS = 60_000;
const END_MS = 5_000;
const POLL_MS = 100;

interface DevServerOptions {
  readonly ip: string;
  readonly port: number;
  /** The file that `vars` were read from. */
  readonly varsFile: string;
  readonly vars: DevVars;
  /** Further options of `wrangler dev`, as they are. */
  readonly passed: readonly string[];
}

interface DevServer {
  readonly url: string;
  /** Resolves to the exit code when the server has ended by itself or was ended. */
  readonly ended: Promise<number>;
  /** Ends the server and everything it started. */
  stop(): Promise<void>;
}

export function startDevServer(options: DevServerOptions): DevServer {
  const wrangler = join("node_modules", "wrangler", "bin", "wrangler.js");
  // A process group of its own: an interrupt from the terminal reaches it through stop() alone, and stop() ends all of it.
  const child = spawn(process.execPath, [wrangler, ...argumentsFor(options)], {
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
    env: environmentFor(options.vars),
  });
  const ended = new Promise<number>((settle) => {
    child.on("error", () => settle(1)).on("exit", (code) => settle(code ?? 1));
  });
  process.on("exit", () => signalGroup(child, "SIGKILL"));
  return {
    url: `http://${options.ip}:${options.port}`,
    ended,
    stop: async () => {
      signalGroup(child, "SIGTERM");
      await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
      signalGroup(child, "SIGKILL");
    },
  };
}

/** Resolves to the gateway's version once it answers; null when the server has ended before. Throws when it stays unwell. */
export async function waitUntilReady({ url, ended }: DevServer): Promise<string | null> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  for (const deadline = Date.now() + READY_MS; !isOver; await sleep(POLL_MS)) {
    const health = await checkHealth(url);
    if (health?.version !== undefined) return health.version;
    if (health?.code === "not-configured") throw new Error(`The gateway is not configured: ${health.detail}`);
    if (Date.now() > deadline) throw new Error(`The gateway is not healthy: ${health?.detail ?? "it does not answer"}`);
  }
  return null;
}

interface Health {
  readonly version?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** The answer of `/healthz`, also as a problem document; null without a JSON answer. */
async function checkHealth(url: string): Promise<Health | null> {
  const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(READY_MS) }).catch(() => null);
  return response && (response.json() as Promise<Health>).catch(() => null);
}

/** The port itself when it is free, any free one for 0; null when something else listens there. */
export function claimPort(ip: string, port: number): Promise<number | null> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.on("error", () => settle(null));
    probe.listen(port, ip, () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === "object" && address ? address.port : null));
    });
  });
}

function argumentsFor({ ip, port, varsFile, passed }: DevServerOptions): string[] {
  const file = varsFile === DEV_VARS_FILE ? [] : ["--env-file", resolve(varsFile)];
  const fixed = ["dev", "--local", "--ip", ip, "--port", String(port), "--show-interactive-dev-session=false"];
  const level = passed.some((option) => option.startsWith("--log-level")) ? [] : ["--log-level", "warn"];
  return [...fixed, ...level, ...file, ...passed];
}

/**
 * No questions, no telemetry, no banner, and no request to anywhere for the properties of a made-up visitor. Variables
 * of the shell that would win over the file are left out.
 */
function environmentFor(vars: DevVars): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in vars))),
    CI: "true",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    CLOUDFLARE_ENV: "",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_LOG_PATH: resolve(".wrangler", "logs"),
    WRANGLER_SEND_METRICS: "false",
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}
