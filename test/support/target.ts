/** A real HTTP server on loopback that plays the other system. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { listenOnLoopback } from "../../tools/lib/loopback.ts";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Epoch ms at which the request had arrived whole. */
  readonly at: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Answers a request; `undefined` leaves it unanswered, a function does what it likes with the response. */
type Handler = (received: Received, response: ServerResponse) => Promise<Reply | undefined> | Reply | undefined;

export interface Target extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
}

/** @param port a free one unless it has to be that one. */
export async function startTarget(handler: Handler = () => ({}), port = 0): Promise<Target> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const one = await read(request);
    if (!one) return;
    received.push(one);
    const reply = await handler(one, response);
    if (!reply) return;
    response.writeHead(reply.status ?? 200, reply.headers ?? {});
    response.end(reply.body ?? "");
  });
  server.keepAliveTimeout = 60_000;
  return { ...(await listenOnLoopback(server, port)), received };
}

async function read(request: IncomingMessage): Promise<Received | null> {
  const body = await buffer(request).catch(() => null);
  if (body === null) return null;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method: request.method ?? "", path: request.url ?? "", headers, body, at: Date.now() };
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until something is there, for ten seconds by default. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  ms = 10_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${look}`);
    await sleep(20);
  }
}
