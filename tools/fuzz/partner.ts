/** The other systems of a fuzzed gateway, on loopback: an http target, an adapter and a callback's handler. */

import { createServer } from "node:http";
import { text as readText } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { listenOnLoopback } from "../lib/loopback.ts";
import { parseObject } from "../lib/parse-object.ts";

export interface Partner extends AsyncDisposable {
  /** The name of the calling tenant is appended. */
  readonly url: string;
  /** Is called with correlations and tokens that the gateway sends to a tenant's partners. */
  onSeen: (tenant: string, noun: string, value: string) => void;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

const BOMB = gzipSync(Buffer.alloc(4 * 1024 * 1024));

/** By path: valid and hostile replies. */
const REPLIES: Record<string, (body: string) => Reply> = {
  "/ok": () => ({ headers: { "content-type": "application/json" }, body: '{"ok":true}' }),
  "/maybe": (body) => (body.startsWith("!") ? { status: 400, body: "no" } : { body: "yes" }),
  "/broken": () => ({ status: 500, body: "x".repeat(5_000) }),
  "/bomb": () => ({ headers: { "content-encoding": "gzip" }, body: BOMB }),
  "/adapter": (body) => ({ headers: { "content-type": "application/json" }, body: adapterReply(body) }),
  "/handler": (body) => ({ headers: { "content-type": "application/json" }, body: handlerReply(body) }),
};

export async function startPartner(): Promise<Partner> {
  const server = createServer(async (request, response) => {
    const body = await readText(request).catch(() => "");
    const { pathname } = new URL(request.url ?? "/", "http://partner");
    const [, tenant = "", path = ""] = /^\/([^/]+)(.*)/.exec(pathname) ?? [];
    const correlation = request.headers["x-link-correlation-id"];
    if (typeof correlation === "string") partner.onSeen(tenant, "correlations", correlation);
    const { callback } = parsed(body);
    if (typeof callback === "string") partner.onSeen(tenant, "tokens-of-adapters", callback);
    const { status = 200, headers = {}, body: text = "" } = (REPLIES[path] ?? REPLIES["/maybe"])?.(body) ?? {};
    response.writeHead(status, headers).end(text);
  });
  const partner: Partner = { ...(await listenOnLoopback(server)), onSeen: () => undefined };
  return partner;
}

/** Most calls are answered at once; the others wait for a callback. */
function adapterReply(body: string): string {
  const { callback } = parsed(body);
  if (typeof callback === "string" && /[A-Q]$/.test(callback)) return JSON.stringify({ message: "later" });
  return JSON.stringify({ callback, status: "success", payload: { done: true } });
}

/** A naive handler: it returns the members of the caller's body, but never a 5xx. */
function handlerReply(body: string): string {
  const overrides = parsed(String(parsed(body).requestBody ?? ""));
  try {
    return JSON.stringify({ ...overrides, responseCode: 200 });
  } catch {
    // The value is nested too deeply to be serialised.
    return "{}";
  }
}

const parsed = (text: string) => parseObject(text) ?? {};
