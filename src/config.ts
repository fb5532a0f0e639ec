/** Bindings, secrets and variables of the deployment, checked once per isolate. */
import { z } from "zod";
import { PERMISSIONS, type Permission } from "./core/schema/access.ts";

export interface Env {
  readonly CONFIG: KVNamespace;
  readonly BODIES: R2Bucket;
  /** Absent where the deployment has no Analytics Engine. */
  readonly METRICS?: AnalyticsEngineDataset;
  /** Absent where the deployment has no rate limits. */
  readonly SHIELD?: RateLimit;
  /** Untyped, so that this file does not import the shard; `services/shards.ts` has the typed stubs. */
  readonly SHARDS: DurableObjectNamespace;
  /** Files of the console; absent where it was not built. */
  readonly ASSETS?: Fetcher;
  readonly ADMIN_TOKEN?: string;
  readonly SIGNING_KEY?: string;
  readonly SIGNING_KEY_PREVIOUS?: string;
  readonly ENCRYPTION_KEY?: string;
  readonly ENCRYPTION_KEY_PREVIOUS?: string;
  readonly PUBLIC_URL?: string;
  readonly ACCESS_TEAM_DOMAIN?: string;
  readonly ACCESS_AUDIENCE?: string;
  readonly ACCESS_PERMISSIONS?: string;
  readonly ALLOW_PRIVATE_DESTINATIONS?: string;
  readonly LOG?: string;
}

export interface Config {
  /** A token with every permission. */
  readonly adminToken: string;
  /** Keys of signed ids, the current one first. */
  readonly signingKeys: readonly [string, ...string[]];
  /** Keys of stored secrets, the current one first. */
  readonly encryptionKeys: readonly [string, ...string[]];
  /** Origin of the URLs in answers; null for the origin of the request. */
  readonly publicUrl: string | null;
  /** Cloudflare Access in front of the console; null when it is not used. */
  readonly access: AccessPolicy | null;
  /** True allows steps to call loopback and private addresses. */
  readonly allowPrivateDestinations: boolean;
  /** True logs every request and attempt; problems are always logged. */
  readonly isLoggingAll: boolean;
}

/** The Access application whose identity assertions are trusted, and the permissions that they grant. */
export interface AccessPolicy {
  /** Origin of the Access team, which signs the assertions. */
  readonly issuer: string;
  /** The audience tag of the Access application. */
  readonly audience: string;
  readonly permissions: readonly Permission[];
}

/** A variable is missing or wrong. The message names it and contains no value. */
export class NotConfigured extends Error {}

const MIN_SECRET_LENGTH = 32;
const secret = z.string("is missing").min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`);
const blank = z.literal("").transform(() => undefined);

const teamUrl = z
  .string()
  .transform((text) => (text.includes("://") ? text : `https://${text}`))
  .pipe(z.url({ protocol: /^https?$/, error: "must be a team domain such as example.cloudflareaccess.com" }));
const permissionList = z
  .string()
  .transform((text) => text.split(/[\s,]+/))
  .pipe(z.array(z.enum(PERMISSIONS, `must be a list of: ${PERMISSIONS.join(", ")}`)).min(1));

const variables = z.object({
  ADMIN_TOKEN: secret,
  SIGNING_KEY: secret,
  SIGNING_KEY_PREVIOUS: blank.or(secret).optional(),
  ENCRYPTION_KEY: secret,
  ENCRYPTION_KEY_PREVIOUS: blank.or(secret).optional(),
  PUBLIC_URL: blank.or(z.url({ protocol: /^https?$/, error: "must be an http or https URL" })).optional(),
  ACCESS_TEAM_DOMAIN: blank.or(teamUrl).optional(),
  ACCESS_AUDIENCE: blank.or(z.string()).optional(),
  ACCESS_PERMISSIONS: blank.or(permissionList).optional(),
  ALLOW_PRIVATE_DESTINATIONS: z.enum(["true", "false", ""], "must be true or false").optional(),
  LOG: z.enum(["all", "problems", ""], "must be all or problems").optional(),
});

const checked = new WeakMap<Env, Config>();

/** Returns the checked configuration. Throws {@link NotConfigured} when any part of it is missing or wrong. */
export function configOf(env: Env): Config {
  const known = checked.get(env);
  if (known) return known;
  const parsed = variables.safeParse({ ...env });
  if (!parsed.success) {
    throw new NotConfigured(parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; "));
  }
  const { data } = parsed;
  const { ACCESS_TEAM_DOMAIN: teamDomain, ACCESS_AUDIENCE: audience } = data;
  if (teamDomain && !audience) throw new NotConfigured("ACCESS_AUDIENCE is missing");
  const config: Config = {
    adminToken: data.ADMIN_TOKEN,
    signingKeys: [data.SIGNING_KEY, ...(data.SIGNING_KEY_PREVIOUS ? [data.SIGNING_KEY_PREVIOUS] : [])],
    encryptionKeys: [data.ENCRYPTION_KEY, ...(data.ENCRYPTION_KEY_PREVIOUS ? [data.ENCRYPTION_KEY_PREVIOUS] : [])],
    publicUrl: data.PUBLIC_URL ? new URL(data.PUBLIC_URL).origin : null,
    access:
      teamDomain && audience
        ? { issuer: new URL(teamDomain).origin, audience, permissions: data.ACCESS_PERMISSIONS ?? ["admin"] }
        : null,
    isLoggingAll: data.LOG !== "problems",
    allowPrivateDestinations: data.ALLOW_PRIVATE_DESTINATIONS === "true",
  };
  checked.set(env, config);
  return config;
}
