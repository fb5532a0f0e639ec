/** A body through a trigger to a target and back (N4, ND12): its bytes, and what it costs the runtime in memory. */
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { pipeline } from "node:stream/promises";
import { createClient } from "../../../src/client/index.ts";
import { memoryOf } from "../../lib/runtime-memory.ts";
import { startEchoTarget } from "./echo-target.ts";
import type { InspectedGateway } from "./inspected-gateway.ts";
import { bodyStream, gitHubSignature, Meter, sha256Of } from "./large-body.ts";

/** Framing of the body: with its length, in chunks, or with its length and a signature. */
export const SENDINGS = ["plain", "chunked", "signed"] as const;
export type Sending = (typeof SENDINGS)[number];

interface BodyOptions {
  /** Used for nothing else, so that its memory is that of this body. */
  readonly gateway: InspectedGateway;
  readonly seed: number;
  readonly size: number;
  readonly sending: Sending;
}

export interface BodyProof {
  readonly status: number;
  /** The target saw the bytes that were sent, and the caller got them back. */
  readonly isSame: boolean;
  readonly seconds: number;
  /** Resident memory of the whole runtime before the body, and the highest since. */
  readonly beforeBytes: number;
  readonly peakBytes: number;
  /** Peak memory of the Worker's isolate without garbage, measured in a second transfer. */
  readonly heldBytes: number;
}

const TIMEOUT_SECONDS = 300;
/** The first request makes the runtime load what it needs for any. */
const WARM_UP_BYTES = 200 * 1024;

export async function proveBody({ gateway, seed, size, sending }: BodyOptions): Promise<BodyProof> {
  await using target = await startEchoTarget();
  const secret = randomBytes(32).toString("hex");
  const url = await configure(gateway, target.url, sending, secret);
  const send = (seed: number, size: number) => exchange(url, { seed, size, sending, secret });
  await send(seed + 1, WARM_UP_BYTES);
  const beforeBytes = memoryOf(gateway.pid).nowBytes;
  const started = performance.now();
  const first = await send(seed, size);
  const seconds = (performance.now() - started) / 1000;
  const peakBytes = memoryOf(gateway.pid).peakBytes;
  // Only now: collecting garbage all the time would flatter the runtime's memory.
  const { result: second, heldBytes } = await gateway.holding(() => send(seed, size));
  const expected = sha256Of(seed, size);
  const hashes = [first.sha256, second.sha256, ...target.received.slice(1)];
  const isSame = hashes.length === 4 && hashes.every((hash) => hash === expected);
  return { status: first.status, isSame, seconds, beforeBytes, peakBytes, heldBytes };
}

async function configure({ url, token }: BodyOptions["gateway"], target: string, sending: Sending, secret: string) {
  const client = createClient({ url, token });
  const workspace = `proof-${randomUUID().slice(0, 13)}`;
  const { secrets, flows, triggers } = client.workspace(workspace);
  const retry = { delaysSeconds: [] };
  await client.workspaces.put(workspace, {});
  await secrets.put("hook", secret);
  await flows.put("body", {
    steps: [{ name: "erp", type: "http", url: target, timeoutSeconds: TIMEOUT_SECONDS, retry }],
  });
  await triggers.put("body", {
    flow: "body",
    requestResponse: { timeoutSeconds: TIMEOUT_SECONDS },
    auth: sending === "signed" ? { type: "signature", scheme: "github", secret: "hook" } : { type: "none" },
  });
  return `${url}/${workspace}/body`;
}

type Exchange = Pick<BodyOptions, "seed" | "size" | "sending"> & { readonly secret: string };

/** Sends a body and hashes the answer; neither is ever whole in memory here. */
async function exchange(url: string, { seed, size, sending, secret }: Exchange) {
  const sent = request(url, {
    method: "POST",
    headers: {
      "content-type": "application/octet-stream",
      ...(sending === "chunked" ? { "transfer-encoding": "chunked" } : { "content-length": size }),
      ...(sending === "signed" && { "x-hub-signature-256": gitHubSignature(secret, seed, size) }),
    },
    signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
  });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  const [[response]] = await Promise.all([answered, pipeline(bodyStream(seed, size), sent)]);
  const meter = new Meter();
  meter.resume();
  await pipeline(response, meter);
  return { status: response.statusCode ?? 0, sha256: meter.sha256() };
}
