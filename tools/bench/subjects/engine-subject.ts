/**
 * A durable execution engine as a subject: Restate's server and SDK from npm, installed into a separate folder. It
 * runs as documented, with durable writes, without telemetry, and on loopback only.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../lib/loopback.ts";
import { makeTemporaryFolder } from "../../lib/temporary-folder.ts";
import { Child } from "../child.ts";
import type { Scenario } from "../scenarios.ts";
import type { EngineServiceOptions } from "./engine-service.ts";
import { type Destination, lanePaths, type Subject, type Surroundings } from "./subject.ts";

const ENGINE = { server: "@restatedev/restate-server@1.7.12", sdk: "@restatedev/restate-sdk@1.17.2" };

const BINARY = `@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`;
const START_MS = 60_000;

/** Installs the engine if necessary. Package scripts are disabled, because one of them reports the installation. */
export function installEngine(folder: string): void {
  if (existsSync(join(folder, "node_modules", BINARY))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save"];
  execFileSync("npm", ["install", ...options, ENGINE.server, ENGINE.sdk], { cwd: folder, stdio: "ignore" });
  if (!existsSync(join(folder, "node_modules", BINARY))) {
    throw new Error(`the engine has no program for ${process.platform} ${process.arch}`);
  }
}

export async function startEngineSubject(installed: string, { target }: Surroundings): Promise<Subject> {
  const folder = makeTemporaryFolder("engine");
  const [node, ingress, admin] = [await freePort(), await freePort(), await freePort()];
  const server = spawn(join(installed, "node_modules", BINARY), ["--base-dir", folder.path, "--no-logo"], {
    stdio: "ignore",
    env: {
      PATH: process.env.PATH ?? "",
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_IP: "127.0.0.1",
      RESTATE_BIND_PORT: String(node),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_NODE_NAME: "bench",
      RESTATE_DISABLE_TELEMETRY: "true",
      DO_NOT_TRACK: "1",
      RESTATE_LOG_FILTER: "error",
    },
  });
  const service = new Child(new URL("./engine-service.ts", import.meta.url), {
    ...process.env,
    NODE_ENV: "production",
    RESTATE_LOGGING: "ERROR",
  });
  const stop = async () => {
    await service[Symbol.asyncDispose]();
    await end(server);
    folder.remove();
  };
  try {
    const options: EngineServiceOptions = { folder: installed, target, ingress: `http://127.0.0.1:${ingress}` };
    const port = await service.ask<number>("start", options);
    await register(`http://127.0.0.1:${admin}/deployments`, { uri: `http://127.0.0.1:${port}` });
    await untilReady(`http://127.0.0.1:${ingress}/restate/health`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: "engine",
    pids: [server.pid ?? 0, service.pid],
    destination: async (scenario) => destination(ingress, scenario),
    [Symbol.asyncDispose]: stop,
  };
}

function destination(port: number, { work, lanes = 0 }: Scenario): Destination {
  const common = { port, method: "POST", headers: { "content-type": "application/json" } };
  if (work === "sync" || work === "async") return { ...common, status: 200, paths: [`/bench/${work}`] };
  if (work !== "lane") return { ...common, status: 202, paths: [`/bench/${work}/send`] };
  const keys = lanePaths("", lanes).map((_, lane) => `/lanes/${lane}/deliver/send`);
  return { ...common, status: 202, paths: keys };
}

async function register(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  await untilReady(url, () => fetch(url, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Waits for the start of the engine; the error contains its last answer. */
async function untilReady(url: string, ask = () => fetch(url)): Promise<void> {
  let last = "";
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(200)) {
    try {
      const response = await ask();
      last = `${response.status} ${await response.text()}`;
      if (response.ok) return;
    } catch (error) {
      last = String(error);
    }
  }
  throw new Error(`the engine did not start: ${last}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
