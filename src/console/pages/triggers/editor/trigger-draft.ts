/** The draft of a trigger: every control has a value, even if it is not used at the moment. */
import type { Trigger } from "../../../../client/index.ts";
import { rowId } from "../../../ui/form/fields/row-id.ts";

export type Method = Trigger["methods"][number];

/** Whether a request of the method has a body. */
export const HAS_BODY: Readonly<Record<Method, boolean>> = {
  GET: false,
  POST: true,
  PUT: true,
  PATCH: true,
  DELETE: true,
  HEAD: false,
  OPTIONS: false,
};
export const METHODS = Object.keys(HAS_BODY) as Method[];

type Auth = Trigger["auth"];
type Signature = Extract<Auth, { type: "signature" }>;
type Hmac = Extract<Signature, { scheme: "hmac" }>;
export type Scheme = Signature["scheme"];
export type Handshake = NonNullable<Trigger["handshake"]>["scheme"];

export interface AuthDraft {
  readonly type: Auth["type"];
  readonly username: string;
  readonly passwordSecret: string;
  readonly scheme: Scheme;
  /** Several while one is rotated. */
  readonly secrets: readonly { readonly id: string; readonly name: string }[];
  readonly header: string;
  readonly algorithm: Hmac["algorithm"];
  readonly encoding: Hmac["encoding"];
  readonly prefix: string;
  readonly timestampHeader: string;
  readonly payload: string;
}

export interface ParameterDraft {
  readonly id: string;
  readonly name: string;
  readonly hasDefault: boolean;
  readonly default: string;
}

export interface TemplateDraft {
  readonly template: string;
  readonly contentType: string;
}

export interface TriggerDraft {
  readonly flow: string;
  readonly methods: readonly Method[];
  readonly auth: AuthDraft;
  readonly isOrdered: boolean;
  readonly laneKey: string;
  readonly onFailure: Exclude<Trigger["orderedDelivery"], boolean>["onFailure"];
  readonly isRequestResponse: boolean;
  readonly timeoutSeconds: string;
  readonly query: readonly ParameterDraft[];
  readonly input: TemplateDraft;
  readonly output: TemplateDraft;
  readonly deduplicateKey: string;
  readonly maxConcurrency: string;
  readonly rateLimit: string;
  readonly ratePerSeconds: string;
  readonly handshake: Handshake | "";
  readonly handshakeSecret: string;
}

export const NEEDS_SECRET: Readonly<Record<Handshake | "", boolean>> = {
  "": false,
  meta: true,
  slack: false,
  "microsoft-graph": false,
  zoom: true,
  "x-crc": true,
  cloudevents: false,
};

const secretRow = (name = "") => ({ id: rowId(), name });

const NO_AUTH: AuthDraft = {
  type: "none",
  username: "",
  passwordSecret: "",
  scheme: "standard-webhooks",
  secrets: [secretRow()],
  header: "",
  algorithm: "sha256",
  encoding: "hex",
  prefix: "",
  timestampHeader: "",
  payload: "{body}",
};

export const newTrigger = (flow: string): TriggerDraft => ({
  flow,
  methods: ["GET", "POST"],
  auth: NO_AUTH,
  isOrdered: false,
  laneKey: "",
  onFailure: "continue",
  isRequestResponse: false,
  timeoutSeconds: "",
  query: [],
  input: { template: "", contentType: "" },
  output: { template: "", contentType: "" },
  deduplicateKey: "",
  maxConcurrency: "",
  rateLimit: "",
  ratePerSeconds: "",
  handshake: "",
  handshakeSecret: "",
});

export function draftOf(trigger: Trigger): TriggerDraft {
  const { orderedDelivery: ordered, requestResponse: response, handshake, rate } = trigger;
  const lanes = typeof ordered === "object" ? ordered : null;
  return {
    flow: trigger.flow,
    methods: trigger.methods,
    auth: authDraft(trigger.auth),
    isOrdered: ordered !== false,
    laneKey: lanes?.key ?? "",
    onFailure: lanes?.onFailure ?? "continue",
    isRequestResponse: response !== false,
    timeoutSeconds: typeof response === "object" ? String(response.timeoutSeconds) : "",
    query: trigger.query.map((parameter) => ({
      id: rowId(),
      name: parameter.name,
      hasDefault: parameter.default !== undefined,
      default: parameter.default ?? "",
    })),
    input: templateDraft(trigger.input),
    output: templateDraft(trigger.output),
    deduplicateKey: trigger.deduplicate?.key ?? "",
    maxConcurrency: text(trigger.maxConcurrency),
    rateLimit: text(rate?.limit),
    ratePerSeconds: text(rate?.perSeconds),
    handshake: handshake?.scheme ?? "",
    handshakeSecret: handshake && "secret" in handshake ? handshake.secret : "",
  };
}

function authDraft(auth: Auth): AuthDraft {
  const draft = { ...NO_AUTH, type: auth.type };
  switch (auth.type) {
    case "none":
    case "apiKeys":
      return draft;
    case "basic":
      return { ...draft, username: auth.username, passwordSecret: auth.passwordSecret };
    case "signature": {
      const secrets = [auth.secret].flat().map((name) => secretRow(name));
      const signature = { ...draft, scheme: auth.scheme, secrets };
      if (auth.scheme !== "hmac") return signature;
      const { header, algorithm, encoding, prefix, payload, timestampHeader = "" } = auth;
      return { ...signature, header, algorithm, encoding, prefix, payload, timestampHeader };
    }
  }
}

function templateDraft(template: Trigger["input"]): TemplateDraft {
  if (template === undefined) return { template: "", contentType: "" };
  if (typeof template === "string") return { template, contentType: "" };
  return { template: template.template, contentType: template.contentType ?? "" };
}

const text = (value: number | undefined) => (value === undefined ? "" : String(value));
