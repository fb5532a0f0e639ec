import { z } from "zod";
import { Refusal } from "../../../core/refusal.ts";
import { callbackInput } from "../../../core/schema/callback.ts";
import { CALLBACK_STATUSES, callbackDetail, callbackSummary, callbackView } from "../../../core/schema/views.ts";
import { createCallback, listCallbacks, locateCallback } from "../../../services/callbacks.ts";
import { shardStub } from "../../../services/shards.ts";
import { bodyResponse } from "../../public/body-response.ts";
import { pageOf, pageQuery } from "../page.ts";
import { type WorkspaceCall, workspaceRoute } from "../route.ts";

const listQuery = pageQuery.extend({
  status: z.enum(CALLBACK_STATUSES).optional().describe("Only those with this status."),
});

const callNumber = z.coerce.number().int().positive();

export const callbackRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/callbacks",
    permission: "callbacks.write",
    summary: "Create a callback",
    answers: { 201: callbackView },
    body: callbackInput,
    handle: ({ context, workspace, url, body }) => createCallback(context, workspace, url.origin, body),
  }),
  workspaceRoute({
    method: "GET",
    path: "/callbacks",
    permission: "callbacks.read",
    summary: "List callbacks, newest first",
    query: listQuery,
    answers: { 200: pageOf(callbackSummary) },
    handle: async ({ context, workspace, query }) => {
      const list = await listCallbacks(context, workspace, query);
      if (list instanceof Refusal) return list;
      const { items, ...rest } = list;
      return { items: items.map(({ seq: _, ...callback }) => callback), ...rest };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/callbacks/:state",
    permission: "callbacks.read",
    summary: "Show a callback with its calls",
    answers: { 200: callbackDetail },
    handle: async (call) => {
      const at = locate(call);
      return at && (await at.stub.showCallback(at.sequence, call.workspace.id));
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/callbacks/:state",
    permission: "callbacks.write",
    summary: "Close a callback",
    answers: { 204: null },
    handle: async (call) => {
      const at = locate(call);
      const { id, retentionDays } = call.workspace;
      return at && (await at.stub.closeCallback(at.sequence, { id, retentionDays })) ? undefined : null;
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/callbacks/:state/calls/:number/body",
    permission: "callbacks.read",
    summary: "Get the body of a call",
    answers: { 200: "*/*" },
    handle: async (call) => {
      const at = locate(call);
      const number = callNumber.safeParse(call.params.number);
      const body = at && number.success && (await at.stub.callBody(at.sequence, call.workspace.id, number.data));
      return body ? bodyResponse(call.context.env, body) : null;
    },
  }),
];

function locate({ context, workspace, params }: WorkspaceCall<unknown, "state">) {
  const address = locateCallback(context.config.signingKeys, workspace, params.state);
  return address && { sequence: address.sequence, stub: shardStub(context.env, address.shard) };
}
