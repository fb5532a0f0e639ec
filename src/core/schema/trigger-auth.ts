/** Who may call a trigger (ND2), and the handshake that its provider demands before it sends. */
import { z } from "zod";
import { HEADER_NAME, SECRET_NAME } from "./names.ts";

/** Most secrets of one trigger while one is rotated: each costs a digest of the whole body. */
const ROTATING_SECRETS = 5;

const secretName = z
  .string()
  .regex(SECRET_NAME, "must be the name of a secret: a letter, then up to 63 letters, digits, hyphens, underscores");
const headerName = z.string().max(100).regex(HEADER_NAME, "must be a header name");

const basic = z.strictObject({
  type: z.literal("basic"),
  /** RFC 7617: the colon ends it. */
  username: z
    .string()
    .max(255)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that no user name has.
    .regex(/^[^:\x00-\x1f\x7f-\x9f]+$/, "is not empty and has neither colon nor control characters"),
  /** Name of the workspace secret that is the password. */
  passwordSecret: secretName,
});

const signature = {
  type: z.literal("signature"),
  /** Names of the workspace secrets, any of which may have signed. */
  secret: z.union([secretName, z.array(secretName).min(1).max(ROTATING_SECRETS)]),
};

const providerSignature = z.strictObject({
  ...signature,
  scheme: z.enum(["standard-webhooks", "github", "stripe", "shopify", "slack", "chainio"]),
});

/** Any other provider's HMAC. A time stamp that the payload leaves out is checked all the same, but not protected. */
const hmacSignature = z
  .strictObject({
    ...signature,
    scheme: z.literal("hmac"),
    header: headerName,
    algorithm: z.enum(["sha1", "sha256", "sha512"]),
    encoding: z.enum(["hex", "base64"]),
    /** What stands before the signature in its header. A comma there would look like a repeated header. */
    prefix: z
      .string()
      .max(100)
      .regex(/^[\x20-\x2b\x2d-\x7e]*$/, "has visible ASCII characters and spaces, no comma")
      .default(""),
    timestampHeader: headerName.optional(),
    /** What is signed. */
    payload: z
      .string()
      .max(200)
      .superRefine((pattern, context) => {
        const message = patternProblem(pattern);
        if (message) context.addIssue({ code: "custom", message });
      })
      .default("{body}"),
  })
  .superRefine(({ payload, timestampHeader }, context) => {
    if (payload.includes("{timestamp}") && timestampHeader === undefined) {
      context.addIssue({ code: "custom", path: ["timestampHeader"], message: "is required for {timestamp}" });
    }
  });

function patternProblem(pattern: string): string | null {
  const names = pattern.match(/\{[^{}]*\}/g) ?? [];
  if (names.filter((name) => name === "{body}").length !== 1) return "must contain {body} once";
  const unknown = names.find((name) => name !== "{body}" && name !== "{timestamp}");
  return unknown ? `${unknown} is unknown here; there are {body} and {timestamp}` : null;
}

export const triggerAuth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("apiKeys") }),
  basic,
  z.discriminatedUnion("scheme", [providerSignature, hmacSignature]),
]);

/** Handshakes whose answer proves that both sides know a secret, and those that need none. */
export const triggerHandshake = z.discriminatedUnion("scheme", [
  z.strictObject({ scheme: z.enum(["meta", "zoom", "x-crc"]), secret: secretName }),
  z.strictObject({ scheme: z.enum(["slack", "microsoft-graph", "cloudevents"]) }),
]);

export type BasicAuth = z.output<typeof basic>;
export type SignatureAuth = z.output<typeof providerSignature> | z.output<typeof hmacSignature>;
export type TriggerHandshake = z.output<typeof triggerHandshake>;
