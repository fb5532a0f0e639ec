/** Sends one reply of a partner as drawn from the seed, and records what the gateway must have received. */
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { PartnerReply, Saying } from "../checks/history.ts";
import type { Manner } from "./behaviour.ts";

interface Content {
  readonly status: number;
  readonly body: string;
  readonly signature?: string;
}

const DRIP_MS = 400;
const PARTS = 4;
/** Bodies above this go through R2. */
const LARGE_BYTES = 64 * 1024;

export async function reply(
  response: ServerResponse,
  { mode, delayMs, status, retryAfterSeconds }: Manner,
  content: Content,
  meaning: { readonly sha256?: string; readonly saying?: Saying },
  note: (fact: Omit<PartnerReply, "request">) => void,
): Promise<void> {
  let isOver = false;
  let isSaid = false;
  const isLarge = content.body.length > LARGE_BYTES;
  const say = (fact: Omit<PartnerReply, "request">) => {
    if (!isOver) note({ ...fact, ...(isLarge && { isLarge }) });
    isSaid = true;
  };
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  // The gateway gave up, or is gone: whatever was said before did not arrive whole.
  response.on("close", () => {
    if (!response.writableFinished || !isSaid) note({ status: "cut", isClean: false });
    isOver = true;
    resolve();
  });
  await Promise.race([sleep(delayMs), gone]);
  if (isOver) return;
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(content.body)),
    ...(content.signature !== undefined && { "x-chainio-signature": content.signature }),
  };
  switch (mode) {
    case "refuse": {
      const after = retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) };
      say({ status, isClean: true, ...(retryAfterSeconds !== null && { retryAfterMs: retryAfterSeconds * 1000 }) });
      response.writeHead(status, { ...after, ...(status === 301 && { location: "/elsewhere" }) });
      return void response.end(status === 500 ? "" : '{"message":"not now"}');
    }
    case "hang":
      return gone;
    case "reset":
      return void response.socket?.resetAndDestroy();
    case "reset-midway":
      response.writeHead(content.status, {
        ...headers,
        "content-length": String(Buffer.byteLength(content.body) + 10),
      });
      response.write(content.body.slice(0, content.body.length / 2), () => response.socket?.resetAndDestroy());
      return gone;
    case "reset-behind": {
      // It may have arrived or not.
      say({ status: content.status, isClean: false, ...meaning });
      const { socket } = response;
      response.writeHead(content.status, headers).end(content.body, () => socket?.resetAndDestroy());
      return gone;
    }
    case "slow":
      response.writeHead(content.status, headers);
      for (let part = 0; part < PARTS && !isOver; part++) {
        const size = Math.ceil(content.body.length / PARTS);
        if (part === PARTS - 1) say({ status: content.status, isClean: true, ...meaning });
        response.write(content.body.slice(part * size, (part + 1) * size));
        await Promise.race([sleep(DRIP_MS / PARTS), gone]);
      }
      return void response.end();
    case "well":
      say({ status: content.status, isClean: true, ...meaning });
      return void response.writeHead(content.status, headers).end(content.body);
  }
}
