/** A callback as its form holds it: all as text, so that what is typed stays as it is typed. */
import type { CallbackConfig, CallbackConfigInput } from "../../../../client/index.ts";
import { rowId } from "../../../ui/form/fields/row-id.ts";

/** Empty where a configuration leaves it to the request. */
export type Choice = "" | "yes" | "no";
export type ActivityType = "" | "http" | "flow" | "record";
export type TimeUnit = "seconds" | "minutes" | "hours" | "days";

export interface HeaderRow {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

export interface CallbackDraft {
  readonly activity: ActivityType;
  readonly url: string;
  readonly timeout: string;
  readonly signingSecret: string;
  readonly flow: string;
  readonly callbackActivityCase: string;
  readonly stateQueryParameter: string;
  readonly retryableAfterError: Choice;
  readonly allowMultipleCalls: Choice;
  readonly alternativeDomain: string;
  readonly responseType: "" | "redirect" | "response";
  readonly responseRedirectUrl: string;
  readonly responseBody: string;
  readonly responseCode: string;
  readonly responseHeaders: readonly HeaderRow[];
  readonly expires: string;
  readonly expiresUnit: TimeUnit;
  readonly confirm: Choice;
  readonly replay: "" | "gone" | "same-response";
}

const SECONDS: Record<TimeUnit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** A configuration that says nothing yet. */
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

/** What a stored configuration sets, over a draft. */
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
    ...(activity && { activity: activity.type }),
    ...(activity?.type === "flow" && { flow: activity.flow }),
    ...(activity?.type === "http" && {
      url: activity.url,
      timeout: String(activity.timeoutSeconds),
      signingSecret: activity.signingSecret ?? "",
    }),
    ...(retryableAfterError !== undefined && { retryableAfterError: choiceOf(retryableAfterError) }),
    ...(allowMultipleCalls !== undefined && { allowMultipleCalls: choiceOf(allowMultipleCalls) }),
    ...(confirm !== undefined && { confirm: choiceOf(confirm) }),
    ...(responseCode !== undefined && { responseCode: String(responseCode) }),
    ...(responseHeaders && {
      responseHeaders: Object.entries(responseHeaders).map(([name, value]) => ({ id: rowId(), name, value })),
    }),
    ...(expiresInSeconds !== undefined && timeOf(expiresInSeconds)),
  };
}

/** What the API takes: only what is filled in, and only what the response type uses. */
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

function activityOf({ activity, url, timeout, signingSecret, flow }: CallbackDraft) {
  if (activity === "") return undefined;
  if (activity === "record") return { type: activity };
  if (activity === "flow") return { type: activity, flow };
  return {
    type: activity,
    url,
    ...(timeout !== "" && { timeoutSeconds: Number(timeout) }),
    ...(signingSecret !== "" && { signingSecret }),
  };
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
