/** The gateway's `/adapter/callback` as an adapter sees it (CD2, CD3), on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { closeAtOnce } from "../lib/loopback.ts";
import { contentProblems, isProgress } from "./content.ts";
import { parseObject, SIGNATURE_HEADER, sign } from "./signature.ts";

export interface CallbackCall {
  /** `performance.now()` when it had arrived completely. */
  readonly at: number;
  readonly body: Buffer;
  readonly json: Record<string, unknown> | undefined;
  /** As it was sent. */
  readonly signature: string | undefined;
  readonly authentic: boolean;
  /** Status of the answer. */
  readonly answer: number;
}

/** State of one request to the adapter. */
export interface Invocation {
  readonly token: string;
  state: "waiting" | "finished" | "expired";
  /** Statuses for the first results, whatever their content. */
  readonly script: number[];
  readonly calls: CallbackCall[];
}

export const CALLBACK_PATH = "/adapter/callback";
const LARGEST_BYTES = 600 * 1024 * 1024;

const DETAILS: Readonly<Record<number, string>> = {
  200: "accepted",
  401: "The token or the signature is missing or wrong.",
  404: `Callbacks are taken at ${CALLBACK_PATH}.`,
  405: "Callbacks are sent with POST.",
  409: "This request has its result already.",
  410: "The token has expired.",
  413: "The callback is larger than 600 MB.",
  503: "The gateway is busy. Send it again.",
};

export class CallbackEndpoint {
  readonly #invocations = new Map<string, Invocation>();
  readonly #secret: string;
  readonly #server = createServer((request, response) => {
    this.#respond(request, response).catch(() => response.destroy());
  });
  /** Calls with an unknown token. */
  readonly strays: CallbackCall[] = [];
  /** Requests to other paths or with other methods, as `GET /path`. */
  readonly astray: string[] = [];

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Resolves once it listens; rejects when the port is taken. */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${CALLBACK_PATH}`;
  }

  expect(token: string, state: Invocation["state"] = "waiting", script: readonly number[] = []): Invocation {
    const invocation: Invocation = { token, state, script: [...script], calls: [] };
    this.#invocations.set(token, invocation);
    return invocation;
  }

  close(): Promise<void> {
    return closeAtOnce(this.#server);
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const path = request.url?.split("?")[0];
    if (path !== CALLBACK_PATH || request.method !== "POST") {
      this.astray.push(`${request.method} ${request.url}`);
      return answer(response, path === CALLBACK_PATH ? 405 : 404);
    }
    if (!body) return answer(response, 413);
    const header = request.headers[SIGNATURE_HEADER];
    const signature = header === undefined ? undefined : String(header);
    const json = parseObject(body);
    const invocation = typeof json?.callback === "string" ? this.#invocations.get(json.callback) : undefined;
    const authentic = signature === sign(body, this.#secret);
    const problems = invocation && authentic && json && !isProgress(json) ? contentProblems(json) : [];
    const scripted = isProgress(json) ? undefined : invocation?.script.shift();
    const status = scripted ?? decide(invocation, authentic, problems);
    const call = { at: performance.now(), body, json, signature, authentic, answer: status };
    (invocation?.calls ?? this.strays).push(call);
    if (invocation && status === 200 && !isProgress(json)) invocation.state = "finished";
    answer(response, status, problems);
  }
}

/** The order of CD3: authentication, state of the request, content. */
function decide(invocation: Invocation | undefined, authentic: boolean, problems: readonly string[]): number {
  if (!invocation || !authentic) return 401;
  if (invocation.state === "expired") return 410;
  if (invocation.state === "finished") return 409;
  return problems.length > 0 ? 422 : 200;
}

function answer(response: ServerResponse, status: number, problems: readonly string[] = []): void {
  const detail = DETAILS[status] ?? problems.join(" ");
  const value = status === 200 ? { status: detail } : { title: detail, status, detail };
  response
    .writeHead(status, {
      "content-type": status === 200 ? "application/json" : "application/problem+json",
      ...(status === 503 && { "retry-after": "1" }),
      ...(status === 405 && { allow: "POST" }),
    })
    .end(JSON.stringify(value));
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= LARGEST_BYTES) chunks.push(chunk as Buffer);
  }
  return size <= LARGEST_BYTES ? Buffer.concat(chunks) : undefined;
}

/** The callbacks except progress reports. */
export const resultsOf = ({ calls }: Invocation): CallbackCall[] => calls.filter(({ json }) => !isProgress(json));
