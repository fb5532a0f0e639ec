/** One request to the gateway, with its answer, both in the history. */
import { request as open } from "node:http";
import { text as readText } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseObject } from "../../lib/parse-object.ts";
import type { Answer, Op, Recorder } from "../checks/history.ts";
import { sha256 } from "./messages.ts";

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Ms after which the client goes away. */
  readonly leaveAfterMs?: number;
  /** Ms over which the body drips. */
  readonly dripMs?: number;
  /** The body breaks off half way. */
  readonly breaksOff?: boolean;
}

export interface Answered extends Answer {
  readonly text: string;
}

const LONGEST_MS = 30_000;
const PARTS = 4;

/** Sends a request and records it with its answer. Never rejects: a missing answer is recorded as such. */
export async function ask(recorder: Recorder, op: Op, url: string, how: Ask): Promise<Answered> {
  const call = recorder.call(op);
  const { status, headers, text } = await send(url, how);
  const answer: Answer = { status, ...(typeof status === "number" && factsOf(op, status, headers, text)) };
  recorder.note({ kind: "answer", call, ...answer });
  return { ...answer, text };
}

interface Received {
  readonly status: number | "cut" | "left";
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

function send(
  url: string,
  { method = "GET", headers = {}, body = "", leaveAfterMs, dripMs, breaksOff }: Ask,
): Promise<Received> {
  const { promise, resolve } = Promise.withResolvers<Received>();
  const bytes = Buffer.from(body);
  const length = bytes.length > 0 && dripMs === undefined ? { "content-length": String(bytes.length) } : {};
  // A separate connection, so that a reset affects no other request.
  const outgoing = open(url, { method, headers: { ...headers, ...length }, agent: false });
  const end = (status: Received["status"], heads: Received["headers"] = {}, text = "") => {
    clearTimeout(longest);
    clearTimeout(leaving);
    resolve({ status, headers: heads, text });
    if (status === "left") outgoing.destroy();
  };
  const longest = setTimeout(() => end("left"), LONGEST_MS);
  const leaving = leaveAfterMs === undefined ? undefined : setTimeout(() => end("left"), leaveAfterMs);
  outgoing.on("error", () => end("cut"));
  outgoing.on("response", (response) => {
    readText(response).then(
      (text) => end(response.statusCode ?? 0, response.headers, text),
      () => end("cut"),
    );
  });
  if (breaksOff) {
    outgoing.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => end("left"), 20));
  } else if (dripMs !== undefined && bytes.length > 0) void drip(outgoing, bytes, dripMs);
  else outgoing.end(bytes);
  return promise;
}

/** Sequential, because separate timers could fire in another order on a busy machine. */
async function drip(outgoing: ReturnType<typeof open>, bytes: Buffer, ms: number): Promise<void> {
  const size = Math.ceil(bytes.length / PARTS);
  for (let part = 0; part < PARTS && !outgoing.destroyed; part++) {
    outgoing.write(bytes.subarray(part * size, (part + 1) * size));
    await sleep(ms / PARTS);
  }
  if (!outgoing.destroyed) outgoing.end();
}

function factsOf(op: Op, status: number, headers: Received["headers"], text: string): Partial<Answer> {
  const header = (name: string) => (headers[name] === undefined ? undefined : String(headers[name]));
  const json = /json/.test(header("content-type") ?? "") ? (parseObject(text) ?? {}) : {};
  const executionId = header("hookback-execution-id") ?? (op.what === "resubmit" ? json.executionId : undefined);
  const isResult = status === 200 && (op.what === "send" || op.what === "poll");
  return {
    ...(typeof executionId === "string" && { executionId }),
    ...(typeof json.seq === "number" && { seq: json.seq }),
    ...(header("idempotency-replayed") === "true" && { isReplayed: true }),
    ...(header("retry-after") !== undefined && { hasRetryAfter: true }),
    ...(header("location") !== undefined && { hasLocation: true }),
    ...(isResult && { sha256: sha256(text) }),
    ...(typeof json.callbackState === "string" && op.what === "mint" && { state: json.callbackState }),
    ...(typeof json.code === "string" && { code: json.code }),
  };
}
