/** Inputs and results of the API, derived from its schemas. */
import type { z } from "zod";
import type { tokenInput } from "../core/schema/access.ts";
import type { adapterInput, newAdapterInput } from "../core/schema/adapter.ts";
import type { callbackConfigInput, callbackInput } from "../core/schema/callback.ts";
import type { configDocument } from "../core/schema/config-document.ts";
import type { flowInput } from "../core/schema/flow.ts";
import type { apiKeyInput, triggerInput } from "../core/schema/trigger.ts";
import type {
  adapterView,
  bulkDone,
  callbackDetail,
  callbackView,
  configChanges,
  ExecutionDetail,
  ExecutionSummary,
  issuedApiKey,
  issuedToken,
  listedApiKey,
  resealView,
  resubmitted,
  secretView,
  sessionView,
  tokenView,
  triggerView,
  workspaceView,
} from "../core/schema/views.ts";
import type { workspaceInput } from "../core/schema/workspace.ts";

export type { Permission } from "../core/schema/access.ts";
export type { Activity, CallbackConfig } from "../core/schema/callback.ts";
export type { Flow, Step } from "../core/schema/flow.ts";
export type {
  ExchangeView as Exchange,
  ExecutionDetail,
  ExecutionSummary,
  LaneView as Lane,
  StatusEntry,
  StepView,
} from "../core/schema/views.ts";

/** The status of an execution. */
export type Status = ExecutionSummary["status"];
export type LogEntry = ExecutionDetail["log"][number];

export type Workspace = z.output<typeof workspaceView>;
export type WorkspaceInput = z.input<typeof workspaceInput>;

export type FlowInput = z.input<typeof flowInput>;
export type StepInput = FlowInput["steps"][number];

export type Trigger = z.output<typeof triggerView>;
export type TriggerInput = z.input<typeof triggerInput>;

export type ApiKey = z.output<typeof listedApiKey>;
export type ApiKeyInput = z.input<typeof apiKeyInput>;
/** A new key, which is shown only once. */
export type NewApiKey = z.output<typeof issuedApiKey>;

/** In snake_case, like the specification of adapters. */
export type Adapter = z.output<typeof adapterView>;
export type AdapterInput = z.input<typeof adapterInput>;
export type NewAdapterInput = z.input<typeof newAdapterInput>;

export type SecretName = z.output<typeof secretView>;

export type Token = z.output<typeof tokenView>;
export type TokenInput = z.input<typeof tokenInput>;
/** A new token, which is shown only once. */
export type NewToken = z.output<typeof issuedToken>;

export type Callback = z.output<typeof callbackView>;
export type CallbackStatus = Callback["status"];
/** A callback in a list, without the body of its answer. */
export type CallbackSummary = Omit<Callback, "responseBody">;
export type CallbackDetail = z.output<typeof callbackDetail>;
export type CallbackCall = CallbackDetail["calls"][number];
export type CallbackInput = z.input<typeof callbackInput>;
export type CallbackConfigInput = z.input<typeof callbackConfigInput>;

/** Counts over all workspaces. */
export type ResealResult = Omit<z.output<typeof resealView>, "nextCursor">;

/** The label and permissions of a token, and its workspace if it is bound to one. */
export type SessionInfo = z.output<typeof sessionView>;

export type ConfigDocument = z.input<typeof configDocument>;
/** The changes that a document makes, or would make; those of the settings have no `name`. */
export type ConfigChanges = z.output<typeof configChanges>;
export type ConfigChange = ConfigChanges["changes"][number];
/** One field of an update; an absent value has no `from` or `to`. */
export type Difference = NonNullable<ConfigChange["differences"]>[number];

export interface CallbackFilter {
  readonly status?: CallbackStatus | undefined;
}

export interface ExecutionFilter {
  readonly trigger?: string | undefined;
  readonly flow?: string | undefined;
  readonly status?: string | undefined;
  /** ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export type BulkAction = "retry" | "resubmit" | "cancel";
export type BulkResult = z.output<typeof bulkDone>;
export type Resubmitted = z.output<typeof resubmitted>;
