/** The load generator, in its own process: sends requests over a number of connections, one at a time on each. */
import { quantilesOf } from "../lib/statistics.ts";
import { answerParent } from "./child.ts";
import { Connection, requestBytes } from "./connection.ts";

export interface Load {
  readonly port: number;
  readonly method: string;
  /** Sent in turn. */
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadBytes: number;
  /** Sends each path from another client address, so that the abuse limit does not apply. */
  readonly isFromMany?: boolean;
  /** The body, in place of a generated one of `payloadBytes`. */
  readonly body?: string;
  readonly connections: number;
  /** Duration or number of requests; a run ends when all are answered. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
  /** The status that every answer must have. */
  readonly status: number;
  /** Returns the bodies of the answers. */
  readonly keepsBodies?: boolean;
}

export interface LoadResult {
  readonly completed: number;
  /** Requests without an answer within `PATIENCE_MS`. */
  readonly unanswered: number;
  readonly seconds: number;
  /** Of the machine's monotonic clock, in seconds, which all processes share. */
  readonly startedAt: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bodies: readonly string[];
}

/** Payloads are JSON, like webhooks. */
function payloadOf(bytes: number): Buffer {
  const frame = '{"text":""}';
  const fill = Math.max(bytes - frame.length, 0);
  return Buffer.from(bytes === 0 ? "" : `{"text":"${"hookback ".repeat(Math.ceil(fill / 9)).slice(0, fill)}"}`);
}

/** Wait for missing answers after the time of a run. */
const PATIENCE_MS = 60_000;

/** Requests are serialised in advance up to this size. */
const PREPARED_BYTES = 64 * 1024 * 1024;

export async function generate(load: Load): Promise<LoadResult> {
  const { port, method, paths, headers, connections, until, status, keepsBodies = false } = load;
  const body = load.body === undefined ? payloadOf(load.payloadBytes) : Buffer.from(load.body);
  const make = (path: string, index: number) => {
    const address = load.isFromMany
      ? { "cf-connecting-ip": `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` }
      : {};
    return requestBytes({ port, method, path, headers: { ...headers, ...address } }, body);
  };
  const prepared = paths.length * body.length <= PREPARED_BYTES ? paths.map(make) : null;
  const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(port, keepsBodies)));
  const latencies: number[] = [];
  const bodies: string[] = [];
  let [next, waiting, isOver] = [0, 0, false];
  const startedAt = performance.now();
  const endAt = "seconds" in until ? startedAt + until.seconds * 1000 : Number.POSITIVE_INFINITY;
  const most = "requests" in until ? until.requests : Number.POSITIVE_INFINITY;
  const monotonic = Number(process.hrtime.bigint()) / 1e9;
  const work = async (connection: Connection) => {
    for (let now = startedAt; now < endAt && next < most; ) {
      const index = next++ % paths.length;
      const sentAt = now;
      waiting++;
      const answer = await connection.send(prepared?.[index] ?? make(paths[index] ?? "", index));
      if (isOver) return;
      waiting--;
      now = performance.now();
      if (answer.status !== status) throw new Error(`${method} ${paths[index]} answered ${answer.status}`);
      latencies.push(now - sentAt);
      if (keepsBodies) bodies.push(answer.body.toString());
    }
  };
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, ("seconds" in until ? until.seconds * 1000 : 0) + PATIENCE_MS);
  try {
    const working = Promise.all(opened.map(work));
    await Promise.race([working, patience.promise]);
    working.catch(() => undefined);
  } finally {
    isOver = true;
    clearTimeout(timer);
    for (const connection of opened) connection.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const quantile = quantilesOf(latencies);
  return {
    ...{ completed: latencies.length, unanswered: waiting, seconds, startedAt: monotonic, bodies },
    ...{ p50Ms: quantile(0.5), p99Ms: quantile(0.99) },
  };
}

answerParent({ generate });
