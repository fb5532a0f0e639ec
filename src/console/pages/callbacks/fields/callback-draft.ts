/** The draft of a callback: numbers are text, so that they stay as they are typed. */
import type { Activity, CallbackConfig, CallbackConfigInput } from "../../../../client/index.ts";
import type { DraftProps } from "../../../ui/form/fields/bind.ts";
import { type HeaderRow, headerRows } from "../../../ui/form/fields/row-id.ts";

/** A member that a configuration may leave out is empty then. */
export type Optional<Value extends string> = "" | Value;
export type Choice = Optional<"yes" | "no">;
export type ActivityType = Activity["type"];
export type TimeUnit = "seconds" | "minutes" | "hours" | "days";
type ResponseType = NonNullable<CallbackConfig["responseType"]>;
type Replay = NonNullable<CallbackConfig["replay"]>;

export interface FieldsProps extends DraftProps<CallbackDraft> {
  /** A stored configuration, in which no field is required. */
  readonly isPartial: boolean;
}

/** The options of a field, with "not set" before them in a configuration. */
export const optionsOf = <Value extends string>(isPartial: boolean, options: Record<Value, string>) =>
  (isPartial ? { "": "Not set here", ...options } : options) as Record<Optional<Value>, string>;

export interface CallbackDraft {
  readonly activity: Optional<ActivityType>;
  readonly url: string;
  readonly timeout: string;
  readonly signingSecret: string;
  readonly flow: string;
  readonly callbackActivityCase: string;
  readonly stateQueryParameter: string;
  readonly retryableAfterError: Choice;
  readonly allowMultipleCalls: Choice;
  readonly alternativeDomain: string;
  readonly responseType: Optional<ResponseType>;
  readonly responseRedirectUrl: string;
  readonly responseBody: string;
  readonly responseCode: string;
  readonly responseHeaders: readonly HeaderRow[];
  readonly expires: string;
  readonly expiresUnit: TimeUnit;
  readonly confirm: Choice;
  readonly replay: Optional<Replay>;
}

const SECONDS: Record<TimeUnit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** A configuration in which nothing is set. */
export const BLANK_CONFIG: CallbackDraft = {
  activity: "",
  url: "",
  timeout: "",
  signingSecret: "",
  flow: "",
  callbackActivityCase: "",
  stateQueryParameter: "",
  retryableAfterError: "",
  allowMultipleCalls: "",
  alternativeDomain: "",
  responseType: "",
  responseRedirectUrl: "",
  responseBody: "",
  responseCode: "",
  responseHeaders: [],
  expires: "",
  expiresUnit: "hours",
  confirm: "",
  replay: "",
};

/** A callback with the usual settings. */
export const NEW_CALLBACK: CallbackDraft = {
  ...BLANK_CONFIG,
  activity: "record",
  responseType: "response",
  retryableAfterError: "no",
  allowMultipleCalls: "no",
  confirm: "no",
  replay: "gone",
};

/** Overwrites a draft with the members that a stored configuration has. */
export function withConfig(draft: CallbackDraft, config: Partial<CallbackConfig>): CallbackDraft {
  const { callbackActivity: activity, responseCode, responseHeaders, expiresInSeconds } = config;
  const { retryableAfterError, allowMultipleCalls, confirm } = config;
  const texts = {
    callbackActivityCase: config.callbackActivityCase,
    stateQueryParameter: config.stateQueryParameter,
    alternativeDomain: config.alternativeDomain,
    responseType: config.responseType,
    responseRedirectUrl: config.responseRedirectUrl,
    responseBody: config.responseBody,
    replay: config.replay,
  };
  return {
    ...draft,
    ...(Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Partial<CallbackDraft>),
    ...(activity && { activity: activity.type, ...activityDraft(activity) }),
    ...(retryableAfterError !== undefined && { retryableAfterError: choiceOf(retryableAfterError) }),
    ...(allowMultipleCalls !== undefined && { allowMultipleCalls: choiceOf(allowMultipleCalls) }),
    ...(confirm !== undefined && { confirm: choiceOf(confirm) }),
    ...(responseCode !== undefined && { responseCode: String(responseCode) }),
    ...(responseHeaders && { responseHeaders: headerRows(responseHeaders) }),
    ...(expiresInSeconds !== undefined && timeOf(expiresInSeconds)),
  };
}

/** The input of the API: the fields that are filled in and that the response type uses. */
export function inputOf(draft: CallbackDraft): CallbackConfigInput {
  const { responseType, responseHeaders, expires, expiresUnit, retryableAfterError, allowMultipleCalls } = draft;
  const headers = responseHeaders.filter(({ name }) => name !== "");
  const isAnswer = responseType !== "redirect";
  const activity = activityOf(draft);
  return {
    ...(activity && { callbackActivity: activity }),
    ...filled({
      callbackActivityCase: draft.callbackActivityCase,
      stateQueryParameter: draft.stateQueryParameter,
      alternativeDomain: draft.alternativeDomain,
      ...(responseType !== "response" && { responseRedirectUrl: draft.responseRedirectUrl }),
      ...(isAnswer && { responseBody: draft.responseBody }),
    }),
    ...(retryableAfterError && { retryableAfterError: retryableAfterError === "yes" }),
    ...(allowMultipleCalls && { allowMultipleCalls: allowMultipleCalls === "yes" }),
    ...(draft.confirm && { confirm: draft.confirm === "yes" }),
    ...(draft.replay && { replay: draft.replay }),
    ...(responseType && { responseType }),
    ...(isAnswer && draft.responseCode !== "" && { responseCode: Number(draft.responseCode) }),
    ...(isAnswer &&
      headers.length > 0 && { responseHeaders: Object.fromEntries(headers.map(({ name, value }) => [name, value])) }),
    ...(expires !== "" && { expiresInSeconds: Math.round(Number(expires) * SECONDS[expiresUnit]) }),
  };
}

function activityDraft(activity: Activity): Partial<CallbackDraft> {
  switch (activity.type) {
    case "record":
      return {};
    case "flow":
      return { flow: activity.flow };
    case "http": {
      const { url, timeoutSeconds, signingSecret = "" } = activity;
      return { url, timeout: String(timeoutSeconds), signingSecret };
    }
  }
}

function activityOf(draft: CallbackDraft): CallbackConfigInput["callbackActivity"] {
  const { activity, url, timeout, signingSecret, flow } = draft;
  switch (activity) {
    case "":
      return undefined;
    case "record":
      return { type: activity };
    case "flow":
      return { type: activity, flow };
    case "http":
      return {
        type: activity,
        url,
        ...(timeout !== "" && { timeoutSeconds: Number(timeout) }),
        ...(signingSecret !== "" && { signingSecret }),
      };
  }
}

const choiceOf = (is: boolean): Choice => (is ? "yes" : "no");

/** The largest unit that leaves a whole number. */
function timeOf(seconds: number): Pick<CallbackDraft, "expires" | "expiresUnit"> {
  const units = Object.entries(SECONDS).reverse() as [TimeUnit, number][];
  const [unit, size] = units.find(([, each]) => seconds % each === 0) ?? ["seconds", 1];
  return { expires: String(seconds / size), expiresUnit: unit };
}

const filled = <T extends Record<string, string>>(texts: T) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== "")) as Partial<T>;
