/** Sends a request unchanged, without following redirects or decoding. */
import { Agent, request as httpRequest } from "node:http";
import type { FuzzRequest } from "./request.ts";

export interface FuzzAnswer {
  /** 0 when the connection ended without an answer, -1 when none came in time. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Longest part of an answer that is read. */
const KEPT_BYTES = 4 * 1024 * 1024;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export class FuzzClient {
  readonly #url: URL;
  readonly #limitMs: number;
  readonly #agent: Agent;

  /** @param limitMs longest time for an answer. */
  constructor(url: string, connections: number, limitMs = 15_000) {
    this.#url = new URL(url);
    this.#limitMs = limitMs;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Repeats the request on another connection when the gateway has just closed a reused one. */
  async send(fuzzed: FuzzRequest): Promise<FuzzAnswer> {
    for (;;) {
      const { isStale, answer } = await this.#once(fuzzed);
      if (!isStale) return answer;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once({ method, path, headers, body }: FuzzRequest): Promise<{ isStale: boolean; answer: FuzzAnswer }> {
    const { hostname, port } = this.#url;
    return new Promise((resolve) => {
      const none = (status: number, isStale = false) => resolve({ isStale, answer: { status, headers: {}, text: "" } });
      const request = httpRequest({ agent: this.#agent, hostname, port, method, path, timeout: this.#limitMs });
      for (const [name, value] of headers) if (TOKEN.test(name)) request.setHeader(name, value);
      if (body !== null) request.setHeader("content-length", Buffer.byteLength(body));
      const timer = setTimeout(() => {
        none(-1);
        request.destroy();
      }, this.#limitMs);
      request.on("error", () => {
        clearTimeout(timer);
        none(0, request.reusedSocket);
      });
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size <= KEPT_BYTES) chunks.push(chunk);
        });
        // The received part is checked when the connection closes.
        response.on("error", () => undefined);
        response.on("close", () => {
          clearTimeout(timer);
          const { statusCode = 0, headers: answered } = response;
          resolve({
            isStale: false,
            answer: { status: statusCode, headers: answered, text: Buffer.concat(chunks).toString() },
          });
        });
      });
      request.end(body ?? undefined);
    });
  }
}
