/** The ids that providers give their deliveries: a repeated delivery bears the same. */

type Find = (headers: Headers, body: () => unknown) => string | null;

const header =
  (name: string): Find =>
  (headers) =>
    headers.get(name)?.trim() || null;

const member =
  (name: string): Find =>
  (_, body) => {
    const value = body();
    const id = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : null;
    return typeof id === "string" && id !== "" ? id : null;
  };

/** By signature scheme; one that is not here has no such id. */
const IDS: Readonly<Record<string, Find>> = {
  github: header("x-github-delivery"),
  "standard-webhooks": header("webhook-id"),
  shopify: header("x-shopify-webhook-id"),
  slack: member("event_id"),
  stripe: member("id"),
};

/** @param body the message's JSON value, asked for only where the id stands in it. */
export function deliveryId(scheme: string, headers: Headers, body: () => unknown): string | null {
  return IDS[scheme]?.(headers, body) ?? null;
}
