import { z } from "zod";
import { Refusal } from "../../../core/refusal.ts";
import {
  bulkDone,
  executionDetail,
  executionStatus,
  executionSummary,
  resubmitted,
} from "../../../core/schema/views.ts";
import { listShards } from "../../../services/listing.ts";
import { operate, operateInBulk, resubmit } from "../../../services/operations.ts";
import { locateExecution, shardStub } from "../../../services/shards.ts";
import { bodyResponse } from "../../public/body-response.ts";
import { pageOf, pageQuery } from "../page.ts";
import { type WorkspaceCall, workspaceRoute } from "../route.ts";

const time = z.iso
  .datetime({ offset: true, error: "must be an ISO 8601 time such as 2026-01-31T12:00:00Z" })
  .transform((text) => Date.parse(text));

/** A name that nothing can have finds nothing. */
const name = z.string().max(100);

const filter = {
  trigger: name.optional().describe("Only executions of this trigger."),
  flow: name.optional().describe("Only executions of this flow."),
  status: executionStatus.optional().describe("Only executions with this status."),
  from: time.optional().describe("Only executions that arrived at this time or later."),
  to: time.optional().describe("Only executions that arrived at this time or earlier."),
};

const listQuery = pageQuery.extend(filter);

const bulkInput = z
  .strictObject({
    action: z.enum(["retry", "resubmit", "cancel"]).describe("What happens with each execution."),
    filter: z
      .strictObject(filter)
      .meta({ id: "ExecutionFilter" })
      .default({})
      .describe("Which executions; all of the workspace when it is empty."),
    dryRun: z.boolean().default(false).describe("Whether to count only."),
  })
  .meta({ id: "BulkInput" });

const bodyQuery = z.object({
  at: z.enum(["input"]).optional().describe("`input` for the message as it arrived; without it as it is now."),
});

const SUMMARIES = {
  retry: "Go on at the step that failed",
  cancel: "End an execution before its time",
} as const;

export const executionRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/executions",
    permission: "executions.read",
    summary: "List executions, newest first",
    query: listQuery,
    answers: { 200: pageOf(executionSummary) },
    handle: ({ context, workspace, query: { limit, cursor, ...filter } }) => {
      const wanted = { workspaceId: workspace.id, ...filter };
      return listShards(workspace, limit, cursor, (shard, before) =>
        shardStub(context.env, shard).list(wanted, before, limit),
      );
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/executions/:id",
    permission: "executions.read",
    summary: "Show an execution with its steps and logs",
    answers: { 200: executionDetail },
    handle: async (call) => {
      const address = locate(call);
      return address && (await address.stub.show(address.sequence, call.workspace.id));
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/executions/:id/message",
    permission: "executions.read",
    summary: "Get the message as it is now, or as it came",
    query: bodyQuery,
    answers: { 200: "*/*" },
    handle: async (call) => {
      const address = locate(call);
      const which = call.query.at ?? "message";
      const body = address && (await address.stub.body(address.sequence, call.workspace.id, which));
      return body && bodyResponse(call.context.env, body);
    },
  }),
  ...(["retry", "cancel"] as const).map((action) =>
    workspaceRoute({
      method: "POST",
      path: `/executions/:id/${action}`,
      permission: "executions.write",
      summary: SUMMARIES[action],
      answers: { 200: executionDetail },
      handle: async (call) => {
        const address = addressOf(call);
        if (!address) return null;
        const refused = await operate(call.context, call.workspace, address, action, call.actor);
        return refused ?? shardStub(call.context.env, address.shard).show(address.sequence, call.workspace.id);
      },
    }),
  ),
  workspaceRoute({
    method: "POST",
    path: "/executions/:id/resubmit",
    permission: "executions.write",
    summary: "Take the message up again as a new execution",
    answers: { 201: resubmitted },
    handle: async (call) => {
      const address = addressOf(call);
      const accepted = address && (await resubmit(call.context, call.workspace, address));
      if (!accepted || accepted instanceof Refusal) return accepted;
      const { executionId, seq } = accepted;
      return { id: executionId, executionId, seq };
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/executions/bulk",
    permission: "executions.write",
    summary: "Retry, resubmit or cancel all that match",
    answers: { 200: bulkDone },
    body: bulkInput,
    handle: ({ context, workspace, actor, body: { action, filter, dryRun } }) =>
      operateInBulk(context, workspace, action, filter, dryRun, actor),
  }),
];

function addressOf({ context, workspace, params }: WorkspaceCall<unknown, "id">) {
  return locateExecution(context.config.signingKeys, workspace, params.id);
}

function locate(call: WorkspaceCall<unknown, "id">) {
  const address = addressOf(call);
  return address && { sequence: address.sequence, stub: shardStub(call.context.env, address.shard) };
}
