/** Flows and their steps. */
import { z } from "zod";
import { checkTemplate } from "../message/template.ts";
import { checkDestination } from "../security/destination.ts";
import { configurationValues } from "./adapter.ts";
import { HEADER_NAME, objectName, SECRET_NAME } from "./names.ts";

/** What the templates of a step see (ND11). */
export const STEP_TEMPLATE_NAMES = ["message", "secrets", "execution", "trigger"];

/** Set by the gateway or by the transport, so no step sets them. */
const RESERVED_HEADER =
  /^(?:hookback-.*|x-link-.*|idempotency-key|traceparent|tracestate|webhook-.*|host|content-length|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|cf-.*|x-forwarded-.*)$/;

const template = z
  .string()
  .max(20_000)
  .superRefine((source, context) => {
    const problem = checkTemplate(source, STEP_TEMPLATE_NAMES);
    if (problem) context.addIssue({ code: "custom", message: problem });
  });

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

const httpStep = z.strictObject({
  name: objectName,
  type: z.literal("http"),
  url: template.superRefine((url, context) => {
    const problem = url.includes("{") ? null : checkDestination(url, { allowPrivate: true });
    if (typeof problem === "string") context.addIssue({ code: "custom", message: problem });
  }),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("POST"),
  headers: stepHeaders.default({}),
  /** Leave the flow until a callback arrives (L1, L3). */
  async: z.boolean().default(false),
  /** Whether the callback's body becomes the message (L4). */
  useAsyncResponseBody: z.boolean().default(true),
  /** Longest wait for the callback (LD10); up to a year. */
  callbackTimeoutSeconds: z.number().min(1).max(31_536_000).default(604_800),
  /** Whether a callback may say `Progress` any number of times before its result; each starts the waiting limit anew. */
  progress: z.boolean().default(false),
  /** Longest time for one attempt, the reply's last byte included. */
  timeoutSeconds: z.number().min(0.1).max(300).default(30),
  retry: z
    .strictObject({ delaysSeconds: z.array(z.number().min(0).max(86_400)).max(20) })
    .default({ delaysSeconds: [1, 5, 30, 120] }),
  /** Name of the workspace secret that signs the requests, in the form of Standard Webhooks. */
  signingSecret: z.string().regex(SECRET_NAME, "must be the name of a secret").optional(),
});

/** What a transform step sees: no secret, because what it makes is a message. */
const TRANSFORM_TEMPLATE_NAMES = ["message", "execution", "trigger"];

const transformStep = z.strictObject({
  name: objectName,
  type: z.literal("transform"),
  template: z
    .string()
    .max(100_000)
    .superRefine((source, context) => {
      const problem = checkTemplate(source, TRANSFORM_TEMPLATE_NAMES);
      if (problem) context.addIssue({ code: "custom", message: problem });
    }),
  /** Content type of what the template makes; without it JSON if it parses as JSON, else text. */
  contentType: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, "visible ASCII characters")
    .optional(),
});

const adapterStep = z.strictObject({
  name: objectName,
  type: z.literal("adapter"),
  /** Id of the adapter. */
  adapter: z.uuid("must be the id of an adapter"),
  /** A value for each key that the adapter's definition requires. */
  configuration: configurationValues.default({}),
  /** Whether a callback may have the status `progress` any number of times before its result. */
  progress: z.boolean().default(false),
});

export const step = z.discriminatedUnion("type", [httpStep, adapterStep, transformStep]);

/** A step in a configuration document, which names an adapter by its name or its id. */
export const documentStep = z.discriminatedUnion("type", [
  httpStep,
  adapterStep.extend({ adapter: z.string().min(1).max(100) }),
  transformStep,
]);

/** A flow's own fields. Without steps it hands back the message as it came. */
const flowFields = z.strictObject({
  steps: z
    .array(step)
    .max(50)
    .superRefine((steps, context) => {
      steps.forEach(({ name }, index) => {
        if (steps.findIndex((other) => other.name === name) < index) {
          context.addIssue({ code: "custom", path: [index, "name"], message: "another step has this name" });
        }
      });
    }),
});

/** Largest flow, in bytes as JSON: every message of it is stored with a reference to its text, which is one row. */
const FLOW_LIMIT_BYTES = 512 * 1024;
/** Most headers of one step, and the longest name, in characters: what servers take. */
const HEADERS_LIMIT = 64;
const HEADER_NAME_LIMIT = 100;

/** What `PUT /flows/{flow}` takes. Bounds are for what comes in; what is stored is read as it is. */
export const flowInput = flowFields.superRefine(({ steps }, context) => {
  const add = (path: PropertyKey[], message: string) => context.addIssue({ code: "custom", path, message });
  steps.forEach((one, index) => {
    const names = one.type === "http" ? Object.keys(one.headers) : [];
    if (names.length > HEADERS_LIMIT) add(["steps", index, "headers"], `must have at most ${HEADERS_LIMIT} entries`);
    const long = names.find((name) => name.length > HEADER_NAME_LIMIT);
    if (long) add(["steps", index, "headers", long], `has a name of more than ${HEADER_NAME_LIMIT} characters`);
  });
  if (Buffer.byteLength(JSON.stringify(steps)) > FLOW_LIMIT_BYTES) add(["steps"], "are larger than 512 KiB as JSON");
});

export const flowRecord = flowFields.extend({ name: z.string(), id: z.uuid() });

export type TransformStep = z.output<typeof transformStep>;
export type AdapterStep = z.output<typeof adapterStep>;
export type HttpStep = z.output<typeof httpStep>;
export type Step = z.output<typeof step>;
export type FlowInput = z.output<typeof flowInput>;
export type Flow = z.output<typeof flowRecord>;

/** Whether a step leaves the flow until a callback comes. */
export const isAsync = (of: Step | undefined): of is HttpStep => of?.type === "http" && of.async;

/** The templates of a step's request, each with the field it stands in: those that may name secrets. */
export function templatesOf(of: Step): { field: string; source: string }[] {
  if (of.type !== "http") return [];
  const headers = Object.entries(of.headers).map(([name, source]) => ({ field: `headers.${name}`, source }));
  return [{ field: "url", source: of.url }, ...headers];
}
