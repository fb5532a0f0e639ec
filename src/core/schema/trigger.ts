/** Triggers: inbound webhook endpoints. */

import { z } from "zod";
import { toMs } from "../duration.ts";
import { int, number, someText, templateOver, text, unique } from "./fields.ts";
import { bothWays, checkMediaType, contentType, label, objectName } from "./names.ts";
import { triggerAuth, triggerHandshake } from "./trigger-auth.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

const TEMPLATE_LIMIT = 50_000;
/** `input` and `output` may use these names (ND11). */
const messageSource = templateOver(["query", "body", "headers", "method", "message"], TEMPLATE_LIMIT);

/** Default limit of a request-response call, in seconds (ND6). */
const DEFAULT_RESPONSE_TIMEOUT_SECONDS = 25;

/** Ordered delivery with its own rules: a lane for each value of the key (ND7), and the effect of a failure (ND8). */
const orderedLanes = z
  .strictObject({
    key: templateOver(["query", "headers", "body"], TEMPLATE_LIMIT)
      .optional()
      .describe(
        "A template over `query`, `headers` and `body`: each of its values has an order of its own, called a lane. Without it the trigger has one lane.",
      ),
    onFailure: z
      .enum(["continue", "block"])
      .default("continue")
      .describe("Whether the executions behind a failed one continue, or wait until somebody retries or skips it."),
  })
  .meta(bothWays("OrderedDelivery"));

const queryParameter = z
  .strictObject({
    name: someText(100).describe("Name of the parameter."),
    default: text(1_000)
      .optional()
      .describe("Value of a parameter that is not sent. One that is sent empty does not get it."),
  })
  .meta({ id: "QueryParameter" });

const messageTemplate = z.union([
  messageSource,
  z
    .strictObject({
      template: messageSource.describe("The template. `body` is always the body of the request."),
      contentType: contentType.optional(),
    })
    .meta({ id: "MessageTemplate" }),
]);

const triggerFields = z.strictObject({
  flow: objectName.describe("Name of the flow that the trigger starts."),
  methods: z
    .array(z.enum(METHODS))
    .min(1)
    .overwrite((methods) => [...new Set(methods)])
    .default(["GET", "POST"])
    .describe("Methods that start an execution; others get 405."),
  auth: triggerAuth.default({ type: "none" }).describe("How callers authenticate. Without it everybody may call."),
  handshake: triggerHandshake.optional().describe("The question that a provider asks before it sends anything."),
  orderedDelivery: z
    .union([z.boolean(), orderedLanes])
    .default(false)
    .describe("Whether executions run one at a time, in the order in which their messages became durable."),
  maxConcurrency: int(1, 1000)
    .optional()
    .describe("Most executions that run at the same time, for unordered delivery."),
  rate: z
    .strictObject({
      limit: int(1, 10_000).describe("Number of executions."),
      perSeconds: number(0.1, 86_400).describe("Length of the period, in seconds."),
    })
    .meta({ id: "RateLimit" })
    .optional()
    .describe("Most executions that start within any period of this length."),
  requestResponse: z
    .union([
      z.boolean(),
      z
        .strictObject({
          timeoutSeconds: number(0.1, 300)
            .default(DEFAULT_RESPONSE_TIMEOUT_SECONDS)
            .describe("Longest wait. Then the caller gets 504 with the `Location` of the result."),
        })
        .meta(bothWays("RequestResponse")),
    ])
    .default(false)
    .describe("Whether a call waits for the flow's result; otherwise it gets 202 at once."),
  query: z
    .array(queryParameter)
    .max(100)
    .default([])
    .superRefine(unique("name", "another parameter has this name"))
    .describe("The query parameters that templates can use. The last value of a repeated one wins."),
  input: messageTemplate
    .optional()
    .describe(
      "A template over `query`, `body`, `headers`, `method` and `message` (the body) that makes the flow's first message.",
    ),
  output: messageTemplate
    .optional()
    .describe("A template over the same, where `message` is the flow's last message, that makes the result."),
  deduplicate: z
    .strictObject({
      key: templateOver(["query", "headers", "body", "method"], TEMPLATE_LIMIT).describe(
        "A template over `query`, `headers`, `body` and `method`: the same value within 24 hours is the same message. An empty value is no key.",
      ),
    })
    .meta({ id: "Deduplication" })
    .optional()
    .describe("Recognises a repeated message, in addition to the sender's `Idempotency-Key`."),
});

/** The body of `PUT /triggers/{trigger}`. */
export const triggerInput = triggerFields
  .superRefine((trigger, context) => {
    const { orderedDelivery, maxConcurrency } = trigger;
    if (orderedDelivery !== false && maxConcurrency !== undefined) {
      const message = "is for unordered delivery; a lane has one at a time";
      context.addIssue({ code: "custom", path: ["maxConcurrency"], message });
    }
    for (const field of ["input", "output"] as const) {
      const made = trigger[field];
      if (typeof made !== "object" || made.contentType === undefined) continue;
      const message = checkMediaType(made.contentType);
      if (message) context.addIssue({ code: "custom", path: [field, "contentType"], message });
    }
  })
  .meta({ id: "TriggerInput" });

export type QueryParameter = z.output<typeof queryParameter>;

export const triggerRecord = triggerFields.extend({ name: z.string() });

export type TriggerInput = z.output<typeof triggerInput>;
export type Trigger = z.output<typeof triggerRecord>;

/** How long a call waits for its result in ms; 0 when it is answered at once. */
export function responseTimeoutMs({ requestResponse }: Trigger): number {
  if (requestResponse === false) return 0;
  return toMs(requestResponse === true ? DEFAULT_RESPONSE_TIMEOUT_SECONDS : requestResponse.timeoutSeconds);
}

const keyLabel = label.describe("Distinguishes keys, for example by who uses it. It can be changed later.");

/** The body of `POST /triggers/{trigger}/keys` (N10). */
export const apiKeyInput = z
  .strictObject({
    label: keyLabel,
    key: z
      .string()
      .regex(/^[\x21-\x7e]{8,256}$/, "8 to 256 visible ASCII characters, without spaces")
      .optional()
      .describe("The key itself. Without it one is generated. A trigger cannot have the same key twice."),
  })
  .meta({ id: "ApiKeyInput" });

export const apiKeyPatch = z.strictObject({ label: keyLabel }).meta({ id: "ApiKeyPatch" });

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
