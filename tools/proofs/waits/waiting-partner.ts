/** The other systems of the proof of waits: they take requests in both dialects and answer later, when they are told to. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../../lib/loopback.ts";

/** A request that is to be answered by a callback. */
export interface Wait {
  readonly dialect: Dialect;
  readonly executionId: string;
  /** Calls back with a text that becomes the message. */
  answer(content: string): Promise<number>;
}

export type Dialect = "link" | "chainio";

/** A request of the step behind the wait. */
export interface Passed {
  readonly executionId: string;
  readonly idempotencyKey: string;
  readonly content: string;
  /** How many SIGKILLs there had been by then. */
  readonly kills: number;
}

export interface PartnerOptions {
  readonly gateway: { readonly url: string; readonly token: string };
  readonly sharedSecret: string;
  readonly kills: () => number;
}

export interface WaitingPartner extends AsyncDisposable {
  readonly url: string;
  /** By execution. */
  readonly waits: ReadonlyMap<string, Wait>;
  readonly passed: readonly Passed[];
}

const PATIENCE_MS = 30_000;

export async function startWaitingPartner(options: PartnerOptions): Promise<WaitingPartner> {
  const waits = new Map<string, Wait>();
  const passed: Passed[] = [];
  const server = createServer(async (request, response) => {
    const header = (name: string) => String(request.headers[name] ?? "");
    const executionId = header("hookback-execution-id");
    const body = await text(request).catch(() => null);
    if (body === null) return;
    if (request.url === "/next") {
      passed.push({ executionId, idempotencyKey: header("idempotency-key"), content: body, kills: options.kills() });
      response.end(body);
    } else {
      const wait = request.url === "/link" ? linkWait(request, options) : chainioWait(body, options);
      waits.set(executionId, { executionId, ...wait });
      response.end(JSON.stringify({ message: "it takes a while" }));
    }
  });
  server.keepAliveTimeout = 60_000;
  return { ...(await listenOnLoopback(server)), waits, passed };
}

function linkWait({ headers }: IncomingMessage, { gateway }: PartnerOptions): Omit<Wait, "executionId"> {
  const said = {
    authorization: `Bearer ${gateway.token}`,
    "content-type": "application/json",
    "x-link-correlation-id": String(headers["x-link-correlation-id"]),
    "x-link-status": "Ok",
  };
  const url = String(headers["x-link-callback-url"]);
  return { dialect: "link", answer: (content) => post(url, said, JSON.stringify(content)) };
}

function chainioWait(call: string, { gateway, sharedSecret }: PartnerOptions): Omit<Wait, "executionId"> {
  const { callback } = JSON.parse(call) as { callback: string };
  const answer = (content: string) => {
    const body = JSON.stringify({ callback, status: "success", payload: content });
    const signature = createHmac("sha256", sharedSecret).update(body).digest("base64");
    const headers = { "content-type": "application/json", "x-chainio-signature": signature };
    return post(`${gateway.url}/adapter/callback`, headers, body);
  };
  return { dialect: "chainio", answer };
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
  await response.arrayBuffer();
  return response.status;
}
