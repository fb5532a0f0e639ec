/** An adapter for calls of any size: it verifies them and hashes their file as a stream. */
import { createHash, createHmac, type Hash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { listenOnLoopback } from "../../lib/loopback.ts";
import { type LargeStatement, statementStream } from "./large-statement.ts";

/** The facts of a received call. */
export interface LargeCall {
  readonly isAuthentic: boolean;
  /** Size of the whole request. */
  readonly size: number;
  /** SHA-256 of its file as it is decoded. */
  readonly sha256: string;
  readonly token: string;
}

/** The reply: a statement, or the acknowledgement. */
export type LargeReply =
  | LargeStatement
  | { readonly message: string }
  | { readonly callback: string; readonly status: string };

interface LargePartner extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly LargeCall[];
}

const BODY_BEGINS = Buffer.from('"body":"');
const QUOTE = 0x22;

export async function startLargePartner(secret: string, reply: (call: LargeCall) => LargeReply): Promise<LargePartner> {
  const calls: LargeCall[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const call = await readCall(request, secret);
    calls.push(call);
    const said = reply(call);
    response.writeHead(200, { "content-type": "application/json" });
    if ("seed" in said) await pipeline(statementStream(said), response);
    else response.end(JSON.stringify(said));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return { ...(await listenOnLoopback(server)), calls };
}

/** Hashes the file's body as a stream, and parses the small JSON around it. */
async function readCall(request: IncomingMessage, secret: string): Promise<LargeCall> {
  const hmac = createHmac("sha256", secret);
  const file = createHash("sha256");
  const body = new Base64Hash(file);
  let [head, tail, size]: [Buffer, Buffer | null, number] = [Buffer.alloc(0), null, 0];
  let begin = -1;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hmac.update(chunk);
    size += chunk.length;
    let rest = chunk;
    if (begin < 0) {
      head = Buffer.concat([head, chunk]);
      begin = head.indexOf(BODY_BEGINS);
      if (begin < 0) continue;
      rest = head.subarray(begin + BODY_BEGINS.length);
      head = head.subarray(0, begin + BODY_BEGINS.length);
    }
    if (tail) {
      tail = Buffer.concat([tail, rest]);
      continue;
    }
    const end = rest.indexOf(QUOTE);
    body.write(end < 0 ? rest : rest.subarray(0, end));
    if (end >= 0) tail = rest.subarray(end);
  }
  const { callback } = JSON.parse(String(head) + String(tail)) as { callback: string };
  const isAuthentic = hmac.digest("base64") === request.headers["x-chainio-signature"];
  return { isAuthentic, size, sha256: file.digest("hex"), token: callback };
}

/** Hashes decoded base64, chunk by chunk. */
class Base64Hash {
  readonly #hash: Hash;
  #rest = "";

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  write(chunk: Buffer): void {
    const text = this.#rest + chunk.toString("latin1");
    const whole = text.length - (text.length % 4);
    this.#rest = text.slice(whole);
    this.#hash.update(Buffer.from(text.slice(0, whole), "base64"));
  }
}
