/** Authentication of a trigger's callers (ND2), and the handshake that its provider demands before it sends. */
import { z } from "zod";
import { refuse, text } from "./fields.ts";
import { bothWays, HEADER_NAME, secretName } from "./names.ts";

/** Most secrets of one trigger while one is rotated: each costs a digest of the whole body. */
const ROTATING_SECRETS = 5;

const headerName = text(100).regex(HEADER_NAME, "must be a header name");

const noAuth = z
  .strictObject({ type: z.literal("none").describe("`none`: everybody may call.") })
  .meta({ id: "NoAuth" });
const apiKeys = z
  .strictObject({ type: z.literal("apiKeys").describe("`apiKeys`: a key of the trigger in the header `x-api-key`.") })
  .meta({ id: "ApiKeysAuth" });

const basic = z
  .strictObject({
    type: z.literal("basic").describe("`basic`: user name and password."),
    // RFC 7617: a colon ends the user name.
    username: text(255)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: user names have no control characters.
      .regex(/^[^:\x00-\x1f\x7f-\x9f]+$/, "is not empty and has neither colon nor control characters")
      .describe("User name of basic authentication."),
    passwordSecret: secretName.describe("Name of the secret that is the password."),
  })
  .meta({ id: "BasicAuth" });

const signature = {
  type: z.literal("signature").describe("`signature`: an HMAC of the body."),
  secret: z
    .union([secretName, z.array(secretName).min(1).max(ROTATING_SECRETS)])
    .describe(
      "Name of the secret that the sender signs with. While it is rotated, several: any of them may have signed.",
    ),
};
const scheme = "Format of the signature: a provider's, or `hmac` for any other. Other fields are for `hmac` only.";

const providerSignature = z
  .strictObject({
    ...signature,
    scheme: z.enum(["standard-webhooks", "github", "stripe", "shopify", "slack", "chainio"]).describe(scheme),
  })
  .meta({ id: "ProviderSignatureAuth" });

/** Any other provider's HMAC. A time stamp that the payload leaves out is still checked, but not protected. */
const hmacSignature = z
  .strictObject({
    ...signature,
    scheme: z.literal("hmac").describe(scheme),
    header: headerName.describe("Header that contains the signature."),
    algorithm: z.enum(["sha1", "sha256", "sha512"]).describe("Hash function of the HMAC."),
    encoding: z.enum(["hex", "base64"]).describe("Encoding of the signature."),
    // A comma would look like a repeated header.
    prefix: text(100)
      .regex(/^[\x20-\x2b\x2d-\x7e]*$/, "has visible ASCII characters and spaces, no comma")
      .default("")
      .describe("Text before the signature in its header, such as `sha256=`."),
    timestampHeader: headerName
      .optional()
      .describe("Header with the time of signing, in Unix seconds or ms. It may be five minutes off, either way."),
    payload: text(200)
      .superRefine(refuse(patternProblem))
      .default("{body}")
      .describe("The text that is signed: `{body}` once, and `{timestamp}` if there is one."),
  })
  .superRefine(({ payload, timestampHeader }, context) => {
    if (payload.includes("{timestamp}") && timestampHeader === undefined) {
      context.addIssue({ code: "custom", path: ["timestampHeader"], message: "is required for {timestamp}" });
    }
  })
  .meta(bothWays("HmacSignatureAuth"));

function patternProblem(pattern: string): string | null {
  const names = pattern.match(/\{[^{}]*\}/g) ?? [];
  if (names.filter((name) => name === "{body}").length !== 1) return "must contain {body} once";
  const unknown = names.find((name) => name !== "{body}" && name !== "{timestamp}");
  return unknown ? `${unknown} is unknown here; there are {body} and {timestamp}` : null;
}

export const triggerAuth = z
  .discriminatedUnion("type", [
    noAuth,
    apiKeys,
    basic,
    z.discriminatedUnion("scheme", [providerSignature, hmacSignature]).meta(bothWays("SignatureAuth")),
  ])
  .meta(bothWays("TriggerAuth"));

const handshakeScheme = "Whose handshake it is.";

/** Handshakes whose answer proves that both sides know a secret, and those that need none. */
export const triggerHandshake = z
  .discriminatedUnion("scheme", [
    z
      .strictObject({
        scheme: z.enum(["meta", "zoom", "x-crc"]).describe(handshakeScheme),
        secret: secretName.describe("Name of the secret that the answer proves, for `meta`, `zoom` and `x-crc`."),
      })
      .meta({ id: "SecretHandshake" }),
    z
      .strictObject({ scheme: z.enum(["slack", "microsoft-graph", "cloudevents"]).describe(handshakeScheme) })
      .meta({ id: "OpenHandshake" }),
  ])
  .meta({ id: "Handshake" });

export type BasicAuth = z.output<typeof basic>;
export type SignatureAuth = z.output<typeof providerSignature> | z.output<typeof hmacSignature>;
export type TriggerHandshake = z.output<typeof triggerHandshake>;
