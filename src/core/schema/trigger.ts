/** Triggers: inbound webhook endpoints. */

import { z } from "zod";
import { toMs } from "../duration.ts";
import { checkTemplate } from "../message/template.ts";
import { label, objectName } from "./names.ts";
import { triggerAuth, triggerHandshake } from "./trigger-auth.ts";

/** What `input` and `output` see (ND11). */
const MESSAGE_TEMPLATE_NAMES = ["query", "body", "headers", "method", "message"];

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** A template over the request that a trigger takes. */
const triggerTemplate = (names: string[]) =>
  z
    .string()
    .max(50_000)
    .superRefine((source, context) => {
      const problem = checkTemplate(source, names);
      if (problem) context.addIssue({ code: "custom", message: problem });
    });

/** Default limit of a request-response call, in seconds (ND6). */
const DEFAULT_RESPONSE_TIMEOUT_SECONDS = 25;

/** Ordered delivery with its own rules: a lane for each value of the key (ND7), what a failed execution does (ND8). */
const orderedLanes = z.strictObject({
  key: triggerTemplate(["query", "headers", "body"]).optional(),
  onFailure: z.enum(["continue", "block"]).default("continue"),
});

/** A query parameter that the trigger takes; the default stands in for one that is not sent (N19). */
const queryParameter = z.strictObject({
  name: z.string().min(1).max(100),
  default: z.string().max(1_000).optional(),
});

/** A template that makes a message, and the content type of what it makes where that is not to be told from it. */
const messageTemplate = z.union([
  triggerTemplate(MESSAGE_TEMPLATE_NAMES),
  z.strictObject({
    template: triggerTemplate(MESSAGE_TEMPLATE_NAMES),
    contentType: z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/, "visible ASCII characters")
      .optional(),
  }),
]);

const triggerFields = z.strictObject({
  flow: objectName,
  methods: z
    .array(z.enum(METHODS))
    .min(1)
    .transform((methods) => [...new Set(methods)])
    .default(["GET", "POST"]),
  auth: triggerAuth.default({ type: "none" }),
  handshake: triggerHandshake.optional(),
  orderedDelivery: z.union([z.boolean(), orderedLanes]).default(false),
  /** Executions at work at a time, for unordered delivery (ND9). */
  maxConcurrency: z.int().min(1).max(1000).optional(),
  /** Executions started within any span of so many seconds. */
  rate: z.strictObject({ limit: z.int().min(1).max(10_000), perSeconds: z.number().min(0.1).max(86_400) }).optional(),
  requestResponse: z
    .union([
      z.boolean(),
      z.strictObject({ timeoutSeconds: z.number().min(0.1).max(300).default(DEFAULT_RESPONSE_TIMEOUT_SECONDS) }),
    ])
    .default(false),
  query: z
    .array(queryParameter)
    .max(100)
    .default([])
    .superRefine((parameters, context) => {
      parameters.forEach(({ name }, index) => {
        if (parameters.findIndex((other) => other.name === name) < index) {
          context.addIssue({ code: "custom", path: [index, "name"], message: "another parameter has this name" });
        }
      });
    }),
  /** Makes the message that the flow starts with of the request. */
  input: messageTemplate.optional(),
  /** Makes the result of what the flow ends with. */
  output: messageTemplate.optional(),
  /** Recognises a repeated message by what the template makes of it, beside the sender's Idempotency-Key. */
  deduplicate: z.strictObject({ key: triggerTemplate(["query", "headers", "body", "method"]) }).optional(),
});

/** What `PUT /triggers/{trigger}` takes. */
export const triggerInput = triggerFields.superRefine(({ orderedDelivery, maxConcurrency }, context) => {
  if (orderedDelivery === false || maxConcurrency === undefined) return;
  context.addIssue({
    code: "custom",
    path: ["maxConcurrency"],
    message: "is for unordered delivery; a lane has one at a time",
  });
});

export type QueryParameter = z.output<typeof queryParameter>;

export const triggerRecord = triggerFields.extend({ name: z.string() });

export type TriggerInput = z.output<typeof triggerInput>;
export type Trigger = z.output<typeof triggerRecord>;

/** How long a call waits for its result in ms; 0 when it is answered at once. */
export function responseTimeoutMs({ requestResponse }: Trigger): number {
  if (requestResponse === false) return 0;
  return toMs(requestResponse === true ? DEFAULT_RESPONSE_TIMEOUT_SECONDS : requestResponse.timeoutSeconds);
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
