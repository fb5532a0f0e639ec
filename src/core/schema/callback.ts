/** Callbacks: URLs that somebody else calls (G12 to G28). */
import { z } from "zod";
import { checkTarget, headerProblem } from "../callback/response.ts";
import { objectName, SECRET_NAME } from "./names.ts";

const YEAR_SECONDS = 365 * 24 * 60 * 60;
/** Largest configured response body and headers, in bytes as JSON: a row has room for 2 MB. */
const RESPONSE_BODY_LIMIT = 256 * 1024;
const RESPONSE_HEADERS_LIMIT = 32 * 1024;

const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** Names that a state parameter may have (GD16). */
export const STATE_PARAMETER = /^[A-Za-z0-9._~-]{1,64}$/;

const activity = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("http"),
    url: z.url({ protocol: /^https?$/, error: "must be an absolute http or https URL" }),
    /** Longest time for the handler's whole answer (GD18). */
    timeoutSeconds: z.number().min(0.1).max(300).default(30),
    /** Name of the workspace secret that signs the call, in the form of Standard Webhooks. */
    signingSecret: z.string().regex(SECRET_NAME, "must be the name of a secret").optional(),
  }),
  z.strictObject({ type: z.literal("flow"), flow: objectName }),
  z.strictObject({ type: z.literal("record") }),
]);

const refine = (check: (value: string) => string | null) => (value: string, context: z.RefinementCtx<string>) => {
  const message = check(value);
  if (message) context.addIssue({ code: "custom", message });
};

const alternativeDomain = z
  .string()
  .max(300)
  .superRefine(
    refine((text) => {
      if (text === "") return null;
      const isDomain = text.startsWith("https://") && URL.canParse(text) && !/[?#@\\\s]/.test(text);
      return isDomain ? null : "must start with https:// and have neither query, fragment nor user name";
    }),
  )
  .transform((text) => text.replace(/\/+$/, ""));

const plainHeaders = z.record(z.string(), z.string().max(8_000));
const responseHeaders = plainHeaders.superRefine((headers, context) => {
  if (jsonBytes(headers) > RESPONSE_HEADERS_LIMIT) {
    context.addIssue({ code: "custom", message: "are larger than 32 KiB" });
  }
  for (const [name, value] of Object.entries(headers)) {
    const message = headerProblem(name, value);
    if (message) context.addIssue({ code: "custom", path: [name], message });
  }
});

/** The fields of a callback without their defaults: what a stored configuration may give in part. */
const fields = {
  callbackActivity: activity,
  callbackActivityCase: z.string().max(255),
  stateQueryParameter: z
    .string()
    .regex(/^(?:[A-Za-z0-9._~-]{1,64})?$/, "up to 64 letters, digits, and . _ ~ -")
    .refine((name) => name !== "." && name !== "..", "is no name: URLs with it mean another place"),
  retryableAfterError: z.boolean(),
  allowMultipleCalls: z.boolean(),
  alternativeDomain,
  responseType: z.enum(["redirect", "response"]),
  responseRedirectUrl: z
    .string()
    .max(8_000)
    .superRefine(refine((url) => (url === "" ? null : checkTarget(url)))),
  responseBody: z.string().refine((body) => jsonBytes(body) <= RESPONSE_BODY_LIMIT, "is larger than 256 KiB"),
  responseCode: z.int().min(200).max(599),
  responseHeaders,
  expiresInSeconds: z.int().min(1).max(YEAR_SECONDS),
  confirm: z.boolean(),
  replay: z.enum(["gone", "same-response"]),
};

/** What `PUT /callback-configs/{name}` takes. */
export const callbackConfigInput = z.strictObject(fields).partial();
/** As it is stored: headers that a version refuses are told when a callback is made of it. */
export const callbackConfigRecord = callbackConfigInput.extend({
  name: z.string(),
  responseHeaders: plainHeaders.optional(),
});

/** What `POST /callbacks` takes: a part of the fields, over those of a stored configuration (GD15). */
export const callbackInput = callbackConfigInput.extend({ config: objectName.optional() });

/** The complete settings of a callback. */
export const callbackSettings = z
  .strictObject({
    callbackActivity: fields.callbackActivity,
    callbackActivityCase: fields.callbackActivityCase.default(""),
    stateQueryParameter: fields.stateQueryParameter.default(""),
    retryableAfterError: fields.retryableAfterError.default(false),
    allowMultipleCalls: fields.allowMultipleCalls.default(false),
    alternativeDomain: fields.alternativeDomain.default(""),
    responseType: fields.responseType,
    responseRedirectUrl: fields.responseRedirectUrl.default(""),
    responseBody: fields.responseBody.default(""),
    responseCode: fields.responseCode.default(200),
    responseHeaders: fields.responseHeaders.default({}),
    expiresInSeconds: fields.expiresInSeconds.optional(),
    confirm: fields.confirm.default(false),
    replay: fields.replay.default("gone"),
  })
  .superRefine(({ responseType, responseRedirectUrl, callbackActivity }, context) => {
    if (responseType === "redirect" && responseRedirectUrl === "" && callbackActivity.type !== "http") {
      context.addIssue({ code: "custom", path: ["responseRedirectUrl"], message: "is required for a redirect" });
    }
  });

export type Activity = z.output<typeof activity>;
export type CallbackInput = z.output<typeof callbackInput>;
export type CallbackConfig = z.output<typeof callbackConfigRecord>;
export type CallbackSettings = z.output<typeof callbackSettings>;
