/** The gateway as a subject, set up through its own API. */
import { randomBytes } from "node:crypto";
import { makeDevVars } from "../../../scripts/lib/dev-vars.ts";
import { type Client, createClient } from "../../../src/client/index.ts";
import { withRuntime } from "../../lib/runtime-memory.ts";
import { makeTemporaryFolder } from "../../lib/temporary-folder.ts";
import { Child } from "../child.ts";
import { CALLBACK, type Scenario, type Work } from "../scenarios.ts";
import { type Destination, lanePaths, type Subject, type Surroundings } from "./subject.ts";

const JSON_TYPE = { "content-type": "application/json" };
/** Number of forged ids, each from another address, so that the abuse limit does not apply. */
const FORGED = 40_000;

export interface GatewayOptions {
  readonly name?: string;
  /** Called with the folder of the stopped gateway, after setup and some messages, before the measurement. */
  readonly fill?: (folder: string) => void;
  /** Path at the target, in place of the scenario's. */
  readonly path?: string;
  /** Number of triggers; messages go to them in turn. */
  readonly triggers?: number;
}

/** Messages that create sample rows, enough for each shard to get some. */
const SAMPLES_PER_SHARD = 16;

export async function startGatewaySubject(
  scenario: Scenario,
  around: Surroundings,
  { name = "gateway", fill, path, triggers = 1 }: GatewayOptions = {},
): Promise<Subject> {
  const folder = makeTemporaryFolder("bench");
  const vars = makeDevVars();
  const token = vars.ADMIN_TOKEN ?? "";
  let running = await launch(folder.path, vars);
  const stop = async () => {
    await running.stop();
    folder.remove();
  };
  const destination = (of: Scenario, requests: number) =>
    destinationOf(running.port, token, of, { ...around, triggers }, requests);
  try {
    const client = createClient({ url: `http://127.0.0.1:${running.port}`, token });
    const authorization = await configure(client, scenario, { ...around, triggers, path });
    if (authorization) await around.authorize(running.port, authorization);
    if (fill) {
      const samples = SAMPLES_PER_SHARD * around.shards;
      await around.make(await destination({ ...scenario, work: sampleOf(scenario) }, samples), samples);
      await running.stop();
      fill(folder.path);
      running = await launch(folder.path, vars);
      if (authorization) await around.authorize(running.port, authorization);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, pids: [running.pid], destination, [Symbol.asyncDispose]: stop };
}

/** The work that creates the rows of a scenario. */
const sampleOf = ({ work }: Scenario) => (work === "use" ? "mint" : work);

async function launch(folder: string, vars: Record<string, string>) {
  const server = new Child(new URL("./gateway-server.ts", import.meta.url));
  const [port, pid] = await withRuntime(() => server.ask<number>("start", { persistTo: folder, vars }));
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await server.ask("stop");
    await server[Symbol.asyncDispose]();
  };
  return { port, pid, stop };
}

async function destinationOf(
  port: number,
  token: string,
  { work, lanes }: Scenario,
  { make, triggers }: Pick<Surroundings, "make"> & { triggers: number },
  requests: number,
): Promise<Destination> {
  const mint: Destination = {
    ...{ port, method: "POST", body: JSON.stringify(CALLBACK), status: 201 },
    headers: { authorization: `Bearer ${token}`, ...JSON_TYPE },
    paths: ["/api/v1/workspaces/bench/callbacks"],
  };
  if (work === "mint") return mint;
  if (work === "forged") return { port, method: "GET", headers: {}, status: 404, paths: forged, isFromMany: true };
  if (work === "use") {
    const minted = await make(mint, requests);
    const paths = minted.map((text) => new URL((JSON.parse(text) as { callbackUrl: string }).callbackUrl).pathname);
    return { port, method: "POST", headers: JSON_TYPE, body: '{"status":"paid"}', status: 200, paths };
  }
  const status = work === "sync" || work === "async" ? 200 : 202;
  const paths = Array.from({ length: triggers }, (_, n) => lanePaths(`/bench/in-${n}`, lanes)).flat();
  return { port, method: "POST", headers: JSON_TYPE, status, paths };
}

interface Setting extends Surroundings {
  readonly triggers: number;
  readonly path: string | undefined;
}

/** @returns the authorization of callbacks of async steps. */
async function configure(client: Client, { work, lanes = 0 }: Scenario, setting: Setting): Promise<string | null> {
  const { target, shards, triggers, path = pathFor(work) } = setting;
  await client.workspaces.put("bench", { shards });
  const { flows, triggers: saved } = client.workspace("bench");
  const step = {
    ...{ name: "erp", type: "http" as const, url: `${target}/${path}` },
    ...{ async: work === "async", timeoutSeconds: 300, retry: { delaysSeconds: [] } },
  };
  await flows.put("flow", { steps: [step] });
  for (let n = 0; n < triggers; n++) {
    await saved.put(`in-${n}`, {
      flow: "flow",
      requestResponse: work === "sync" || work === "async" ? { timeoutSeconds: 300 } : false,
      ...(lanes > 1 && { query: [{ name: "lane" }] }),
      orderedDelivery: lanes > 1 ? { key: "{{ query.lane }}" } : lanes === 1,
    });
  }
  if (work !== "async") return null;
  const { token } = await client.tokens.create({
    ...{ label: "target", permissions: ["asyncflow.callback.send"], workspace: "bench" },
  });
  return `Bearer ${token}`;
}

const pathFor = (work: Work) => (work === "accept" ? "hang" : work === "async" ? "async" : "ok");

/** Well-formed ids without a valid signature. */
const forged = Array.from({ length: FORGED }, () => {
  const hex = randomBytes(16).toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)];
  return `/cb/${parts.join("-")}`;
});
