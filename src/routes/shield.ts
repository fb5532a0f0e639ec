/**
 * A shield for what is tried out: failed credentials and forged ids are counted by the address they come from, and beyond
 * the limit they are refused before anything is looked up. Calls of triggers with good credentials are never held up.
 */
import type { Env } from "../config.ts";
import { Refusal } from "../protocol/refusal.ts";

/** The period of the rate-limit binding in wrangler.toml, in ms: so long an address stays shut out. */
const PERIOD_MS = 60_000;
/** Addresses that an isolate remembers. The oldest go first. */
const REMEMBERED = 10_000;

/** Addresses beyond the limit, and until when (epoch ms). */
const shutOut = new Map<string, number>();

/** The refusal for a request from an address that has tried too much; only where a wrong credential costs a look-up. */
export function refuseShutOut(request: Request, now: number): Refusal | null {
  const address = addressOf(request);
  const until = address === null ? undefined : shutOut.get(address);
  if (until === undefined || until <= now) return null;
  return isGuarded(new URL(request.url).pathname) ? tooMany(until - now) : null;
}

/** Counts what was refused for its credential or its id; answers another refusal once there were too many. */
export async function countRefusal(request: Request, env: Env, refusal: Refusal, now: number): Promise<Refusal> {
  const address = addressOf(request);
  const isCounted = refusal.reason === "unauthenticated" || (refusal.reason === "not-found" && hasId(request));
  if (!isCounted || address === null || !env.SHIELD) return refusal;
  const { success } = await env.SHIELD.limit({ key: address });
  if (success) return refusal;
  shutOut.delete(address);
  shutOut.set(address, now + PERIOD_MS);
  if (shutOut.size > REMEMBERED) shutOut.delete(shutOut.keys().next().value as string);
  return tooMany(PERIOD_MS);
}

/** The platform's own header; where there is none, as on a developer's machine, nobody is shut out. */
const addressOf = ({ headers }: Request) => headers.get("cf-connecting-ip");

const isGuarded = (path: string) => /^\/(?:api|cb|cbq|adapter)(?:\/|$)/.test(path);

const hasId = ({ url }: Request) => /^\/(?:cb|cbq)(?:\/|$)|\/executions\//.test(new URL(url).pathname);

const tooMany = (waitMs: number) =>
  new Refusal("too-many-requests", "Too many wrong credentials or addresses came from here; try again later.", {
    headers: { "retry-after": String(Math.ceil(waitMs / 1000)) },
  });
