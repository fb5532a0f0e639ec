/** A fuzzing run: sends the requests of a seed, checks every answer, then checks that the gateway still works. */

import fc from "fast-check";
import { inParallel } from "../lib/in-parallel.ts";
import { canMeasureMemory, memoryOf } from "../lib/runtime-memory.ts";
import { seeded } from "../lib/seeded.ts";
import { type FuzzAnswer, FuzzClient } from "./client.ts";
import { drafts } from "./draft.ts";
import { framed, isBelowWorker, sendFramed } from "./framing.ts";
import { drain, readEverything, tryEverything, tryTokens } from "./health.ts";
import { judge } from "./judge.ts";
import { learn } from "./learn.ts";
import { type FuzzRequest, requestOf } from "./request.ts";
import { adminRoutes } from "./routes.ts";
import type { World } from "./world.ts";

interface FuzzOptions {
  readonly url: string;
  readonly world: World;
  readonly requests: number;
  readonly seed: number;
  readonly senders: number;
  /** The gateway's process, whose memory is reported. */
  readonly pid: number | null;
  /** Secrets of the deployment, which no answer may contain. */
  readonly hidden: readonly string[];
  readonly onProgress?: (sent: number) => void;
}

interface FuzzReport {
  readonly sent: number;
  readonly seconds: number;
  /** Number of answers by status; answers to raw bytes are counted separately. */
  readonly statuses: ReadonlyMap<string, number>;
  /** Routes that answered 2xx or 3xx at least once, and those that never did. */
  readonly reached: readonly string[];
  readonly unreached: readonly string[];
  readonly violations: readonly string[];
  readonly memory: readonly { readonly when: string; readonly bytes: number }[];
}

/** One in so many requests is wrong as HTTP. */
const FRAMED_SHARE = 20;
const BATCH = 500;
/** A run ends after so many violations. */
const ENOUGH = 20;
const SETTLE_MS = 120_000;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { url, world, requests, seed, senders, pid, onProgress } = options;
  const routes = await adminRoutes();
  const statuses = new Map<string, number>();
  const violations: string[] = [];
  const memory: { when: string; bytes: number }[] = [];
  const reached = new Set<string>();
  const weigh = (when: string) => {
    if (pid !== null && canMeasureMemory) memory.push({ when, bytes: memoryOf(pid).nowBytes });
  };
  const count = (status: string) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const client = new FuzzClient(url, senders);
  const arbitrary = { drafts: drafts(routes), framed: framed(pathsOf(world)) };
  const started = Date.now();
  let sent = 0;
  weigh("before");

  const sendDraft = async (draft: Parameters<typeof requestOf>[0], n: number) => {
    const request = requestOf(draft, world, seeded(seed, n));
    const answer = await client.send(request);
    count(String(answer.status));
    const wrong = judge(request, answer, options.hidden, world.mark);
    if (wrong) violations.push(`${wrong}: ${describeRequest(request)}\n    ${describeAnswer(answer)}`);
    if (answer.status >= 200 && answer.status < 400) reached.add(draft.route);
    learn(world, request, answer);
  };
  const sendBroken = async (one: Parameters<typeof sendFramed>[1]) => {
    const { status, text } = await sendFramed(url, one);
    count(`raw ${status}`);
    if (status >= 500 && !isBelowWorker(one.kind, status, text))
      violations.push(
        `${one.kind} answered ${status}: ${JSON.stringify(one.pieces).slice(0, 300)}\n    ${text.slice(0, 300)}`,
      );
    if (/^x-injected:/im.test(text.split("\r\n\r\n", 1)[0] ?? ""))
      violations.push(`${one.kind}: a header was injected`);
  };

  for (let batch = 0; sent < requests && violations.length < ENOUGH; batch++) {
    const size = Math.min(BATCH, requests - sent);
    const good = fc.sample(arbitrary.drafts, { numRuns: size, seed: seed + batch });
    const broken = fc.sample(arbitrary.framed, { numRuns: Math.ceil(size / FRAMED_SHARE), seed: seed + batch });
    const work = good.map((draft, n) => {
      const raw = n % FRAMED_SHARE === 0 ? broken[n / FRAMED_SHARE] : undefined;
      return () => (raw ? sendBroken(raw) : sendDraft(draft, sent + n));
    });
    await inParallel(work, senders, (one) => one());
    sent += size;
    onProgress?.(sent);
    if (batch === Math.floor(requests / BATCH / 10)) weigh("after a tenth");
  }
  const seconds = (Date.now() - started) / 1000;
  weigh("after");
  violations.push(...(await drain(world, world.steady, SETTLE_MS)), ...(await tryEverything(world, url)));
  violations.push(...(await readEverything(world)), ...(await tryTokens(world, url)));
  weigh("when all is done");
  client.close();
  const all = [...new Set(routes.map(({ method, path }) => `admin ${method} ${path}`))];
  const unreached = all.filter((route) => !reached.has(route));
  return { sent, seconds, statuses, reached: [...reached].toSorted(), unreached, violations, memory };
}

const pathsOf = ({ steady }: World) => [
  "/cb",
  "/adapter/callback",
  "/api/v1/workspaces",
  "/cb/x",
  `/${steady.name}/open`,
  `/${steady.name}/signed`,
];

const describeRequest = ({ method, path, headers, body, route, owner }: FuzzRequest) =>
  `${method} ${path.slice(0, 300)} [${route}, ${owner}] ${JSON.stringify(headers).slice(0, 400)} ${JSON.stringify(body?.slice(0, 600) ?? null)}`;

const describeAnswer = ({ status, text }: FuzzAnswer) => `${status} ${JSON.stringify(text.slice(0, 300))}`;
