/** Bodies of full size to and from an adapter (C26, CD10): their bytes, and what they cost the runtime in memory and time. */
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type ExecutionDetail } from "../../../src/client/index.ts";
import { cpuSecondsOf, memoryOf } from "../../lib/runtime-memory.ts";
import { type InspectedGateway, serveInspected } from "./inspected-gateway.ts";
import { bodyStream, Meter, sha256Of } from "./large-body.ts";
import { type LargeCall, type LargeReply, startLargePartner } from "./large-partner.ts";
import { contentHash, type LargeStatement, signatureOf, statementStream } from "./large-statement.ts";

/** Place of the large body: the signed request, the reply, the callback, or a file in the callback. */
export const EXCHANGES = ["request", "reply", "callback", "file"] as const;
export type Exchange = (typeof EXCHANGES)[number];

interface AdapterBodyOptions {
  readonly exchange: Exchange;
  readonly seed: number;
  readonly size: number;
  /** So many bytes more than the adapter may send. */
  readonly excess?: number;
}

export interface AdapterBodyProof extends Played {
  readonly seconds: number;
  /** Of the whole runtime. */
  readonly cpuSeconds: number;
  /** Resident memory of the whole runtime before, and the highest since. */
  readonly beforeBytes: number;
  readonly peakBytes: number;
  /** Peak memory of the Worker's isolate without garbage, measured in a second exchange. */
  readonly heldBytes: number;
}

interface Played {
  /** Status of the answer to the callback; null without a callback. */
  readonly answer: number | null;
  readonly status: string;
  readonly failure: string | undefined;
  readonly lastLog: string | undefined;
  /** The partner verified the call, and the bytes arrived unchanged. */
  readonly isSame: boolean;
}

type Address = Pick<InspectedGateway, "url" | "token">;

const TIMEOUT_SECONDS = 300;
const PATIENCE_MS = 20 * 60_000;
const WARM_UP_BYTES = 200 * 1024;

/** Runs twice on separate gateways: without forced garbage collection for the times, and with it for the memory in use. */
export async function proveAdapterBody(options: AdapterBodyOptions): Promise<AdapterBodyProof> {
  const natural = await measured(options);
  await using gateway = await serveWarm(options);
  const { result, heldBytes } = await gateway.holding(() => playAdapterBody(gateway, options));
  return { ...natural, heldBytes, isSame: natural.isSame && result.isSame };
}

async function measured(options: AdapterBodyOptions): Promise<Omit<AdapterBodyProof, "heldBytes">> {
  await using gateway = await serveWarm(options);
  const beforeBytes = memoryOf(gateway.pid).nowBytes;
  const [startedAt, cpuBefore] = [performance.now(), cpuSecondsOf([gateway.pid])];
  const played = await playAdapterBody(gateway, options);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = cpuSecondsOf([gateway.pid]) - cpuBefore;
  return { ...played, seconds, cpuSeconds, beforeBytes, peakBytes: memoryOf(gateway.pid).peakBytes };
}

/** The first request makes the runtime load what it needs for any. */
async function serveWarm({ exchange, seed }: AdapterBodyOptions): Promise<InspectedGateway> {
  const gateway = await serveInspected();
  await playAdapterBody(gateway, { exchange, seed: seed + 1, size: WARM_UP_BYTES });
  return gateway;
}

/** Sends one message into a flow of the adapter and hashes the result. */
export async function playAdapterBody(gateway: Address, options: AdapterBodyOptions): Promise<Played> {
  const { exchange, seed, size, excess = 0 } = options;
  const secret = randomBytes(32).toString("hex");
  const statement = (token: string): LargeStatement => ({
    ...{ token, carrier: exchange === "file" ? "file" : "payload", seed, size: size + excess },
  });
  const reply = ({ token }: LargeCall): LargeReply => {
    if (exchange === "request") return { callback: token, status: "success" };
    return exchange === "reply" ? statement(token) : { message: "it takes a while" };
  };
  await using partner = await startLargePartner(secret, reply);
  const { workspace, url } = await configure(gateway, partner.url, secret, size);
  const executionId = await start(url, exchange === "request" ? { seed, size } : null);

  const show = () => workspace.executions.get(executionId);
  const isCallback = exchange === "callback" || exchange === "file";
  let answer: number | null = null;
  if (isCallback) {
    await until(show, ["waiting"]);
    answer = await callBack(gateway.url, statement(partner.calls[0]?.token ?? ""), secret);
  }
  const { status, failure, log } = await until(show, ["succeeded", "failed"]);
  const expected = exchange === "request" ? sha256Of(seed, size) : contentHash(statement(""));
  const hashes = exchange === "request" ? [partner.calls[0]?.sha256] : [];
  if (status === "succeeded")
    hashes.push(await download(gateway, `/workspaces/${workspace.name}/executions/${executionId}`));
  const isSame = partner.calls.length === 1 && partner.calls[0]?.isAuthentic === true;
  return {
    ...{ answer, status, failure, lastLog: log.at(-1)?.message },
    isSame: isSame && status === "succeeded" && hashes.every((hash) => hash === expected),
  };
}

async function until(show: () => Promise<ExecutionDetail>, statuses: readonly string[]): Promise<ExecutionDetail> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const shown = await show();
    if (statuses.includes(shown.status) || shown.status === "failed") return shown;
    if (Date.now() > end) throw new Error(`the execution is still ${shown.status}`);
  }
}

async function configure({ url, token }: Address, webhookUrl: string, secret: string, size: number) {
  const client = createClient({ url, token });
  const workspace = client.workspace(`proof-${randomUUID().slice(0, 13)}`);
  await client.workspaces.put(workspace.name, {});
  const { id } = await workspace.adapters.create({
    ...{ name: "large", type: "input", webhook_url: webhookUrl, shared_secret: secret },
    ...{ timeout_seconds: TIMEOUT_SECONDS, max_response_bytes: size },
  });
  await workspace.flows.put("large", { steps: [{ name: "convert", type: "adapter", adapter: id }] });
  await workspace.triggers.put("large", { flow: "large" });
  return { workspace, url: `${url}/${workspace.name}/large` };
}

/** Sends the message, a small one unless another is given. */
async function start(url: string, large: { seed: number; size: number } | null): Promise<string> {
  const sent = request(url, { method: "POST", headers: { "content-type": "application/octet-stream" } });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  const body = large ? bodyStream(large.seed, large.size) : ["hello"];
  const [[response]] = await Promise.all([answered, pipeline(body, sent)]);
  return ((await json(response)) as { executionId: string }).executionId;
}

async function callBack(gatewayUrl: string, statement: LargeStatement, secret: string): Promise<number> {
  const sent = request(`${gatewayUrl}/adapter/callback`, {
    method: "POST",
    // Signing takes its time, in which the gateway may close a connection that is kept for later.
    agent: false,
    headers: { "content-type": "application/json", "x-chainio-signature": signatureOf(statement, secret) },
  });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  // A body that is too large is not read to its end: its connection may break, and what counts is the answer.
  sent.on("error", () => undefined);
  const [[response]] = await Promise.all([answered, pipeline(statementStream(statement), sent).catch(() => undefined)]);
  response.resume();
  return response.statusCode ?? 0;
}

async function download({ url, token }: Address, path: string): Promise<string> {
  const sent = request(`${url}/api/v1${path}/message`, { headers: { authorization: `Bearer ${token}` } }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const meter = new Meter();
  meter.resume();
  await pipeline(response, meter);
  return meter.sha256();
}
