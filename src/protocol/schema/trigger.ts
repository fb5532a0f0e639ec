/** Triggers: inbound webhook endpoints. */
import { z } from "zod";
import { label, objectName } from "./names.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** Default limit of a request-response call, in seconds (ND6). */
const DEFAULT_RESPONSE_TIMEOUT_SECONDS = 25;

const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("apiKeys") }),
]);

/** What `PUT /triggers/{trigger}` takes. */
export const triggerInput = z.strictObject({
  flow: objectName,
  methods: z.array(z.enum(METHODS)).min(1).default(["GET", "POST"]),
  auth: auth.default({ type: "none" }),
  orderedDelivery: z.boolean().default(false),
  requestResponse: z
    .union([
      z.boolean(),
      z.strictObject({ timeoutSeconds: z.number().min(0.1).max(300).default(DEFAULT_RESPONSE_TIMEOUT_SECONDS) }),
    ])
    .default(false),
});

export const triggerRecord = triggerInput.extend({ name: z.string() });

export type TriggerInput = z.output<typeof triggerInput>;
export type Trigger = z.output<typeof triggerRecord>;

/** How long a call waits for its result in ms; 0 when it is answered at once. */
export function responseTimeoutMs({ requestResponse }: Trigger): number {
  if (requestResponse === false) return 0;
  return (requestResponse === true ? DEFAULT_RESPONSE_TIMEOUT_SECONDS : requestResponse.timeoutSeconds) * 1000;
}

/** What `POST /triggers/{trigger}/keys` takes: a key is generated unless one is pasted (N10). */
export const apiKeyInput = z.strictObject({
  label,
  key: z
    .string()
    .regex(/^[\x21-\x7e]{8,256}$/, "8 to 256 visible ASCII characters, without spaces")
    .optional(),
});

export const apiKeyPatch = z.strictObject({ label });

export const apiKeyRecord = z.strictObject({
  id: z.uuid(),
  label: z.string(),
  prefix: z.string(),
  hash: z.string(),
  createdAt: z.iso.datetime(),
});

export type ApiKey = z.output<typeof apiKeyRecord>;

/** A key as lists show it. */
export const showApiKey = ({ hash: _, ...shown }: ApiKey) => shown;
