/** Operators who come through Cloudflare Access: their identity is asserted in a signed header. */
import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";
import type { AccessPolicy } from "../../config.ts";
import type { Caller } from "./caller.ts";

const ASSERTION_HEADER = "cf-access-jwt-assertion";
const claimsOf = z.object({
  email: z.string().optional(),
  common_name: z.string().optional(),
  sub: z.string().optional(),
});

/** The team's keys; jose fetches them again when an unknown one is named, and no more often than its cool-down allows. */
const keys = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/** The caller that an assertion proves; null without a valid one. */
export async function assertedCaller(policy: AccessPolicy, request: Request): Promise<Caller | null> {
  const assertion = request.headers.get(ASSERTION_HEADER);
  if (assertion === null || !isOwnPage(request)) return null;
  try {
    const { issuer, audience } = policy;
    const { payload } = await jwtVerify(assertion, keysOf(issuer), {
      issuer,
      audience,
      algorithms: ["RS256", "ES256"],
    });
    const { email, common_name: serviceName, sub } = claimsOf.parse(payload);
    return {
      label: email ?? serviceName ?? sub ?? "Cloudflare Access",
      permissions: policy.permissions,
      workspace: null,
    };
  } catch (error) {
    console.warn({
      message: "an Access assertion was refused",
      reason: error instanceof Error ? error.name : "unknown",
    });
    return null;
  }
}

function keysOf(issuer: string) {
  const known = keys.get(issuer) ?? createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer));
  keys.set(issuer, known);
  return known;
}

/** Access adds its header to whatever a signed-in browser sends, so a change must come from a page of our own. */
function isOwnPage({ method, url, headers }: Request): boolean {
  if (method === "GET" || method === "HEAD") return true;
  const origin = headers.get("origin");
  return origin === null ? headers.get("sec-fetch-site") === null : origin === new URL(url).origin;
}
