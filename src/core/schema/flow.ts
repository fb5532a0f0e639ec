/** Flows and their steps. */
import { z } from "zod";
import { checkDestination } from "../security/destination.ts";
import { configurationValues } from "./adapter.ts";
import { flag, number, refuse, someText, templateOver, unique } from "./fields.ts";
import { bothWays, checkMediaType, contentType, HEADER_NAME, objectName, secretName } from "./names.ts";

/** Names that the templates of a step may use (ND11). */
const STEP_TEMPLATE_NAMES = ["message", "secrets", "execution", "trigger"];

/** The gateway or the transport sets these headers, so steps cannot. */
const RESERVED_HEADER =
  /^(?:hookback-.*|x-link-.*|idempotency-key|traceparent|tracestate|webhook-.*|host|content-length|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|cf-.*|x-forwarded-.*)$/;

const template = templateOver(STEP_TEMPLATE_NAMES, 20_000);

const stepHeaders = z.record(z.string(), template).superRefine((headers, context) => {
  for (const [name, value] of Object.entries(headers)) {
    if (!value.includes("{") && /[\r\n\0]/.test(value)) {
      context.addIssue({ code: "custom", path: [name], message: "has a line break" });
    }
    const problem = !HEADER_NAME.test(name)
      ? "is not a header name"
      : RESERVED_HEADER.test(name.toLowerCase()) && "is set by the gateway";
    if (problem) context.addIssue({ code: "custom", path: [name], message: problem });
  }
});

const name = objectName.describe("Appears in timelines and logs; each step of a flow has its own.");

const httpStep = z
  .strictObject({
    name,
    type: z.literal("http").describe("`http`: sends the message; the body of a 2xx reply is the next message."),
    url: template
      .superRefine(
        refuse((url) => {
          const problem = url.includes("{") ? null : checkDestination(url, { allowPrivate: true });
          return typeof problem === "string" ? problem : null;
        }),
      )
      .describe(
        "Address of the request: a template over `message`, `secrets`, `execution` and `trigger`. http or https, without user name.",
      ),
    method: z
      .enum(["GET", "POST", "PUT", "PATCH", "DELETE"])
      .default("POST")
      .describe("Method of the request; GET sends no body."),
    headers: stepHeaders
      .default({})
      .describe(
        "Header names and templates of their values. Headers that the gateway or the transport sets are refused.",
      ),
    async: flag(false).describe(
      "Whether the other system only accepts the message and calls back later; the flow waits for it.",
    ),
    useAsyncResponseBody: flag(true).describe("Whether the body of the callback becomes the message."),
    callbackTimeoutSeconds: number(1, 31_536_000)
      .default(604_800)
      .describe("Longest wait for the callback. Then the step fails with the technical status `Timeout`."),
    progress: flag(false).describe(
      "Whether callbacks may report progress any number of times before the result; each restarts the wait.",
    ),
    timeoutSeconds: number(0.1, 300)
      .default(30)
      .describe("Longest time for one attempt, including the last byte of the reply."),
    retry: z
      .strictObject({
        delaysSeconds: z
          .array(number(0, 86_400))
          .max(20)
          .describe("The wait before each further attempt. `[]` is a single attempt."),
      })
      .meta({ id: "RetryRule" })
      .default({ delaysSeconds: [1, 5, 30, 120] })
      .describe("When an attempt that failed temporarily is repeated."),
    signingSecret: secretName
      .optional()
      .describe("Name of the secret that signs each attempt, in the format of Standard Webhooks."),
  })
  .meta(bothWays("HttpStep"));

/** The result of a transform step is a message, so its template sees no secrets. */
const TRANSFORM_TEMPLATE_NAMES = ["message", "execution", "trigger"];

const transformStep = z
  .strictObject({
    name,
    type: z.literal("transform").describe("`transform`: makes the next message with a template."),
    template: templateOver(TRANSFORM_TEMPLATE_NAMES, 100_000).describe(
      "Makes the next message: a template over `message`, `execution` and `trigger`.",
    ),
    contentType: contentType.optional(),
  })
  .meta({ id: "TransformStep" });

const adapterStep = z
  .strictObject({
    name,
    type: z.literal("adapter").describe("`adapter`: calls an adapter; its result is the next message."),
    adapter: z.uuid("must be the id of an adapter").describe("Id of the adapter."),
    configuration: configurationValues
      .default({})
      .describe("A value for each key of the adapter's definition. Keys that are not set are sent as `null`."),
    progress: flag(false).describe(
      "Whether callbacks may report progress any number of times before the result; each restarts the wait.",
    ),
  })
  .meta(bothWays("AdapterStep"));

export const step = z.discriminatedUnion("type", [httpStep, adapterStep, transformStep]).meta(bothWays("Step"));

export const STEP_TYPES = step.options.map(({ shape }) => shape.type.value);

/** A step in a configuration document. It names an adapter by its name or its id. */
const documentStep = z
  .discriminatedUnion("type", [
    httpStep,
    adapterStep
      .extend({ adapter: someText(100).describe("Name or id of the adapter.") })
      .meta({ id: "DocumentAdapterStep" }),
    transformStep,
  ])
  .meta({ id: "DocumentStep" });

const STEPS_LIMIT = 50;
const stepsText =
  "They run one after the other; the reply to one is the message for the next. Without steps the message is the result.";

/** A flow in a configuration document. */
export const documentFlow = z
  .strictObject({ steps: z.array(documentStep).max(STEPS_LIMIT).describe(stepsText) })
  .meta({ id: "DocumentFlow" });

const flowFields = z.strictObject({
  steps: z.array(step).max(STEPS_LIMIT).superRefine(unique("name", "another step has this name")).describe(stepsText),
});

/** Largest flow, in bytes as JSON: every message of it is stored with a reference to its text, which is one row. */
const FLOW_LIMIT_BYTES = 512 * 1024;
/** Most headers of one step, and the longest name, in characters: servers accept no more. */
const HEADERS_LIMIT = 64;
const HEADER_NAME_LIMIT = 100;

/** The body of `PUT /flows/{flow}`. The limits apply to requests only; stored flows are read as they are. */
export const flowInput = flowFields
  .superRefine(({ steps }, context) => {
    const add = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
    steps.forEach((one, index) => {
      const names = one.type === "http" ? Object.keys(one.headers) : [];
      if (names.length > HEADERS_LIMIT) add(["steps", index, "headers"], `must have at most ${HEADERS_LIMIT} entries`);
      const long = names.find((name) => name.length > HEADER_NAME_LIMIT);
      if (long) add(["steps", index, "headers", long], `has a name of more than ${HEADER_NAME_LIMIT} characters`);
      const type = one.type === "transform" && one.contentType !== undefined ? checkMediaType(one.contentType) : null;
      if (type) add(["steps", index, "contentType"], type);
    });
    if (Buffer.byteLength(JSON.stringify(steps)) > FLOW_LIMIT_BYTES) add(["steps"], "are larger than 512 KiB as JSON");
  })
  .meta({ id: "FlowInput" });

export const flowRecord = flowFields.extend({ name: z.string(), id: z.uuid() }).meta({ id: "Flow" });

export type TransformStep = z.output<typeof transformStep>;
export type AdapterStep = z.output<typeof adapterStep>;
export type HttpStep = z.output<typeof httpStep>;
export type Step = z.output<typeof step>;
export type FlowInput = z.output<typeof flowInput>;
export type Flow = z.output<typeof flowRecord>;

/** True when the flow waits for a callback after the step's request. */
export const isAsync = (of: Step | undefined): of is HttpStep => of?.type === "http" && of.async;

/** The templates of a step that may name secrets, each with its field. */
export function templatesOf(of: Step): { field: string; source: string }[] {
  if (of.type !== "http") return [];
  const headers = Object.entries(of.headers).map(([name, source]) => ({ field: `headers.${name}`, source }));
  return [{ field: "url", source: of.url }, ...headers];
}
