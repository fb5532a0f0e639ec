/** Operators authenticated by Cloudflare Access, which asserts their identity in a signed header. */
import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";
import type { AccessPolicy } from "../../config.ts";

const ASSERTION_HEADER = "cf-access-jwt-assertion";
const claimsOf = z.object({
  email: z.string().optional(),
  common_name: z.string().optional(),
  sub: z.string().optional(),
});

/** Key sets by issuer. For an unknown key jose fetches a set again, at most once per its cool-down. */
const keys = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/** The label of the operator that an assertion proves; null without a valid assertion. */
export async function assertedOperator(policy: AccessPolicy, request: Request): Promise<string | null> {
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
    return email ?? serviceName ?? sub ?? "Cloudflare Access";
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

/** Access adds its header to every request of a signed-in browser, so a change must come from a page of our own. */
function isOwnPage({ method, url, headers }: Request): boolean {
  if (method === "GET" || method === "HEAD") return true;
  const origin = headers.get("origin");
  return origin === null ? headers.get("sec-fetch-site") === null : origin === new URL(url).origin;
}
