/** Sends one request to the adapter over its own socket, so that framing and bytes are exact. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Until its last byte. */
  readonly ms: number;
}

/** No reply, or an incomplete one. */
export interface NoReply {
  readonly failure: string;
  readonly ms: number;
}

interface PostOptions {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** In chunks, without a length in advance. */
  readonly chunked?: boolean;
}

/** C27, to the reply's last byte (CD11). */
export const TIMEOUT_SECONDS = 45;
/** C26. */
const LARGEST_REPLY_BYTES = 600 * 1024 * 1024;
const CHUNK_BYTES = 16 * 1024;

export function post({ url, headers, body, chunked = false }: PostOptions): Promise<Reply | NoReply> {
  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  const framing = chunked ? { "transfer-encoding": "chunked" } : { "content-length": String(body.length) };
  return new Promise((resolve) => {
    const open = url.protocol === "https:" ? requestHttps : requestHttp;
    const options = { method: "POST", headers: { ...headers, ...framing }, agent: false } as const;
    let answered = false;
    const end = (failure: string) => {
      clearTimeout(timer);
      resolve({ failure, ms: since() });
      request.destroy();
    };
    const request = open(url, options, async (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let size = 0;
      try {
        for await (const chunk of response) {
          size += (chunk as Buffer).length;
          if (size > LARGEST_REPLY_BYTES) return end("the reply is larger than 600 MB");
          chunks.push(chunk as Buffer);
        }
      } catch (error) {
        return end(`the reply broke off after ${size} bytes: ${(error as Error).message}`);
      }
      clearTimeout(timer);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks),
        ms: since(),
      });
      request.destroy();
    });
    const timer = setTimeout(() => end(`no reply within ${TIMEOUT_SECONDS} s`), TIMEOUT_SECONDS * 1000);
    // An adapter may answer before it has read everything and then close; the answer is valid.
    request.on("error", (error) => {
      if (!answered) end(error.message || String((error as NodeJS.ErrnoException).code));
    });
    const step = chunked ? CHUNK_BYTES : body.length;
    for (let at = 0; at < body.length; at += step) request.write(body.subarray(at, at + step));
    request.end();
  });
}
