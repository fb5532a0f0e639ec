/** A flow as its page holds it: every control has a value, whether it counts at the moment or not. */
import type { Step } from "../../../../client/index.ts";
import { rowId } from "../../../ui/form/fields/row-id.ts";

type HttpStep = Extract<Step, { type: "http" }>;
type AdapterStep = Extract<Step, { type: "adapter" }>;
export type StepType = Step["type"];
export type Configuration = AdapterStep["configuration"];

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface HeaderRow {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

export interface HttpDraft extends Named {
  readonly type: "http";
  readonly url: string;
  readonly method: HttpStep["method"];
  readonly headers: readonly HeaderRow[];
  readonly async: boolean;
  readonly useAsyncResponseBody: boolean;
  readonly callbackTimeoutSeconds: string;
  readonly progress: boolean;
  readonly timeoutSeconds: string;
  /** With commas between. */
  readonly delaysSeconds: string;
  readonly signingSecret: string;
}

export interface AdapterDraft extends Named {
  readonly type: "adapter";
  readonly adapter: string;
  readonly configuration: Configuration;
  readonly progress: boolean;
}

export interface TransformDraft extends Named {
  readonly type: "transform";
  readonly template: string;
  readonly contentType: string;
}

export type StepDraft = HttpDraft | AdapterDraft | TransformDraft;

/** A part of any step: the fields of its type, all of them optional. */
export type StepPart = Partial<Omit<HttpDraft, "type">> &
  Partial<Omit<AdapterDraft, "type">> &
  Partial<Omit<TransformDraft, "type">>;

export const STEP_TYPES: Record<StepType, { readonly label: string; readonly text: string; readonly name: string }> = {
  http: { label: "HTTP request", text: "Sends the message to a URL, and may wait for a callback.", name: "send" },
  adapter: { label: "Adapter", text: "Calls a registered adapter with a signed request.", name: "convert" },
  transform: { label: "Transform", text: "Makes another message of it with a template.", name: "shape" },
};

export function newStep(type: StepType, taken: readonly string[]): StepDraft {
  const named = { id: rowId(), name: freeName(STEP_TYPES[type].name, taken) };
  switch (type) {
    case "http":
      return {
        ...named,
        type,
        url: "",
        method: "POST",
        headers: [],
        async: false,
        useAsyncResponseBody: true,
        callbackTimeoutSeconds: "604800",
        progress: false,
        timeoutSeconds: "30",
        delaysSeconds: "1, 5, 30, 120",
        signingSecret: "",
      };
    case "adapter":
      return { ...named, type, adapter: "", configuration: {}, progress: false };
    case "transform":
      return { ...named, type, template: "", contentType: "" };
  }
}

/** The same step once more, under a name of its own. */
export const copyOf = (step: StepDraft, taken: readonly string[]): StepDraft => ({
  ...step,
  id: rowId(),
  name: freeName(step.name, taken),
});

function freeName(wanted: string, taken: readonly string[]): string {
  const base = wanted.replace(/-\d+$/, "");
  const number = [...taken.keys()].map((index) => index + 2).find((one) => !taken.includes(`${base}-${one}`));
  return taken.includes(wanted) ? `${base}-${number ?? taken.length + 2}` : wanted;
}

export function draftOf(step: Step): StepDraft {
  const named = { id: rowId(), name: step.name };
  switch (step.type) {
    case "http":
      return {
        ...named,
        type: step.type,
        url: step.url,
        method: step.method,
        headers: Object.entries(step.headers).map(([name, value]) => ({ id: rowId(), name, value })),
        async: step.async,
        useAsyncResponseBody: step.useAsyncResponseBody,
        callbackTimeoutSeconds: String(step.callbackTimeoutSeconds),
        progress: step.progress,
        timeoutSeconds: String(step.timeoutSeconds),
        delaysSeconds: step.retry.delaysSeconds.join(", "),
        signingSecret: step.signingSecret ?? "",
      };
    case "adapter":
      return {
        ...named,
        type: step.type,
        adapter: step.adapter,
        configuration: step.configuration,
        progress: step.progress,
      };
    case "transform":
      return { ...named, type: step.type, template: step.template, contentType: step.contentType ?? "" };
  }
}
