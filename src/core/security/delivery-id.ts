/** The ids that providers give their deliveries: repeated deliveries have the same id. */
import type { SignatureAuth } from "../schema/trigger-auth.ts";

/** The header with the id, or the member of the JSON body. */
type Location = { readonly header: string } | { readonly member: string };

/** Null for a scheme without such an id. */
const LOCATIONS: Readonly<Record<SignatureAuth["scheme"], Location | null>> = {
  github: { header: "x-github-delivery" },
  "standard-webhooks": { header: "webhook-id" },
  shopify: { header: "x-shopify-webhook-id" },
  slack: { member: "event_id" },
  stripe: { member: "id" },
  chainio: null,
  hmac: null,
};

export function isDeliveryIdInBody(scheme: SignatureAuth["scheme"]): boolean {
  const location = LOCATIONS[scheme];
  return location !== null && "member" in location;
}

/** @param body returns the message's JSON value; called only if the id is in it. */
export function deliveryId(scheme: SignatureAuth["scheme"], headers: Headers, body: () => unknown): string | null {
  const location = LOCATIONS[scheme];
  if (location === null) return null;
  if ("header" in location) return headers.get(location.header)?.trim() || null;
  const value = body();
  const id = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[location.member] : null;
  return typeof id === "string" && id !== "" ? id : null;
}
