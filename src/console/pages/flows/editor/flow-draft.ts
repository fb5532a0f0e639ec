/** The draft of a flow: every control has a value, even if it is not used at the moment. */
import type { Adapter, Step } from "../../../../client/index.ts";
import { type HeaderRow, headerRows, rowId } from "../../../ui/form/fields/row-id.ts";

type HttpStep = Extract<Step, { type: "http" }>;
type AdapterStep = Extract<Step, { type: "adapter" }>;
export type StepType = Step["type"];
export type Configuration = AdapterStep["configuration"];
type Definition = Adapter["configuration"][number];
export type Value = Configuration[string];

/** The field for one key of an adapter's configuration. */
export interface ConfigurationProps {
  readonly path: string;
  readonly definition: Definition;
  readonly value: Value | undefined;
  /** Gets undefined when the key is not set. */
  readonly onChange: (value: Value | undefined) => void;
}

export const labelOf = ({ label, required }: Definition) => (required ? label : `${label} (optional)`);

interface Named {
  readonly id: string;
  readonly name: string;
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
  /** Separated by commas. */
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

/** A part of a step of any type. */
export type StepPart = Partial<Omit<HttpDraft, "type">> &
  Partial<Omit<AdapterDraft, "type">> &
  Partial<Omit<TransformDraft, "type">>;

/** In the order in which they are offered. */
export const STEP_TYPES: Record<StepType, { readonly label: string; readonly text: string; readonly name: string }> = {
  http: { label: "HTTP request", text: "Sends the message to a URL, and may wait for a callback.", name: "send" },
  transform: { label: "Transform", text: "Makes another message with a template.", name: "shape" },
  adapter: { label: "Adapter", text: "Calls a registered adapter with a signed request.", name: "convert" },
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

/** A copy of the step under a new name. */
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
        headers: headerRows(step.headers),
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
