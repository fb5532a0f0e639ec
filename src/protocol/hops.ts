/** A guard against circles: each request that a gateway sends says how many gateways a message has gone through. */

export const HOPS_HEADER = "hookback-hops";
/** Gateways that a message may go through; the next one refuses it. */
const HOPS_LIMIT = 16;

/** How many gateways a request has gone through. What is no number counts as none. */
export function readHops(value: string | null | undefined): number {
  return value && /^\d{1,4}$/.test(value) ? Number(value) : 0;
}

export const isCircling = (hops: number) => hops > HOPS_LIMIT;

/** Whether a URL leads to this gateway itself, under a name that it knows itself by. */
export const isOwn = (url: URL, ownOrigins: readonly (string | null)[]) =>
  ownOrigins.some((origin) => origin !== null && new URL(origin).host === url.host);
