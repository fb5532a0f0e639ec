/** The answers of the admin API: the same schemas describe it in OpenAPI and give the types their names. */
import { z } from "zod";
import { STATUSES } from "../execution/execution.ts";
import { type Reason, STATUS_OF } from "../refusal.ts";
import { tokenRecord } from "./access.ts";
import { adapterRecord } from "./adapter.ts";
import { callbackSettings } from "./callback.ts";
import { STEP_TYPES } from "./flow.ts";
import { apiKeyRecord, triggerRecord } from "./trigger.ts";
import { workspaceRecord } from "./workspace.ts";

const time = z.iso.datetime();
const count = z.int().min(0);
const texts = z.record(z.string(), z.string());

export const workspaceView = workspaceRecord.omit({ placement: true, laneShards: true }).meta({ id: "Workspace" });
export const tokenView = tokenRecord.omit({ hash: true, workspaceId: true }).meta({ id: "Token" });
export const issuedToken = tokenView.extend({ token: z.string() }).meta({ id: "IssuedToken" });
export const apiKeyView = apiKeyRecord.omit({ hash: true }).meta({ id: "ApiKey" });
export const listedApiKey = apiKeyView.extend({ lastUsedAt: time.optional() }).meta({ id: "ListedApiKey" });
export const issuedApiKey = apiKeyView.extend({ key: z.string() }).meta({ id: "IssuedApiKey" });
export const triggerView = triggerRecord.extend({ url: z.url() }).meta({ id: "Trigger" });
export const adapterView = adapterRecord
  .omit({ secrets: true })
  .extend({ secret_rotated_at: time })
  .meta({ id: "Adapter" });
export const secretView = z.object({ name: z.string(), updatedAt: time }).meta({ id: "Secret" });
export const sessionView = z
  .object({ label: z.string(), permissions: tokenRecord.shape.permissions, workspace: z.string().optional() })
  .meta({ id: "Session" });

export const executionStatus = z.enum(STATUSES).meta({ id: "ExecutionStatus" });
const errorCode = z.string().optional().describe("Error code of a `Failed` callback.");
const technicalStatus = z.string().optional().describe("A status that is no document status, or `Timeout`.");

export const executionSummary = z
  .object({
    id: z.uuid().describe("Id, signed by the gateway."),
    workspace: z.string(),
    trigger: z.string().optional().describe("Name of the trigger. Absent when a callback started the execution."),
    flow: z.string(),
    lane: z
      .string()
      .optional()
      .describe("The trigger, with `/` and the key if there is one. Absent for unordered executions."),
    seq: count.describe("Order of durable arrival within its shard."),
    status: executionStatus,
    failure: z
      .enum(["error", "bug"])
      .optional()
      .describe("Cause of a failure: `error` is the data or the settings, `bug` a malfunction."),
    documentStatus: z.string(),
    technicalStatus,
    errorCode,
    result: z.enum(["success", "skipped"]).optional().describe("Result of an execution that succeeded."),
    createdAt: time.describe("Time of durable arrival."),
    startedAt: time.optional().describe("Time of the first attempt."),
    finishedAt: time.optional(),
    resubmittedFrom: z.string().optional().describe("The execution that this one repeats the message of."),
  })
  .meta({ id: "ExecutionSummary" });

const exchangeView = z
  .object({
    startedAt: time,
    finishedAt: time,
    status: z.int().optional().describe("HTTP status of the answer. Absent when none came."),
    reply: z
      .string()
      .optional()
      .describe("The beginning of an unsuccessful answer, without secrets. The last two are stored."),
  })
  .meta({ id: "StepExchange" });

const stepView = z
  .object({
    name: z.string(),
    type: z.enum(STEP_TYPES),
    status: z.enum(["pending", "running", "waiting", "succeeded", "failed", "skipped"]),
    attempts: count.describe("Number of attempts of the newest run."),
    correlationId: z.string().optional().describe("Id that the callback of an async http step names."),
    invocationId: z.string().optional().describe("The `x-chainio-execution-id` of an adapter step's request."),
    startedAt: time.optional().describe("Time of the first attempt."),
    finishedAt: time.optional(),
    request: z
      .object({ method: z.string(), url: z.string() })
      .optional()
      .describe("The configured request. Templates are not rendered, because the result may contain secrets."),
    exchanges: z.array(exchangeView).optional().describe("The newest 20 attempts, oldest first."),
  })
  .meta({ id: "ExecutionStep" });

/** One entry of the document status log (L17, L20). */
const statusEntry = z
  .object({
    at: time.describe("When it was set."),
    documentStatus: z.string(),
    technicalStatus,
    errorCode,
    by: z.string().optional().describe("Who set it. Absent when it was the gateway."),
    text: z.string().optional().describe("The `X-Link-Error-Text` of the callback."),
  })
  .meta({ id: "StatusEntry" });

const logEntry = z
  .object({
    at: time,
    level: z.enum(["info", "warning", "error"]),
    step: z.string().optional(),
    message: z.string(),
  })
  .meta({ id: "LogEntry" });

export const executionDetail = executionSummary
  .extend({
    call: z
      .object({
        callbackState: z.uuid(),
        method: z.string().describe("Method, in lower case."),
        query: texts,
        headers: texts.describe("Headers, without credentials."),
      })
      .meta({ id: "StartingCall" })
      .optional()
      .describe("The call of a callback that started the execution."),
    steps: z.array(stepView).describe("The steps, in the order of the flow."),
    statusLog: z.array(statusEntry).describe("The document status log."),
    log: z.array(logEntry).describe("Up to 200 entries of up to 2,000 characters: the first and the newest."),
  })
  .meta({ id: "Execution" });

export const laneView = z
  .object({
    id: z.string().describe("Id of the lane, for `/lanes/{id}/...`."),
    trigger: z.string(),
    key: z.string().nullable().describe("Value of the key. Null for the one lane of a trigger without a key."),
    depth: count.describe("Number of executions in the lane, including its head."),
    head: z
      .object({
        executionId: z.uuid(),
        seq: count,
        status: executionStatus,
        createdAt: time,
      })
      .meta({ id: "LaneHead" })
      .nullable()
      .describe("The execution that the others wait for."),
    blockedSince: time.nullable().describe("Since when a failed head blocks the lane."),
    paused: z.boolean(),
  })
  .meta({ id: "Lane" });

const callView = z
  .object({
    at: time,
    number: count.describe("Number of the call; the first is 1."),
    method: z.string().describe("Method, in lower case."),
    query: texts.describe("Query parameters; the last value of a repeated one."),
    headers: texts.describe("Headers, without credentials."),
    contentType: z.string().nullable(),
    body: z.string().nullable().describe("Null when it is too large for the record, or stored with an execution."),
    bodyEncoding: z.literal("base64").optional().describe("Encoding of a body that is not text."),
    bodySize: count.describe("Size of the body in bytes."),
    bodySha256: z.string().optional().describe("Hash of a body that is stored separately."),
    outcome: z
      .enum(["answered", "redirected", "rejected", "failed"])
      .describe("Result of the call; `rejected` and `failed`: the handler refused it, or failed."),
    responseCode: z.int(),
    note: z.string().optional().describe("Why it failed, or the execution that it started."),
  })
  .meta({ id: "CallbackCall" });

export const CALLBACK_STATUSES = ["open", "busy", "closed", "expired"] as const;

export const callbackView = z
  .object({
    callbackUrl: z.url().describe("The URL that the other system gets."),
    callbackState: z.uuid().describe("The state, to send separately."),
    callbackCaseId: z.uuid().describe("The same; the callback is shown and closed by it."),
    status: z.enum(CALLBACK_STATUSES).describe("`busy` while a call of a single-use callback is answered."),
    ...callbackSettings.shape,
    createdAt: time,
    expiresAt: time.optional(),
    closedAt: time.optional().describe("When it was used up or closed."),
  })
  .meta({ id: "Callback" });

export const callbackSummary = callbackView.omit({ responseBody: true }).meta({ id: "CallbackSummary" });
export const callbackDetail = callbackView
  .extend({ calls: z.array(callView).describe("The newest 20 calls within 512 KiB, newest first.") })
  .meta({ id: "CallbackDetail" });

export const configChanges = z
  .object({
    dryRun: z.boolean(),
    changes: z.array(
      z
        .object({
          kind: z.enum(["settings", "adapters", "flows", "triggers", "callbackConfigs"]),
          name: z.string().optional(),
          action: z.enum(["create", "update", "delete"]),
          differences: z
            .array(
              z
                .object({ field: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })
                .meta({ id: "ConfigDifference" }),
            )
            .optional(),
        })
        .meta({ id: "ConfigChange" }),
    ),
  })
  .meta({ id: "ConfigChanges" });

/** One page of re-encryption, counted in encrypted values: an adapter has one for each stored version of its secret. */
export const resealView = z
  .object({
    resealed: count.describe("Values that were encrypted with the current key."),
    current: count.describe("Values that were already encrypted with the current key."),
    unopened: z
      .array(
        z
          .object({
            workspace: z.string().optional().describe("Absent when the workspace no longer exists."),
            kind: z.enum(["secret", "adapter"]),
            name: z.string(),
            versions: z
              .int()
              .min(1)
              .optional()
              .describe(
                "Versions of an adapter's secret that do not open; the newest is the one that it is called with.",
              ),
          })
          .meta({ id: "UnopenedSecret" }),
      )
      .describe("Values that no configured key opens."),
    nextCursor: z.string().optional(),
  })
  .meta({ id: "ResealResult" });

export const bulkDone = z.object({ matched: count, done: count }).meta({ id: "BulkResult" });
export const resubmitted = z.object({ id: z.uuid(), executionId: z.uuid(), seq: count }).meta({ id: "Resubmission" });

/** RFC 9457, with a stable code and the errors of each field. */
export const problemView = z
  .object({
    type: z.string().describe("A URN with the code."),
    title: z.string().describe("The HTTP status in words."),
    status: z.int().describe("The HTTP status."),
    detail: z.string().describe("The problem in a sentence for people."),
    code: z.enum(Object.keys(STATUS_OF) as Reason[]).describe("The problem for programs. Codes do not change."),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }).meta({ id: "FieldError" }))
      .optional()
      .describe("What is wrong with each field of the input."),
    executionId: z.uuid().optional().describe("The execution that the problem is about."),
  })
  .meta({ id: "Problem" });

export type ExecutionSummary = z.output<typeof executionSummary>;
export type ExecutionDetail = z.output<typeof executionDetail>;
export type ExchangeView = z.output<typeof exchangeView>;
export type StepView = z.output<typeof stepView>;
export type StatusEntry = z.output<typeof statusEntry>;
export type LaneView = z.output<typeof laneView>;
