/** One run of the checks against one adapter: the requests and their outcomes. */

import { randomUUID } from "node:crypto";
import { becomesTrue } from "../lib/becomes-true.ts";
import { type AdapterRequest, type AdapterType, compact, makeToken } from "./adapter-request.ts";
import type { CallbackCall, CallbackEndpoint, Invocation } from "./callback-endpoint.ts";
import { isAbsent, isProgress } from "./content.ts";
import { type NoReply, post, type Reply } from "./post.ts";
import { parseObject, SIGNATURE_HEADER, sign } from "./signature.ts";

export interface TrialOptions {
  readonly url: URL;
  readonly secret: string;
  readonly type: AdapterType;
  readonly configuration: Record<string, unknown>;
  readonly payload: unknown;
  readonly asyncWaitMs: number;
}

/** The differences of a request from the plain one. */
export interface Variant {
  readonly configuration?: Record<string, unknown>;
  readonly payload?: unknown;
  readonly write?: (request: AdapterRequest) => Buffer;
  /** Changes the body after it is signed. */
  readonly tamper?: (body: Buffer) => Buffer;
  /** `null` sends none. */
  readonly signature?: ((body: Buffer) => string) | null;
  readonly headers?: Record<string, string>;
  readonly chunked?: boolean;
  /** Answers of the endpoint to the callbacks of this request. */
  readonly callbacks?: { readonly state?: Invocation["state"]; readonly script?: readonly number[] };
}

export interface Exchange {
  readonly variant: Variant;
  readonly invocation: Invocation;
  readonly reply: Reply | NoReply;
  /** `performance.now()` at which the reply had arrived whole. */
  readonly repliedAt: number;
  /** The reply's JSON when it is an object. */
  readonly json: Record<string, unknown> | undefined;
}

/** A gateway has few workspaces and flows and many executions: these ids stay the same for one run. */
const WORKSPACE_ID = randomUUID();
const FLOW_ID = randomUUID();

export class Trial {
  readonly options: TrialOptions;
  readonly endpoint: CallbackEndpoint;
  readonly exchanges: Exchange[] = [];
  /** The plain request and its outcome. */
  readonly plain: Exchange;
  /** The result of the plain request, however it came. */
  readonly result: Record<string, unknown> | undefined;
  /** The callback of the plain request, when there was one. */
  readonly callback: CallbackCall | undefined;

  private constructor(options: TrialOptions, endpoint: CallbackEndpoint, plain: Exchange, call?: CallbackCall) {
    this.options = options;
    this.endpoint = endpoint;
    this.plain = plain;
    this.exchanges.push(plain);
    this.callback = call;
    this.result = hasResult(plain) ? plain.json : call && (call.json ?? {});
  }

  /** Sends the plain request and, when it is only acknowledged, waits for its callback. */
  static async start(options: TrialOptions, endpoint: CallbackEndpoint): Promise<Trial> {
    const plain = await exchange(options, endpoint, {});
    const { calls } = plain.invocation;
    // A callback with an unknown token belongs to the only request so far.
    const find = () => [...calls, ...endpoint.strays].find(({ json }) => !isProgress(json));
    const awaited = isAccepted(plain) && !hasResult(plain);
    if (awaited) await becomesTrue(() => find() !== undefined, options.asyncWaitMs);
    return new Trial(options, endpoint, plain, awaited ? find() : undefined);
  }

  async send(variant: Variant): Promise<Exchange> {
    const sent = await exchange(this.options, this.endpoint, variant);
    this.exchanges.push(sent);
    return sent;
  }

  /** True when the token of the plain request came back unchanged. */
  get tokenReturned(): boolean {
    return this.result?.callback === this.plain.invocation.token;
  }
}

async function exchange(options: TrialOptions, endpoint: CallbackEndpoint, variant: Variant): Promise<Exchange> {
  const { url, secret, configuration, payload } = options;
  const token = makeToken();
  const invocation = endpoint.expect(token, variant.callbacks?.state, variant.callbacks?.script);
  const body = (variant.write ?? compact)({
    configuration: variant.configuration ?? configuration,
    payload: variant.payload ?? payload,
    callback: token,
  });
  const makeSignature = variant.signature === undefined ? (bytes: Buffer) => sign(bytes, secret) : variant.signature;
  const headers = {
    "content-type": "application/json",
    ...(makeSignature && { [SIGNATURE_HEADER]: makeSignature(body) }),
    "x-chainio-execution-id": randomUUID(),
    "x-chainio-workspace-id": WORKSPACE_ID,
    "x-chainio-flow-id": FLOW_ID,
    ...variant.headers,
  };
  const sent = variant.tamper?.(body) ?? body;
  const reply = await post({ url, headers, body: sent, chunked: variant.chunked ?? false });
  const json = "status" in reply ? parseObject(reply.body) : undefined;
  const done = { variant, invocation, reply, repliedAt: performance.now(), json };
  if (hasResult(done)) invocation.state = "finished";
  return done;
}

/** True for any 2xx: a separate check requires 200. */
export const isAccepted = ({ reply }: Pick<Exchange, "reply">): boolean =>
  "status" in reply && reply.status >= 200 && reply.status < 300;

/** CD4: a 200 reply that carries `callback` is the result, any other is an acknowledgement. */
export const hasResult = ({ reply, json }: Pick<Exchange, "reply" | "json">): boolean =>
  isAccepted({ reply }) && !isAbsent(json?.callback);

export const isRefused = ({ reply }: Pick<Exchange, "reply">): boolean =>
  "status" in reply && reply.status >= 400 && reply.status < 500;

/** The reply's status, and that of the result in it. */
export function statusOf({ reply, json }: Pick<Exchange, "reply" | "json">): string {
  const status = "status" in reply ? String(reply.status) : reply.failure;
  return hasResult({ reply, json }) ? `${status}, ${json?.status}` : status;
}

const LONGEST = 200;

/** The reply in a few words. */
export function describe({ reply }: Pick<Exchange, "reply">): string {
  if ("failure" in reply) return reply.failure;
  const text = reply.body.toString("utf8").replace(/\s+/g, " ").trim();
  return `${reply.status} ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || "with an empty body"}`;
}
