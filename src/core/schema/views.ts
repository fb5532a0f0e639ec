/** What the admin API answers: the same schemas describe it in OpenAPI and give the types their names. */
import { z } from "zod";
import { STATUSES } from "../execution/execution.ts";
import { PERMISSIONS, tokenRecord } from "./access.ts";
import { adapterRecord } from "./adapter.ts";
import { callbackSettings } from "./callback.ts";
import { apiKeyRecord, triggerRecord } from "./trigger.ts";
import { workspaceRecord } from "./workspace.ts";

const time = z.iso.datetime();
const count = z.int().min(0);

export const workspaceView = workspaceRecord.omit({ placement: true, laneShards: true });
export const tokenView = tokenRecord.omit({ hash: true, workspaceId: true });
export const issuedToken = tokenView.extend({ token: z.string() });
export const apiKeyView = apiKeyRecord.omit({ hash: true });
export const listedApiKey = apiKeyView.extend({ lastUsedAt: time.optional() });
export const issuedApiKey = apiKeyView.extend({ key: z.string() });
export const triggerView = triggerRecord.extend({ url: z.url() });
export const adapterView = adapterRecord.omit({ secrets: true }).extend({ secret_rotated_at: time });
export const secretView = z.object({ name: z.string(), updatedAt: time });
export const sessionView = z.object({
  label: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  workspace: z.string().optional(),
});

const status = z.enum(STATUSES);
const failure = z.enum(["error", "bug"]);

export const executionSummary = z.object({
  id: z.uuid(),
  workspace: z.string(),
  /** Absent when a callback started it. */
  trigger: z.string().optional(),
  flow: z.string(),
  lane: z.string().optional(),
  seq: count,
  status,
  failure: failure.optional(),
  documentStatus: z.string(),
  technicalStatus: z.string().optional(),
  errorCode: z.string().optional(),
  result: z.enum(["success", "skipped"]).optional(),
  createdAt: time,
  startedAt: time.optional(),
  finishedAt: time.optional(),
  resubmittedFrom: z.string().optional(),
});

const exchangeView = z.object({
  startedAt: time,
  finishedAt: time,
  /** Status of the answer; absent when none came. */
  status: z.int().optional(),
  /** The beginning of an answer that was no success. */
  reply: z.string().optional(),
});

const stepView = z.object({
  name: z.string(),
  type: z.enum(["http", "adapter", "transform"]),
  status: z.enum(["pending", "running", "waiting", "succeeded", "failed", "skipped"]),
  attempts: count,
  /** Of an async http step: what its callback names (L7). */
  correlationId: z.string().optional(),
  /** Of an adapter step: the `x-chainio-execution-id` of its request (CD9). */
  invocationId: z.string().optional(),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  /** The request as it is configured; templates stand as they are, because what they make may hold secrets. */
  request: z.object({ method: z.string(), url: z.string() }).optional(),
  /** The newest attempts, oldest first. */
  exchanges: z.array(exchangeView).optional(),
});

/** One entry of the document status log (L17, L20): who set what, when, with code and text. */
const statusEntry = z.object({
  at: time,
  documentStatus: z.string(),
  technicalStatus: z.string().optional(),
  errorCode: z.string().optional(),
  /** Who set it, where it was not the gateway itself. */
  by: z.string().optional(),
  text: z.string().optional(),
});

const logEntry = z.object({
  at: time,
  level: z.enum(["info", "warning", "error"]),
  step: z.string().optional(),
  message: z.string(),
});

export const executionDetail = executionSummary.extend({
  /** The call of a callback that started it. */
  call: z
    .object({
      callbackState: z.uuid(),
      method: z.string(),
      query: z.record(z.string(), z.string()),
      headers: z.record(z.string(), z.string()),
    })
    .optional(),
  steps: z.array(stepView),
  statusLog: z.array(statusEntry),
  log: z.array(logEntry),
});

export const laneView = z.object({
  id: z.string(),
  trigger: z.string(),
  key: z.string().nullable(),
  /** Executions in the lane, its head included. */
  depth: count,
  head: z.object({ executionId: z.uuid(), seq: count, status, createdAt: time }).nullable(),
  blockedSince: time.nullable(),
  paused: z.boolean(),
});

const callView = z.object({
  at: time,
  number: count,
  method: z.string(),
  query: z.record(z.string(), z.string()),
  headers: z.record(z.string(), z.string()),
  contentType: z.string().nullable(),
  /** Null when it is larger than a record keeps, or an execution has it. */
  body: z.string().nullable(),
  bodyEncoding: z.literal("base64").optional(),
  bodySize: count,
  bodySha256: z.string().optional(),
  outcome: z.enum(["answered", "redirected", "rejected", "failed"]),
  responseCode: z.int(),
  note: z.string().optional(),
});

/** Where a callback stands; `busy` while a call of it is being answered. */
export const CALLBACK_STATUSES = ["open", "busy", "closed", "expired"] as const;

export const callbackView = z.object({
  callbackUrl: z.url(),
  callbackState: z.uuid(),
  callbackCaseId: z.uuid(),
  status: z.enum(CALLBACK_STATUSES),
  ...callbackSettings.shape,
  createdAt: time,
  expiresAt: time.optional(),
  closedAt: time.optional(),
});

export const callbackDetail = callbackView.extend({ calls: z.array(callView) });

export const configChanges = z.object({
  dryRun: z.boolean(),
  changes: z.array(
    z.object({
      kind: z.enum(["settings", "adapters", "flows", "triggers", "callbackConfigs"]),
      name: z.string().optional(),
      action: z.enum(["create", "update", "delete"]),
      differences: z
        .array(z.object({ field: z.string(), from: z.unknown().optional(), to: z.unknown().optional() }))
        .optional(),
    }),
  ),
});

/** What a page of re-sealing came to, counted in sealed values: an adapter has one for each kept version of its secret. */
export const resealView = z.object({
  resealed: count,
  /** Under the current key already. */
  current: count,
  /** What no configured key opens. */
  unopened: z.array(
    z.object({
      /** Absent when the workspace is gone. */
      workspace: z.string().optional(),
      kind: z.enum(["secret", "adapter"]),
      name: z.string(),
      /** Versions of an adapter's secret that do not open; the newest is the one that it is called with. */
      versions: z.int().min(1).optional(),
    }),
  ),
  nextCursor: z.string().optional(),
});

export const bulkDone = z.object({ matched: count, done: count });
export const resubmitted = z.object({ id: z.uuid(), executionId: z.uuid(), seq: count });

/** RFC 9457, with a stable code and what is wrong with each field. */
export const problemView = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  executionId: z.uuid().optional(),
});

export type ExecutionSummary = z.output<typeof executionSummary>;
export type ExecutionDetail = z.output<typeof executionDetail>;
export type ExchangeView = z.output<typeof exchangeView>;
export type StepView = z.output<typeof stepView>;
export type StatusEntry = z.output<typeof statusEntry>;
export type LaneView = z.output<typeof laneView>;
