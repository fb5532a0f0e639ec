/**
 * The abuse limit: failed credentials and forged ids are counted by client address, and an address beyond the limit is
 * refused before anything is looked up for it. Triggers with good credentials are never refused.
 */
import type { Env } from "../config.ts";
import { Refusal } from "../core/refusal.ts";
import { BoundedMap } from "../storage/bounded-map.ts";
import type { Match } from "./router.ts";

/** The period of the rate-limit binding in wrangler.toml; an address is blocked as long. */
const PERIOD_MS = 60_000;
/** Addresses that an isolate remembers. */
const MAX_ADDRESSES = 10_000;
/** Forged ids of one address that an isolate answers in a period. */
const FORGED_LIMIT = 100;

/** The forged ids of an address, and until when they count (epoch ms). */
const forgeries = new BoundedMap<{ count: number; until: number }>(MAX_ADDRESSES, MAX_ADDRESSES);
/** Blocked addresses, and until when (epoch ms). */
const blocked = new BoundedMap<number>(MAX_ADDRESSES, MAX_ADDRESSES);

/** Refuses a request from a blocked address where a credential would be looked up. */
export function refuseBlocked(request: Request, match: Match | null, now: number): Refusal | null {
  const address = match?.path.isGuarded ? addressOf(request) : null;
  const until = address === null ? undefined : blocked.get(address);
  return until !== undefined && until > now ? tooMany(until - now) : null;
}

/** Counts a refusal that is due to a wrong credential or a forged id; returns another one when there were too many. */
export async function countFailure(
  request: Request,
  match: Match | null,
  env: Env,
  refusal: Refusal,
  now: number,
): Promise<Refusal> {
  const isGuess = refusal.reason === "unauthenticated";
  const isForged = refusal.reason === "not-found" && match?.path.hasSignedId;
  const address = isGuess || isForged ? addressOf(request) : null;
  if (address === null) return refusal;
  // A forged id costs no look-up, so counting it must cost none either.
  const isOver = isForged
    ? countForgery(address, now)
    : env.SHIELD && !(await env.SHIELD.limit({ key: address })).success;
  if (!isOver) return refusal;
  blocked.set(address, now + PERIOD_MS, 1);
  return tooMany(PERIOD_MS);
}

/** Counts a forged id in this isolate; true once an address has sent too many within a period. */
function countForgery(address: string, now: number): boolean {
  const known = forgeries.get(address);
  const current = known && known.until > now ? known : { count: 0, until: now + PERIOD_MS };
  current.count++;
  forgeries.set(address, current, 1);
  return current.count > FORGED_LIMIT;
}

/** The platform's own header. On a developer's machine it is absent or the machine itself, which is never blocked. */
function addressOf({ headers }: Request): string | null {
  const address = headers.get("cf-connecting-ip");
  return address === "127.0.0.1" || address === "::1" ? null : address;
}

const tooMany = (waitMs: number) =>
  new Refusal("too-many-requests", "Too many wrong credentials or ids came from this address; try again later.", {
    headers: { "retry-after": String(Math.ceil(waitMs / 1000)) },
  });
