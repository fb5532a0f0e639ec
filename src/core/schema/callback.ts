/** Callbacks: URLs that somebody else calls (G12 to G28). */
import { z } from "zod";
import { checkTarget, headerProblem } from "../callback/response.ts";
import { int, number, refuse, text } from "./fields.ts";
import { bothWays, objectName, secretName } from "./names.ts";

const YEAR_SECONDS = 365 * 24 * 60 * 60;
/** Largest configured response body and headers, in bytes as JSON: a row holds up to 2 MB. */
const RESPONSE_BODY_LIMIT = 256 * 1024;
const RESPONSE_HEADERS_LIMIT = 32 * 1024;

const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** Names that a state parameter may have (GD16). */
export const STATE_PARAMETER = /^[A-Za-z0-9._~-]{1,64}$/;

const activity = z
  .discriminatedUnion("type", [
    z
      .strictObject({
        type: z.literal("http").describe("`http`: asks your handler."),
        url: z
          .url({ protocol: /^https?$/, error: "must be an absolute http or https URL" })
          .describe("Your handler; it gets one POST for each call."),
        timeoutSeconds: number(0.1, 300)
          .default(30)
          .describe("Longest time for the handler's whole answer; 30 by default."),
        signingSecret: secretName
          .optional()
          .describe("Name of the secret that signs the call of the handler, in the format of Standard Webhooks."),
      })
      .meta(bothWays("HttpActivity")),
    z
      .strictObject({
        type: z.literal("flow").describe("`flow`: starts a flow with the body of the call as its message."),
        flow: objectName.describe("Name of the flow."),
      })
      .meta({ id: "FlowActivity" }),
    z
      .strictObject({ type: z.literal("record").describe("`record`: only stores the call.") })
      .meta({ id: "RecordActivity" }),
  ])
  .meta({ ...bothWays("CallbackActivity"), description: "What happens with a call." });

const alternativeDomain = text(300)
  .superRefine(
    refuse((text) => {
      if (text === "") return null;
      const isDomain = text.startsWith("https://") && URL.canParse(text) && !/[?#@\\\s]/.test(text);
      return isDomain ? null : "must start with https:// and have neither query, fragment nor user name";
    }),
  )
  .overwrite((text) => text.replace(/\/+$/, ""));

const headersText =
  "Headers of the answer. Headers that frame the answer or affect the whole origin, such as cookies, are refused.";
const plainHeaders = z.record(z.string(), text(8_000)).describe(headersText);
const responseHeaders = plainHeaders.superRefine((headers, context) => {
  if (jsonBytes(headers) > RESPONSE_HEADERS_LIMIT) {
    context.addIssue({ code: "custom", message: "are larger than 32 KiB" });
  }
  for (const [name, value] of Object.entries(headers)) {
    const message = headerProblem(name, value);
    if (message) context.addIssue({ code: "custom", path: [name], message });
  }
});

/** The fields of a callback without their defaults: a stored configuration may set any of them. */
const fields = {
  callbackActivity: activity,
  callbackActivityCase: text(255).describe(
    "Id of the case of the activity, if it is not the current one. The handler gets it as a header.",
  ),
  stateQueryParameter: z
    .string()
    .regex(/^(?:[A-Za-z0-9._~-]{1,64})?$/, "up to 64 letters, digits, and . _ ~ -")
    .refine((name) => name !== "." && name !== "..", "cannot be . or .., which URLs read as a folder")
    .describe(
      "Empty: the URL is `/cb/{state}`. With a name it is `/cbq/{name}`, and the state is that parameter, as OAuth (`state`) and SAML (`RelayState`) need it.",
    ),
  retryableAfterError: z.boolean().describe("Whether a call that failed leaves the callback open for another."),
  allowMultipleCalls: z
    .boolean()
    .describe("Whether the callback stays open until it expires or is closed. Otherwise the first call closes it."),
  alternativeDomain: alternativeDomain.describe(
    "Another domain for the URL, with `https://`. It must lead to this gateway.",
  ),
  responseType: z.enum(["redirect", "response"]).describe("Whether a call is answered or redirected."),
  responseRedirectUrl: text(8_000)
    .superRefine(refuse((url) => (url === "" ? null : checkTarget(url))))
    .describe(
      "Target of the redirect: a URL, or a path of the platform. Required for a redirect unless a handler may set it.",
    ),
  responseBody: z
    .string()
    .refine((body) => jsonBytes(body) <= RESPONSE_BODY_LIMIT, "is larger than 256 KiB")
    .describe("Body of the answer, in any text format such as XML, JSON or CSV."),
  responseCode: int(200, 599).describe("HTTP status of the answer; 200 by default."),
  responseHeaders,
  expiresInSeconds: int(1, YEAR_SECONDS).describe(
    "Time from creation until the callback expires; then calls get 410. Without it the callback never expires. At most one year.",
  ),
  confirm: z
    .boolean()
    .describe(
      "Whether GET shows a page with one button, and only the button uses the callback. Previews of links and mail scanners then do not use it.",
    ),
  replay: z
    .enum(["gone", "same-response"])
    .describe(
      "The answer to a repeated call within 24 hours after the one that closed the callback: 410, or the same answer.",
    ),
};

/** The body of `PUT /callback-configs/{name}`. */
export const callbackConfigInput = z.strictObject(fields).partial().meta({ id: "CallbackConfigInput" });
/** A stored configuration. Headers that a later version refuses are reported when a callback is made of it. */
export const callbackConfigRecord = callbackConfigInput
  .extend({ name: z.string(), responseHeaders: plainHeaders.optional() })
  .meta({ id: "CallbackConfig" });

/** The body of `POST /callbacks`: some of the fields, which override those of a stored configuration (GD15). */
export const callbackInput = callbackConfigInput
  .extend({
    config: objectName.optional().describe("Name of a stored configuration, which the other fields override."),
  })
  .meta({ id: "CallbackInput" });

/** The complete settings of a callback. */
export const callbackSettings = z
  .strictObject({
    ...fields,
    callbackActivityCase: fields.callbackActivityCase.default(""),
    stateQueryParameter: fields.stateQueryParameter.default(""),
    retryableAfterError: fields.retryableAfterError.default(false),
    allowMultipleCalls: fields.allowMultipleCalls.default(false),
    alternativeDomain: fields.alternativeDomain.default(""),
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
