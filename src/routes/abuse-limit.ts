/**
 * A shield for what is tried out: failed credentials and forged ids are counted by the address they come from, and beyond
 * the limit they are refused before anything is looked up. Calls of triggers with good credentials are never held up.
 */
import type { Env } from "../config.ts";
import { Refusal } from "../core/refusal.ts";

/** The period of the rate-limit binding in wrangler.toml, in ms: so long an address stays shut out. */
const PERIOD_MS = 60_000;
/** Addresses that an isolate remembers. The oldest go first. */
const REMEMBERED = 10_000;

/** Forged ids of one address in a period that an isolate takes. */
const FORGED_LIMIT = 100;

/** How many forged ids an address has sent, and until when that counts (epoch ms). */
const strikes = new Map<string, { count: number; until: number }>();
/** Addresses beyond the limit, and until when (epoch ms). */
const shutOut = new Map<string, number>();

/** The refusal for a request from an address that has tried too much; only where a wrong credential costs a look-up. */
export function refuseShutOut(request: Request, { pathname }: URL, now: number): Refusal | null {
  if (shutOut.size === 0) return null;
  const address = addressOf(request);
  const until = address === null ? undefined : shutOut.get(address);
  if (until === undefined || until <= now) return null;
  return isGuarded(pathname) ? tooMany(until - now) : null;
}

/** Counts what was refused for its credential or its id; answers another refusal once there were too many. */
export async function countRefusal(
  request: Request,
  { pathname }: URL,
  env: Env,
  refusal: Refusal,
  now: number,
): Promise<Refusal> {
  const isGuess = refusal.reason === "unauthenticated";
  const isForged = refusal.reason === "not-found" && ID_PATH.test(pathname);
  const address = isGuess || isForged ? addressOf(request) : null;
  if (address === null) return refusal;
  // A forged id costs no look-up, so counting it must cost none either.
  const isTooMuch = isForged ? strike(address, now) : env.SHIELD && !(await env.SHIELD.limit({ key: address })).success;
  if (!isTooMuch) return refusal;
  remember(shutOut, address, now + PERIOD_MS);
  return tooMany(PERIOD_MS);
}

/** Counts a forged id in this isolate; true once an address has sent too many within a period. */
function strike(address: string, now: number): boolean {
  const known = strikes.get(address);
  const current = known && known.until > now ? known : { count: 0, until: now + PERIOD_MS };
  current.count++;
  remember(strikes, address, current);
  return current.count > FORGED_LIMIT;
}

function remember<T>(memory: Map<string, T>, address: string, value: T): void {
  memory.delete(address);
  memory.set(address, value);
  if (memory.size > REMEMBERED) memory.delete(memory.keys().next().value as string);
}

/** The platform's own header. On a developer's machine there is none, or it is the machine itself: nobody is shut out. */
function addressOf({ headers }: Request): string | null {
  const address = headers.get("cf-connecting-ip");
  return address === "127.0.0.1" || address === "::1" ? null : address;
}

/** Paths with a state or an id of an execution. */
const ID_PATH = /^\/cbq?(?:\/|$)|\/executions\//;

/** Where a credential is looked up. A genuine state proves itself, so whoever has one is let through. */
const isGuarded = (path: string) => /^\/(?:api(?:\/|$)|adapter(?:\/|$)|cb\/?$)/.test(path);

const tooMany = (waitMs: number) =>
  new Refusal("too-many-requests", "Too many wrong credentials or addresses came from here; try again later.", {
    headers: { "retry-after": String(Math.ceil(waitMs / 1000)) },
  });
