/** The other system of the proof of large bodies: spools a request to a file, then sends the file back. */
import { createReadStream, createWriteStream } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { listenOnLoopback } from "../../lib/loopback.ts";
import { makeTemporaryFolder } from "../../lib/temporary-folder.ts";
import { Meter } from "./large-body.ts";

interface EchoTarget extends AsyncDisposable {
  readonly url: string;
  /** SHA-256 of every body that came whole. */
  readonly received: readonly string[];
}

export async function startEchoTarget(): Promise<EchoTarget> {
  const folder = makeTemporaryFolder("echo");
  const received: string[] = [];
  let count = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const file = join(folder.path, String(count++));
    const meter = new Meter();
    await pipeline(request, meter, createWriteStream(file));
    received.push(meter.sha256());
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": meter.size });
    await pipeline(createReadStream(file), response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const listening = await listenOnLoopback(server);
  return {
    url: listening.url,
    received,
    [Symbol.asyncDispose]: async () => {
      await listening[Symbol.asyncDispose]();
      folder.remove();
    },
  };
}
