/**
 * The target of deliveries, in its own process. `/ok` answers at once, `/after-{ms}` after that time,
 * `/hang` never, `/async` acknowledges and calls back a little later.
 */
import { createServer, type Socket } from "node:net";
import { answerParent } from "./child.ts";
import { MessageReader } from "./message-reader.ts";
import { Pool } from "./pool.ts";

/** Longer than the handling of the reply, so that every round trip waits for its callback. */
const CALLBACK_AFTER_MS = 10;
const REPLY = JSON.stringify({ status: "created", id: "4711", at: "2026-11-20T12:00:00.000Z" });
const type = "content-type: application/json\r\n";
const OK = Buffer.from(`HTTP/1.1 200 OK\r\n${type}content-length: ${REPLY.length}\r\n\r\n${REPLY}`, "latin1");
const ACCEPTED = Buffer.from("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n", "latin1");

let received = 0;
let awaited: { count: number; resolve: (at: number) => void } | null = null;
const authorizations = new Map<number, string>();
const pools = new Map<number, Pool>();

const server = createServer({ noDelay: true }, (socket) => {
  const reader = new MessageReader((head) => take(socket, head));
  socket.on("data", (data: Buffer) => reader.push(data));
  socket.on("error", () => socket.destroy());
});

function take(socket: Socket, head: string): void {
  received++;
  if (awaited && received >= awaited.count) {
    awaited.resolve(Number(process.hrtime.bigint()) / 1e9);
    awaited = null;
  }
  const after = /^POST \/after-(\d+)/.exec(head)?.[1];
  if (head.startsWith("POST /ok")) socket.write(OK);
  else if (after) setTimeout(() => socket.write(OK), Number(after));
  else if (head.startsWith("POST /async")) {
    socket.write(ACCEPTED);
    setTimeout(() => void callBack(head).catch(() => undefined), CALLBACK_AFTER_MS);
  }
}

async function callBack(head: string): Promise<void> {
  const url = new URL(/\r\nx-link-callback-url: *(\S+)/i.exec(head)?.[1] ?? "");
  const correlationId = /\r\nx-link-correlation-id: *(\S+)/i.exec(head)?.[1] ?? "";
  const port = Number(url.port);
  const headers = {
    "content-type": "application/json",
    authorization: authorizations.get(port) ?? "",
    "x-link-correlation-id": correlationId,
    "x-link-status": "Ok",
  };
  const pool = pools.get(port) ?? new Pool(port);
  pools.set(port, pool);
  const { status } = await pool.post(url.pathname, headers, REPLY);
  if (status >= 300) console.error(`the callback to ${url} was answered ${status}`);
}

answerParent({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    }),
  authorize: ({ port, authorization }: { port: number; authorization: string }) => {
    authorizations.set(port, authorization);
  },
  reset: () => {
    received = 0;
  },
  /** Resolves to the time at which so many requests have arrived, in seconds of the monotonic clock. */
  has: (count: number) => {
    if (received >= count) return Number(process.hrtime.bigint()) / 1e9;
    return new Promise<number>((resolve) => {
      awaited = { count, resolve };
    });
  },
});
